internal import Crypto
public import DER

/// How one source stood when whoever keeps the CRLs last asked: kept beside them, for commands that look from outside.
public struct SourceRecord: Hashable, Sendable {
    /// The CA.
    public let key: IssuerKey
    /// Whether it is one of deltas.
    public let isDelta: Bool
    /// Where it is, as `RevocationSource` writes it.
    public let source: String
    /// When it was last asked.
    public let lastAttempt: Timestamp?
    /// When it last served a CRL that was taken, or confirmed it.
    public let lastSuccess: Timestamp?
    /// When the next round of this CRL's sources begins; nil when nobody will begin one.
    public let nextAttempt: Timestamp?
    /// What went wrong last time, in words; nil when nothing did.
    public let failure: String?

    /// Whether it is of a source.
    public func isAbout(_ other: RevocationReport.Source) -> Bool {
        source == "\(other.source)" && isDelta == other.isDelta && key == IssuerKey(of: other.authority)
    }

    init(_ report: RevocationReport.Source, nextAttempt: Timestamp?) {
        key = IssuerKey(of: report.authority)
        isDelta = report.isDelta
        source = "\(report.source)"
        lastAttempt = report.lastAttempt
        lastSuccess = report.lastSuccess
        self.nextAttempt = nextAttempt
        failure = report.failure.map { "\($0)" }
    }

    /// A line: seven fields parted by tabs, `-` for what there is not.
    var line: String {
        let times = [lastAttempt, lastSuccess, nextAttempt].map { $0?.rfc3339 ?? "-" }
        let words = failure.map { String($0.map { $0.isNewline || $0 == "\t" ? " " : $0 }) } ?? "-"
        return ([key.digest.hex, isDelta ? "delta" : "base", source] + times + [words]).joined(separator: "\t")
    }

    /// Reads a line; nil for one that is none.
    init?(line: Substring) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 7, let digest = SHA256Digest(hex: String(fields[0])) else { return nil }
        key = IssuerKey(digest: digest)
        isDelta = fields[1] == "delta"
        source = String(fields[2])
        lastAttempt = Timestamp(rfc3339: String(fields[3]))
        lastSuccess = Timestamp(rfc3339: String(fields[4]))
        nextAttempt = Timestamp(rfc3339: String(fields[5]))
        failure = fields[6] == "-" ? nil : String(fields[6])
    }
}
