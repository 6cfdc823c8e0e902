import DER
import Testing

@testable import Gateway

@Suite("What is watched for its end")
struct ExpiryListTests {
    private static let day: Int64 = 86_400
    private static let noon = Timestamp(secondsSinceEpoch: 1_800_000_000)

    static func thing(
        _ kind: ExpiringThing.Kind = .own, key: String = "k", validFor valid: Int64 = 365 * day, left: Int64
    ) -> ExpiringThing {
        let ends = noon.adding(seconds: left)
        return ExpiringThing(
            kind: kind, owner: "listener a", subject: "CN=a", serial: "01", begins: ends.adding(seconds: -valid),
            ends: ends, key: key)
    }

    @Test("has whole days left, and none on the day after its end")
    func days() {
        let cases: [(left: Int64, days: Int)] = [
            (0, 0), (1, 0), (Self.day - 1, 0), (Self.day, 1), (30 * Self.day + 5, 30), (-1, -1), (-Self.day, -1),
            (-Self.day - 1, -2),
        ]
        for (left, days) in cases { #expect(Self.thing(left: left).daysLeft(at: Self.noon) == days, "\(left)") }
    }

    @Test("is near its end from the threshold on, and has ended after its last second")
    func levels() {
        let list = ExpiryList([], at: Self.noon, threshold: 30 * Self.day)
        let cases: [(left: Int64, level: ExpiryLevel)] = [
            (30 * Self.day + 1, .fine), (30 * Self.day, .soon), (0, .soon), (-1, .expired),
        ]
        for (left, level) in cases { #expect(list.level(of: Self.thing(left: left)) == level, "\(left)") }
    }

    @Test("of a CRL is near in its last fifth: what is renewed each day is not always near its end")
    func lists() {
        let list = ExpiryList([], at: Self.noon, threshold: 30 * Self.day)
        func level(left: Int64) -> ExpiryLevel {
            list.level(of: Self.thing(.crl, validFor: 5 * Self.day, left: left))
        }
        #expect(level(left: 4 * Self.day) == .fine)
        #expect(level(left: Self.day) == .soon)
        #expect(level(left: -1) == .expired)
    }

    @Test("comes in the order of its end")
    func order() {
        let things = [Self.thing(key: "c", left: 30), Self.thing(key: "a", left: -5), Self.thing(key: "b", left: 30)]
        #expect(ExpiryList(things, at: Self.noon, threshold: 10).things.map(\.key) == ["a", "b", "c"])
    }

    @Test("is counted by kind and level")
    func counts() {
        let things = [
            Self.thing(key: "a", left: -5), Self.thing(key: "b", left: 5), Self.thing(.caller, key: "c", left: 5),
            Self.thing(key: "d", left: 50),
        ]
        let list = ExpiryList(things, at: Self.noon, threshold: 10)
        #expect(list.count(of: .own, .expired) == 1)
        #expect(list.count(of: .own, .soon) == 1)
        #expect(list.count(of: .own, .fine) == 1)
        #expect(list.count(of: .caller, .soon) == 1)
        #expect(list.count(of: .caller, .fine) == 0)
    }
}
