/// The routes whose requests are counted apart: each has a number, which stays its own in the configurations that follow.
struct RouteMeters: Sendable {
    /// What tells a route from others in metrics.
    struct Name: Hashable, Sendable {
        let listener: String
        let route: String
    }

    /// Of requests that were refused before a route was found.
    static var none: Int { 0 }
    /// Of all routes beyond the bound.
    static var other: Int { 1 }
    /// The numbers above.
    static var reserved: Int { 2 }

    /// By number.
    private(set) var names = [Name(listener: "", route: "none"), Name(listener: "", route: "other")]
    private var numbers: [Name: Int] = [:]

    /// The number of a route; a new one, or that of the others where there are too many.
    mutating func number(of route: String, on listener: String) -> Int {
        let name = Name(listener: listener, route: route)
        if let number = numbers[name] { return number }
        guard names.count < Limits.measuredRoutes + Self.reserved else { return Self.other }
        numbers[name] = names.count
        names.append(name)
        return names.count - 1
    }
}
