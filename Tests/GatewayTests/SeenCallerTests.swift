import Crypto
import DER
import EventLoop
import TestPKI
import Testing
import Trust
import X509

@testable import Gateway

@Suite("The callers seen")
struct SeenCallerTests {
    private static let day: Int64 = 86_400
    private static let noon = TestAuthority.noon

    /// A caller of that number, with a certificate that ends so many days after noon.
    private static func caller(
        _ number: UInt8, subject: String = "CN=x", ends days: Int64 = 100, first: Int64 = 0, last: Int64 = 0
    ) throws -> SeenCaller {
        let digest = SHA256.digest(of: [number].span)
        let times =
            [noon.adding(seconds: first), noon.adding(seconds: last)] + [noon, noon.adding(seconds: days * day)]
        return try #require(
            SeenCaller(
                fields: [digest.hex] + times.map { "\($0.secondsSinceEpoch)" } + ["0a", "", "callers", subject]))
    }

    @Test("are noted with what their certificates say")
    func noted() throws {
        let peer = try TestAuthority().caller(NameTemplate(.france, .commonName("un\tdeux")))
        var callers = SeenCallers()
        callers.note([CallerNote(peer: peer, trust: "callers")], at: Self.noon)
        callers.note([CallerNote(peer: peer, trust: "callers")], at: Self.noon.adding(seconds: 5))
        let caller = try #require(callers.all.first)
        #expect(callers.count == 1)
        #expect((caller.firstSeen, caller.lastSeen) == (Self.noon, Self.noon.adding(seconds: 5)))
        let thing = try #require(callers.things.first)
        #expect((thing.kind, thing.owner, thing.subject) == (.caller, "trust callers", peer.subjectText))
        #expect(thing.ends == peer.leaf.notAfter)
        let file = ExpiryFile(callers: [caller])
        #expect(try ExpiryFile(file.bytes).callers == [caller])
    }

    @Test("are forgotten when they were not seen for 30 days, by a clock that may be set to either side")
    func forgotten() throws {
        for (last, isForgotten) in [(-29, false), (-31, true), (29, false), (31, true)] {
            var callers = SeenCallers()
            callers.restore([try Self.caller(1, last: Int64(last) * Self.day)])
            #expect(callers.forget(at: Self.noon) == isForgotten, "\(last)")
            #expect(callers.count == (isForgotten ? 0 : 1))
        }
    }

    @Test("are seen as long ago as before when the clock is set")
    func clockSet() throws {
        for jump in [-700, 700] as [Int64] {
            var callers = SeenCallers()
            callers.restore([try Self.caller(1, first: -40 * Self.day, last: -20 * Self.day)])
            callers.shift(bySeconds: jump * Self.day)
            let isForgottenSoon = callers.forget(at: Self.noon.adding(seconds: (jump + 9) * Self.day))
            let isForgotten = callers.forget(at: Self.noon.adding(seconds: (jump + 11) * Self.day))
            #expect(!isForgottenSoon && isForgotten)
        }
    }

    @Test("are bounded: those are forgotten whose certificates end last")
    func bounded() throws {
        var callers = SeenCallers(limit: 8)
        callers.restore(try (0..<9).map { try Self.caller($0, subject: "CN=\($0)", ends: 200 - Int64($0)) })
        #expect(callers.all.map(\.subject).sorted() == (2..<9).map { "CN=\($0)" })
    }

    @Test("are watched until a later certificate of the same name is in use and the old one is not")
    func replaced() throws {
        func watched(old last: Int64, new first: Int64, name: String = "CN=x") throws -> Int {
            var callers = SeenCallers()
            callers.restore([
                try Self.caller(1, ends: 5, first: -40 * Self.day, last: last),
                try Self.caller(2, subject: name, ends: 900, first: first, last: first),
            ])
            return callers.things.count
        }
        #expect(try watched(old: -3 * Self.day, new: -2 * Self.day) == 1)
        #expect(try watched(old: -2 * Self.day + 3_600, new: -2 * Self.day) == 1)
        #expect(try watched(old: 0, new: -2 * Self.day) == 2)
        #expect(try watched(old: -3 * Self.day, new: -2 * Self.day, name: "CN=y") == 2)
    }

    @Test("are read from a file only where all of it is understood")
    func badFiles() throws {
        let good = ExpiryFile(
            callers: [try Self.caller(1, subject: "CN=a\\b\tc\nd é")],
            given: ["own listener a\tb": .init(step: .sevenDays, ends: Self.noon)])
        let bytes = good.bytes
        let read = try ExpiryFile(bytes)
        #expect(read.callers == good.callers)
        #expect(read.given == good.given)
        // Whatever is cut off its end, and whichever byte is another, it is refused or read, and never a trap.
        for count in 0..<bytes.count {
            #expect(throws: ExpiryFile.Fault.self) { try ExpiryFile(Array(bytes[..<count])) }
        }
        for index in bytes.indices {
            for byte in [0, 9, 10, 45, 57, 92, 255] as [UInt8] {
                var changed = bytes
                changed[index] = byte
                _ = try? ExpiryFile(changed)
            }
        }
        let cases: [(String, ExpiryFile.Fault)] = [
            ("", .notOfThisForm), ("poterne-expiries 2\nend 0\n", .notOfThisForm), ("poterne-expiries 1\n", .cut),
            ("poterne-expiries 1\nend 1\n", .cut), ("poterne-expiries 1\nnonsense\nend 1\n", .line(2)),
            ("poterne-expiries 1\ncaller\tx\nend 1\n", .line(2)),
            ("poterne-expiries 1\ngiven\t8\t0\tx\nend 1\n", .line(2)),
        ]
        for (text, fault) in cases { #expect(throws: fault) { try ExpiryFile(Array(text.utf8)) } }
    }

    @Test("are told of by a worker at most once an hour, and never more than fit")
    func notes() throws {
        let authority = try TestAuthority()
        let peer = try authority.caller(NameTemplate(.france, .commonName("un")))
        let start = MonotonicTime(nanoseconds: 1_000_000_000)
        var notes = CallerNotes()
        for seconds in [0, 1, 3_599, 3_600, 3_601, 7_200] {
            notes.note(peer, under: try authority.trust(), at: start + .seconds(seconds))
        }
        #expect(notes.take().map(\.trust) == ["essai", "essai", "essai"])
        #expect(notes.take().isEmpty)
        var full = CallerNotes()
        let first = try authority.caller(NameTemplate(.france, .commonName("first")))
        for hour in 0..<Limits.callerNotes { full.note(first, under: nil, at: start + .seconds(3_600 * hour)) }
        full.note(peer, under: nil, at: start)
        #expect(full.take().count == Limits.callerNotes)
        // Who found no room is not forgotten for an hour.
        full.note(peer, under: nil, at: start)
        #expect(full.take().map(\.peer.thumbprint) == [peer.thumbprint])
    }
}
