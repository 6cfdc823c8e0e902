import Foundation
import Testing

/// A condition that did not come true in time.
struct NotInTime: Error, CustomStringConvertible {
    let description: String
}

/// Waits until `condition` gives a value: looks at what can be observed again and again, for a bounded time.
///
/// The time is no assertion: it only bounds how long a broken product can hold up the tests.
@discardableResult
func eventually<Value>(
    _ what: String, within seconds: Double = 20, _ condition: () throws -> Value?
) throws -> Value {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
        if let value = try condition() { return value }
        guard ContinuousClock.now < deadline else { throw NotInTime(description: "not in \(seconds) s: \(what)") }
        usleep(3_000)
    }
}

/// Waits until `condition` is true.
func eventually(_ what: String, within seconds: Double = 20, _ condition: () throws -> Bool) throws {
    try eventually(what, within: seconds) { try condition() ? true : nil }
}
