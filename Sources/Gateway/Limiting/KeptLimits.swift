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
    private var connections: [String: ConnectionTables] = [:]

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
            limits.concurrency = CountLimit(
                configuration.requests, by: LimitSubject(configuration.key), table: table)
            counts[place] = table
        }
        return limits
    }

    private struct ConnectionTables: Sendable {
        let byAddress: CountTable
        let byStructure: CountTable
    }

    /// The limits of a listener's connections; what was counted goes on whatever the numbers are now.
    mutating func connections(of listener: ListenerConfiguration, previous: KeptLimits) -> ConnectionLimits {
        guard listener.maxConnectionsPerAddress != nil || listener.maxConnectionsPerStructure != nil else {
            return .none
        }
        let tables =
            previous.connections[listener.name]
            ?? ConnectionTables(
                byAddress: CountTable(places: Limits.concurrencyPlaces),
                byStructure: CountTable(places: Limits.concurrencyPlaces))
        connections[listener.name] = tables
        return ConnectionLimits(
            perAddress: listener.maxConnectionsPerAddress.map {
                CountLimit($0, by: .address, table: tables.byAddress)
            },
            perStructure: listener.maxConnectionsPerStructure.map {
                CountLimit($0, by: .structure, table: tables.byStructure)
            })
    }
}

/// How many connections of a listener each address, and each structure, may have open.
struct ConnectionLimits: Sendable {
    var perAddress: CountLimit?
    var perStructure: CountLimit?

    static let none = ConnectionLimits()
}

/// How much of a route each of its callers may use.
struct RouteLimits: Sendable {
    var rate: RateLimit?
    var concurrency: CountLimit?

    static let none = RouteLimits()
}
