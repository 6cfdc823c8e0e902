internal import Configuration

/// What limits have counted, by the place in the configuration that sets them: a reload that leaves a limit as it is
/// leaves its counts as they are, so that no caller gains by it.
struct KeptLimits: Sendable {
    private struct Place: Hashable, Sendable {
        let listener: String
        let host: RouteConfiguration.Host
        let path: String
        let methods: [String]
    }

    private var rates: [Place: RateLimit] = [:]
    private var counts: [Place: CountTable] = [:]

    /// The limits of a route, its counts taken over from `previous` where they say the same thing.
    mutating func limits(
        of route: RouteConfiguration, on listener: String, previous: KeptLimits
    ) -> RouteLimits {
        let place = Place(listener: listener, host: route.host, path: route.path, methods: route.methods)
        var limits = RouteLimits()
        if let configuration = route.rateLimit {
            let old = previous.rates[place]
            let rate = old?.configuration == configuration ? old : nil
            limits.rate = rate ?? RateLimit(configuration)
            rates[place] = limits.rate
        }
        if let configuration = route.concurrency {
            // What is in hand is in hand, whatever the number was when it began.
            let table = previous.counts[place] ?? CountTable(places: Limits.concurrencyPlaces)
            limits.concurrency = ConcurrencyLimit(configuration, table: table)
            counts[place] = table
        }
        return limits
    }
}

/// How much of a route each of its callers may use.
struct RouteLimits: Sendable {
    var rate: RateLimit?
    var concurrency: ConcurrencyLimit?

    static let none = RouteLimits()
}
