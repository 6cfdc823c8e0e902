import Observability
import TLS
import Testing

@testable import LoadTest

@Suite("The report of a load test")
struct LoadReportTests {
    /// A test of so many seconds in which each second has as many attempts as its number, one of them unexpected.
    private func timeline(seconds: Int) -> LoadTimeline {
        var timeline = LoadTimeline()
        for second in 0..<seconds {
            for attempt in 0...second {
                timeline.record(
                    after: UInt64(second) * 1_000_000_000, took: 1_000_000 * UInt64(attempt + 1),
                    isExpected: attempt > 0)
            }
        }
        return timeline
    }

    @Test("counts each second's attempts")
    func seconds() {
        let rows = timeline(seconds: 5).rows(of: 5)
        #expect(rows.map(\.attemptsPerSecond) == [1, 2, 3, 4, 5])
        #expect(rows.allSatisfy { $0.unexpectedPerSecond == 1 })
        #expect(rows.allSatisfy { $0.p50 <= $0.p99 })
        #expect(rows.last.map { abs($0.p99 - 5) < 0.2 } == true)
    }

    @Test("puts what ended just after the end to the second before, and judges a part of a second by its length")
    func stragglers() {
        let rows = timeline(seconds: 4).rows(of: 3.02)
        #expect(rows.map(\.second) == [0, 1, 2])
        #expect(abs((rows.last?.attemptsPerSecond ?? 0) - 7 / 1.02) < 1e-9)
        #expect(timeline(seconds: 4).rows(of: 3.5).last?.attemptsPerSecond == 8)
        #expect(LoadTimeline().rows(of: 1).isEmpty)
    }

    @Test("puts seconds together when there are too many, and loses none", arguments: [599, 600, 601, 1_500])
    func coarse(count: Int) {
        var timeline = LoadTimeline()
        for second in 0..<count { timeline.record(after: UInt64(second) * 1_000_000_000, took: 1, isExpected: true) }
        #expect(timeline.intervals.count <= LoadTimeline.mostIntervals)
        #expect(timeline.intervals.reduce(0) { $0 + $1.attempts } == count)
        #expect(timeline.intervals.count * timeline.width >= count)
        #expect(timeline.inAtMost(20).intervals.reduce(0) { $0 + $1.attempts } == count)
        #expect(timeline.inAtMost(20).intervals.count <= 20)
    }

    @Test("adds threads up, whatever the width of their intervals")
    func sum() {
        var long = LoadTimeline()
        long.record(after: 700 * 1_000_000_000, took: 1, isExpected: false)
        var sum = timeline(seconds: 4)
        sum += long
        #expect(sum.width == 2)
        #expect(sum.intervals.prefix(2).map(\.attempts) == [3, 7])
        #expect(sum.intervals.last?.unexpected == 1)
    }

    @Test("says loudly that a caller was admitted who should have been refused")
    func admitted() {
        var tally = LoadTally()
        tally.record(.status(200), of: .revoked)
        tally.record(.alert(.certificateRevoked), of: .revoked)
        let report = LoadReport(tally, seconds: 1)
        #expect(report.unexpected == 1)
        #expect(!report.isAsExpected)
        #expect(report.text.hasPrefix("  ADMITTED THOUGH TO BE REFUSED: 1 "))
        #expect(report.html(title: "t", setting: []).contains("ADMITTED THOUGH TO BE REFUSED"))
    }

    @Test("is not as it should be when a connection was lost that was to be held")
    func lost() {
        var tally = LoadTally()
        tally.record(.status(200), of: .full)
        tally.lostConnections = 1
        var report = LoadReport(tally, seconds: 1)
        #expect(report.isAsExpected)
        report.openingSeconds = 1
        #expect(!report.isAsExpected)
    }

    @Test("escapes every text that it is given, as a page")
    func escaped() {
        let text = "\"><script>alert('&')</script>\u{0}\u{1B}é"
        let page = LoadReport(LoadTally(), seconds: 0).html(title: text, setting: [(text, text)])
        #expect(!page.contains("<script"))
        #expect(!page.contains("\u{1B}"))
        #expect(page.components(of: "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;??é") == 4)
    }

    @Test("is a page that closes what it opens, whatever there is to report")
    func closed() {
        var tally = LoadTally()
        for second in 0..<3 {
            for (role, outcome) in [(CallerRole.full, LoadOutcome.status(200)), (.revoked, .status(200))] {
                tally.record(outcome, of: role)
                tally.timeline.record(after: UInt64(second) * 1_000_000_000, took: 5_000_000, isExpected: role == .full)
            }
            tally.whole.record(nanoseconds: 5_000_000)
            tally.connect.record(nanoseconds: 0)
        }
        for report in [LoadReport(LoadTally(), seconds: 0), LoadReport(tally, seconds: 2.5)] {
            let page = report.html(title: "t", setting: [])
            var open: [Substring] = []
            for tag in page.split(separator: "<").dropFirst() {
                let name = tag.prefix { $0 != " " && $0 != ">" }
                let inside = tag.prefix { $0 != ">" }
                if name.hasPrefix("!") || inside.hasSuffix("/") { continue }
                if name.hasPrefix("/") {
                    #expect(open.popLast() == name.dropFirst())
                } else {
                    open.append(name)
                }
            }
            #expect(open.isEmpty)
            #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("url("))
            #expect(!page.contains("nan") && !page.contains("inf"))
        }
    }
}

@Suite("The axis of a chart")
struct ChartAxisTests {
    @Test("names round numbers that reach beyond what is shown", arguments: [0.0, 0.0007, 0.3, 1, 7, 99, 12_345])
    func linear(greatest: Double) {
        let axis = ChartAxis.linear(upTo: greatest)
        #expect(axis.ticks.count >= 2 && axis.ticks.count <= 8)
        #expect(axis.position(of: 0) == 0)
        #expect((0...1).contains(axis.position(of: greatest)))
        #expect(axis.ticks.last.map { axis.position(of: $0.value) } == 1)
    }

    @Test("by factors holds both ends", arguments: [(0.0, 0.0), (0.2, 0.2), (0.1, 30.0), (3, 40_000)])
    func logarithmic(least: Double, greatest: Double) {
        let axis = ChartAxis.logarithmic(from: least, upTo: greatest)
        let ends = (axis.position(of: least), axis.position(of: greatest))
        #expect(ends.0 >= 0 && ends.1 <= 1 && ends.0 <= ends.1)
        #expect(axis.ticks.count >= 2 && axis.ticks.count <= 16)
    }
}

extension String {
    /// How often a text stands in it.
    fileprivate func components(of text: String) -> Int {
        ranges(of: text).count
    }
}
