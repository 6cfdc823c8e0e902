import DER
import Testing

@testable import Gateway

@Suite("Warnings of what ends")
struct ExpiryWarningTests {
    private static let day: Int64 = 86_400
    private static let noon = Timestamp(secondsSinceEpoch: 1_800_000_000)
    private static let end = noon.adding(seconds: 100 * day)

    private static func thing(_ key: String = "k", ends: Timestamp = end, validFor days: Int64 = 365) -> ExpiringThing {
        ExpiringThing(
            kind: .own, owner: "listener a", subject: "CN=a", serial: "01",
            begins: ends.adding(seconds: -days * day), ends: ends, key: key)
    }

    /// The steps that are due when a thing is looked at so many seconds before its end, one look after the other.
    private static func steps(_ looks: [Int64], _ warnings: inout ExpiryWarnings) -> [Int?] {
        looks.map { left in
            let list = ExpiryList([thing()], at: end.adding(seconds: -left), threshold: 0)
            return warnings.due(of: list, limit: 9).due.first?.1.rawValue
        }
    }

    @Test("are due once at each step, however often one looks")
    func steps() {
        var warnings = ExpiryWarnings()
        let looks = [61, 60, 59, 31, 30, 30, 15, 14, 7, 2, 1, 1, 0].map { $0 * Self.day } + [-1, -Self.day]
        #expect(
            Self.steps(looks, &warnings)
                == [nil, 60, nil, nil, 30, nil, 15, nil, 7, nil, 1, nil, nil, 0, nil])
    }

    @Test("are due for the nearest step alone where others were passed unseen")
    func skipped() {
        var warnings = ExpiryWarnings()
        #expect(Self.steps([5 * Self.day, 5 * Self.day, -1], &warnings) == [7, nil, 0])
    }

    @Test("are not due again after a restart")
    func restarted() throws {
        var warnings = ExpiryWarnings()
        #expect(Self.steps([29 * Self.day], &warnings) == [30])
        var next = ExpiryWarnings(try ExpiryFile(ExpiryFile(given: warnings.given).bytes).given)
        #expect(Self.steps([29 * Self.day, 15 * Self.day], &next) == [nil, 15])
    }

    @Test("are due again when the clock was far ahead and is set back, not when it trembles")
    func clock() {
        var warnings = ExpiryWarnings()
        let looks: [Int64] = [7 * Self.day, 7 * Self.day + 5, 7 * Self.day, -1, 50 * Self.day, 29 * Self.day]
        #expect(Self.steps(looks, &warnings) == [7, nil, nil, 0, nil, 30])
    }

    @Test("begin anew for what was renewed, and end for what is gone")
    func renewed() {
        var warnings = ExpiryWarnings()
        func due(_ things: [ExpiringThing]) -> [Int] {
            warnings.due(of: ExpiryList(things, at: Self.noon, threshold: 0), limit: 9).due.map(\.1.rawValue)
        }
        let near = Self.thing(ends: Self.noon.adding(seconds: 6 * Self.day))
        #expect(due([near]) == [7])
        #expect(due([Self.thing()]) == [])
        #expect(due([Self.thing(ends: Self.noon.adding(seconds: 5 * Self.day))]) == [7])
        #expect(due([]) == [])
        #expect(warnings.given == [:])
    }

    @Test("have no step of more than a fifth of what the thing was valid for")
    func short() {
        func step(left: Int64, of days: Int64) -> Int? {
            ExpiryStep(
                of: Self.thing(validFor: days), at: Self.end.adding(seconds: -left * Self.day))?.rawValue
        }
        #expect(step(left: 5, of: 6) == nil)
        #expect(step(left: 1, of: 6) == 1)
        #expect(step(left: 1, of: 4) == nil)
        #expect(step(left: 30, of: 90) == nil)
        #expect(step(left: 15, of: 90) == 15)
        #expect(step(left: -1, of: 1) == 0)
    }

    @Test("of one look are no more than its limit; the others follow")
    func limit() {
        var warnings = ExpiryWarnings()
        let things = (0..<5).map { Self.thing("\($0)", ends: Self.noon.adding(seconds: Self.day)) }
        let list = ExpiryList(things, at: Self.noon, threshold: 0)
        #expect([2, 2, 2, 2].map { warnings.due(of: list, limit: $0).due.count } == [2, 2, 1, 0])
    }
}
