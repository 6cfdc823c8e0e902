import DER
import Fetching
import Testing
import X509

@testable import Revocation

@Suite("How sources stood")
struct SourceRecordTests {
    @Test("what is written is what is read, on one line whatever a failure says")
    func line() throws {
        let authority = try TestAuthority()
        let source = try #require(RevocationSource("http://127.0.0.1/a.crl"))
        var report = RevocationReport.Source(authority: authority.certificate, isDelta: true, source: source)
        report.lastAttempt = Timestamp(secondsSinceEpoch: 1_000)
        report.failure = .transfer(.network("first\nsecond\tthird"))
        let record = SourceRecord(report, nextAttempt: Timestamp(secondsSinceEpoch: 2_000))
        #expect(!record.line.contains("\n"))
        let read = try #require(SourceRecord(line: Substring(record.line)))
        #expect(read.isAbout(report) && read.isDelta && read.lastSuccess == nil)
        #expect(read.lastAttempt == report.lastAttempt && read.nextAttempt?.secondsSinceEpoch == 2_000)
        #expect(read.failure == "first second third")
        report = RevocationReport.Source(authority: authority.certificate, isDelta: false, source: source)
        #expect(!read.isAbout(report))
    }

    @Test("what is none is passed over", arguments: ["", "a\tb", "zz\tbase\thttp://a\t-\t-\t-\t-", "\t\t\t\t\t\t"])
    func rubbish(_ line: String) {
        #expect(SourceRecord(line: Substring(line)) == nil)
    }
}
