import Testing

@testable import Revocation

@Suite("When which source is asked")
struct RefreshScheduleTests {
    private func pace(_ configure: (inout RefreshSchedule.Pace) -> Void = { _ in }) -> RefreshSchedule.Pace {
        var pace = RefreshSchedule.Pace(refreshSeconds: 3600)
        configure(&pace)
        return pace
    }

    /// A random number that spreads nothing.
    private func middle(_ interval: Int64) -> UInt64 { UInt64(interval / 10) }

    @Test("without sources, never")
    func none() {
        var schedule = RefreshSchedule(sources: 0, pace: pace())
        #expect(schedule.next(at: 0) == nil)
        #expect(schedule.wakesAt == .max)
        schedule.hasten()
        #expect(schedule.next(at: .max) == nil)
    }

    @Test("at once, then one at a time, then after the interval")
    func interval() {
        var schedule = RefreshSchedule(sources: 2, pace: pace())
        #expect(schedule.next(at: 0) == 0)
        #expect(schedule.next(at: 0) == nil)
        #expect(schedule.wakesAt == nil)
        schedule.succeeded(at: 100, validityLeft: nil, random: middle(3_600_000))
        #expect(schedule.wakesAt == 3_600_100)
        #expect(schedule.next(at: 3_600_099) == nil)
        #expect(schedule.next(at: 3_600_100) == 0)
    }

    @Test("the interval is a tenth more or less", arguments: [0, 1, 77_777, 719_999, .max] as [UInt64])
    func jitter(_ random: UInt64) {
        var schedule = RefreshSchedule(sources: 1, pace: pace())
        _ = schedule.next(at: 0)
        schedule.succeeded(at: 0, validityLeft: nil, random: random)
        let wakes = schedule.wakesAt ?? 0
        #expect((3_240_000..<3_960_000).contains(wakes))
    }

    @Test(
        "near nextUpdate it is sooner, but not below a minute",
        arguments: [
            (86_400_000, 3_600_000), (4_000_000, 1_000_000), (400_000, 100_000), (40_000, 60_000), (1, 60_000),
        ] as [(Int64, Int64)])
    func near(_ left: Int64, _ expected: Int64) {
        var schedule = RefreshSchedule(sources: 1, pace: pace())
        _ = schedule.next(at: 0)
        schedule.succeeded(at: 0, validityLeft: left, random: middle(expected))
        #expect(schedule.wakesAt == expected)
    }

    @Test("when a source fails the next one is tried at once")
    func order() {
        var schedule = RefreshSchedule(sources: 3, pace: pace())
        #expect(schedule.next(at: 0) == 0)
        schedule.failed(at: 10, random: middle(30_000))
        #expect(schedule.next(at: 10) == 1)
        schedule.failed(at: 20, random: middle(30_000))
        #expect(schedule.next(at: 20) == 2)
        schedule.failed(at: 30, random: middle(30_000))
        // All failed: the first may be tried again first.
        #expect(schedule.next(at: 30) == nil)
        #expect(schedule.wakesAt == 30_010)
        #expect(schedule.next(at: 30_010) == 0)
    }

    @Test("a source that goes on failing is asked ever more rarely, up to the ceiling")
    func backOff() {
        var schedule = RefreshSchedule(sources: 1, pace: pace())
        var now: Int64 = 0
        var delays: [Int64] = []
        for _ in 0..<40 {
            #expect(schedule.next(at: now) == 0)
            let expected = min(3_600_000, delays.last.map { $0 * 2 } ?? 30_000)
            let retry = schedule.failed(at: now, random: middle(expected))
            delays.append(retry - now)
            #expect(schedule.next(at: now) == nil)
            now = retry
        }
        #expect(delays.prefix(4) == [30_000, 60_000, 120_000, 240_000])
        #expect(delays.suffix(20) == [Int64](repeating: 3_600_000, count: 20)[...])
        #expect(schedule.next(at: now) == 0)
        schedule.succeeded(at: now, validityLeft: nil, random: 0)
        now = schedule.wakesAt ?? 0
        #expect(schedule.next(at: now) == 0)
        #expect(schedule.failed(at: now, random: middle(30_000)) == now + 30_000)
    }

    @Test("a source that failed is left alone while another serves, and then tried first again")
    func recovery() {
        var schedule = RefreshSchedule(
            sources: 2,
            pace: pace {
                $0.refresh = 60_000
                $0.firstRetry = 100_000
            })
        _ = schedule.next(at: 0)
        schedule.failed(at: 0, random: middle(100_000))
        #expect(schedule.next(at: 0) == 1)
        schedule.succeeded(at: 0, validityLeft: nil, random: middle(60_000))
        #expect(schedule.next(at: 60_000) == 1)
        schedule.succeeded(at: 60_000, validityLeft: nil, random: middle(60_000))
        #expect(schedule.next(at: 120_000) == 0)
    }

