/// The places of statuses in a row of counters: those that are in use each have one, the others share one of their class.
enum StatusMeter {
    /// The statuses that have a place of their own, behind those of the classes.
    private static let known: [UInt16] = [
        101, 200, 201, 202, 204, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409, 410,
        411,
        412, 413, 414, 415, 416, 417, 421, 422, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 505, 507,
        511,
    ]

    /// Classes of statuses, and first what is no status: the caller went before there was one.
    static var classes: Int { 6 }

    /// Places of a row.
    static let places = classes + known.count

    private static let placeOf: [UInt8] = {
        var places = [UInt8](repeating: 0, count: 600)
        for status in 100..<600 { places[status] = UInt8(status / 100) }
        for (index, status) in known.enumerated() { places[Int(status)] = UInt8(classes + index) }
        return places
    }()

    /// The place of a status.
    static func place(of status: UInt16) -> Int {
        status < 600 ? Int(placeOf[Int(status)]) : 0
    }

    /// The class of what is counted at a place; 0 for none.
    static func statusClass(at place: Int) -> Int {
        place < classes ? place : Int(known[place - classes]) / 100
    }

    /// A place as a label: `404`, or `4xx` for the others of the class.
    static func label(of place: Int) -> String {
        place < classes ? classLabel(place) : "\(known[place - classes])"
    }

    /// A class as a label.
    static func classLabel(_ number: Int) -> String { number == 0 ? "none" : "\(number)xx" }
}
