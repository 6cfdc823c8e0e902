internal import Observability

/// Requests by route, status and structure, and how long they took.
///
/// Rows of counters in flat arrays, whose numbers the configuration's epoch has ready: counting a request looks nothing up.
struct RequestMetrics: Sendable {
    /// A row of ``StatusMeter/places`` for each route.
    private(set) var statuses: [Counter]
    /// One for each route.
    private(set) var durations: [Histogram]
    /// A row of ``StatusMeter/classes`` for each structure.
    private(set) var structures: [Counter]
    /// Bytes of bodies.
    private(set) var bytesReceived = Counter()
    private(set) var bytesSent = Counter()

    init() {
        statuses = []
        durations = []
        structures = Array(repeating: Counter(), count: StatusMeter.classes * StructureMeters.places)
        makeRoom(forRoutes: RouteMeters.reserved)
    }

    /// Has a row for each of so many routes.
    mutating func makeRoom(forRoutes count: Int) {
        while durations.count < count {
            durations.append(Histogram())
            statuses.append(contentsOf: repeatElement(Counter(), count: StatusMeter.places))
        }
    }

    mutating func record(
        status: UInt16, nanoseconds: UInt64, route: Int = RouteMeters.none, structure: Int = StructureMeters.none,
        received: UInt64 = 0, sent: UInt64 = 0
    ) {
        let place = StatusMeter.place(of: status)
        let row = durations.indices.contains(route) ? route : RouteMeters.other
        statuses[row * StatusMeter.places + place].increment()
        durations[row].record(nanoseconds: nanoseconds)
        let column = StatusMeter.statusClass(at: place)
        structures[structure * StatusMeter.classes + column].increment()
        bytesReceived.increment(by: received)
        bytesSent.increment(by: sent)
    }

    /// Requests by the class of their status, whatever the route.
    var byClass: [Counter] {
        var sums = [Counter](repeating: Counter(), count: StatusMeter.classes)
        for (index, counter) in statuses.enumerated() {
            sums[StatusMeter.statusClass(at: index % StatusMeter.places)] += counter
        }
        return sums
    }
}