    @Test("asked to hasten, it forgets failures and begins a round, but never a second fetch beside the first")
    func hasten() {
        var schedule = RefreshSchedule(sources: 1, pace: pace())
        _ = schedule.next(at: 0)
        schedule.hasten()
        #expect(schedule.next(at: 0) == nil)
        schedule.failed(at: 0, random: 0)
        #expect(schedule.next(at: 0) == nil)
        schedule.hasten()
        #expect(schedule.next(at: 0) == 0)
    }

    @Test("urged, it begins a round at once, yet never beside a fetch and never before a failed source may be tried")
    func urge() {
        var schedule = RefreshSchedule(sources: 1, pace: pace())
        _ = schedule.next(at: 0)
        schedule.urge()
        #expect(schedule.next(at: 0) == nil)
        schedule.succeeded(at: 0, validityLeft: nil, random: 0)
        schedule.urge()
        #expect(schedule.wakesAt == .min)
        #expect(schedule.next(at: 1) == 0)
        schedule.failed(at: 1, random: middle(30_000))
        schedule.urge()
        #expect(schedule.next(at: 1) == nil)
        #expect(schedule.wakesAt == 30_001)
    }

    @Test("while an awaited CRL does not come, rounds follow ever more rarely, whoever urges")
    func awaited() {
        var schedule = RefreshSchedule(sources: 1, pace: pace())
        var now: Int64 = 0
        var pauses: [Int64] = []
        for round in 0..<8 {
            #expect(schedule.next(at: now) == 0)
            let expected: Int64 = min(3_600_000, 60_000 << round)
            schedule.succeeded(at: now, validityLeft: nil, isAwaited: true, random: middle(expected))
            schedule.urge()
            #expect(schedule.next(at: now) == nil)
            pauses.append((schedule.wakesAt ?? 0) - now)
            now = schedule.wakesAt ?? 0
        }
        #expect(pauses == [60_000, 120_000, 240_000, 480_000, 960_000, 1_920_000, 3_600_000, 3_600_000])
        // It has come: the pauses are as before, and the next urging is heard.
        _ = schedule.next(at: now)
        schedule.succeeded(at: now, validityLeft: nil, random: middle(3_600_000))
        #expect(schedule.wakesAt == now + 3_600_000)
        schedule.urge()
        #expect(schedule.next(at: now) == 0)
    }

    @Test("an outcome that nobody waits for changes nothing")
    func stray() {
        var schedule = RefreshSchedule(sources: 1, pace: pace())
        schedule.succeeded(at: 0, validityLeft: nil, random: 0)
        #expect(schedule.failed(at: 7, random: 0) == 7)
        #expect(schedule.next(at: 0) == 0)
    }
}

@Suite("Sources and what they answer")
struct SourceTests {
    @Test(
        "URLs are read by their scheme",
        arguments: [
            ("http://a.example/x.crl", RevocationSource.http("http://a.example/x.crl")),
            ("HTTPS://a.example/", .http("HTTPS://a.example/")),
            ("ldap://a.example/cn=x?crl?base", .ldap("ldap://a.example/cn=x?crl?base")),
            ("ldaps://a.example/", .ldap("ldaps://a.example/")), ("file:crl/x.crl", .file("crl/x.crl")),
            ("file:/crl/x.crl", .file("/crl/x.crl")), ("file:///crl/x.crl", .file("/crl/x.crl")),
            ("ftp://a.example/x", nil), ("http:", nil), ("http://", nil), ("x.crl", nil), ("", nil),
            ("file://host/x", nil), ("file:", nil), ("http://a.example/x y", nil), ("http://a.example/\n", nil),
        ] as [(String, RevocationSource?)])
    func urls(_ url: String, _ expected: RevocationSource?) {
        #expect(RevocationSource(url) == expected)
    }

    @Test("CRLs are found in the text that libcurl makes of an LDAP entry")
    func ldap() {
        let text =
            "DN: cn=AC,c=FR\n\tcn: AC\n\tcACertificate;binary:: AAAA\n"
            + "\tcertificateRevocationList;binary:: MAA=\n\tDeltaRevocationList;binary:: MAECAw==\r\n\n"
        #expect(LDAPAnswer.lists(in: Array(text.utf8)) == [[0x30, 0], [0x30, 1, 2, 3]].map { $0 as [UInt8] })
        #expect(LDAPAnswer.lists(in: Array("\tcertificateRevocationList: text\n".utf8)).isEmpty)
        #expect(LDAPAnswer.lists(in: Array("\tcertificateRevocationList;binary:: %%%%\n".utf8)).isEmpty)
        #expect(LDAPAnswer.lists(in: Array("DN: cn=AC\n\n".utf8)).isEmpty)
        #expect(LDAPAnswer.lists(in: []).isEmpty)
    }
}
