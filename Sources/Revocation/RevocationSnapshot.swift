public import DER
public import X509

/// Everything known of revocation at one moment, for all CAs: immutable, shared by all threads, replaced whole.
///
/// Asking takes no lock, allocates nothing, and costs one hash look-up for the CA and one probe of its index.
public final class RevocationSnapshot: Sendable {
    /// Counts up by one at each change.
    public let epoch: UInt64
    /// What is done with CRLs past their nextUpdate.
    public let staleness: StalenessPolicy

    /// The CRLs of one CA.
    public struct Authority: Sendable {
        /// The CA whose key verified them.
        public let certificate: Certificate
        /// One for each scope; mostly a single one.
        public let indexes: [RevocationIndex]
    }

    /// The CAs that have CRLs.
    public let authorities: [IssuerKey: Authority]

    /// Makes a snapshot of what is given.
    public init(epoch: UInt64, authorities: [IssuerKey: Authority], staleness: StalenessPolicy) {
        self.epoch = epoch
        self.authorities = authorities
        self.staleness = staleness
    }

    /// Knows nothing: everything is `unavailable`.
    public static var empty: RevocationSnapshot {
        RevocationSnapshot(epoch: 0, authorities: [:], staleness: .refuse)
    }

    /// What the CRLs say of a certificate at a moment.
    public func status(of subject: RevocationSubject, at moment: Timestamp) -> RevocationStatus {
        guard let authority = authorities[subject.issuer] else { return .unavailable }
        return status(of: subject, by: authority.indexes, at: moment)
    }

    /// What the CRLs of the issuer say of a certificate at a moment, for whoever asks once.
    public func status(
        of certificate: Certificate, issuedBy authority: Certificate, at moment: Timestamp
    ) -> RevocationStatus {
        status(of: RevocationSubject(certificate, issuedBy: authority), at: moment)
    }

    /// The other CAs of the same name that have CRLs.
    ///
    /// A CA that changed its key may sign the CRLs of its old
    /// certificates with the new one (RFC 5280 §6.3.3 (f)). The caller validates the path to such a CA before it asks
    /// with `status(of:listedBy:at:)`.
    public func authorities(named name: DistinguishedName) -> [Certificate] {
        authorities.values.map(\.certificate).filter { $0.subject == name }
    }

    /// What the CRLs of another key of the issuer say of a certificate.
    public func status(
        of subject: RevocationSubject, listedBy other: Certificate, at moment: Timestamp
    ) -> RevocationStatus {
        guard let authority = authorities[IssuerKey(of: other)] else { return .unavailable }
        return status(of: subject, by: authority.indexes, at: moment)
    }

    private func status(
        of subject: RevocationSubject, by indexes: [RevocationIndex], at moment: Timestamp
    ) -> RevocationStatus {
        // Reasons covered by CRLs that are current, by those within grace, and by all.
        var current: RevocationReasons = []
        var tolerated: RevocationReasons = []
        var known: RevocationReasons = []
        var newest: RevocationIndex?
        var stalest: RevocationIndex?
        for index in indexes {
            let reasons = index.scope.reasons(covering: subject)
            guard !reasons.isEmpty else { continue }
            if let record = index.record(of: subject.serial.octets.span) {
                return .revoked(record.reason, date: record.date, crlNumber: index.number)
            }
            guard index.thisUpdate <= moment.adding(seconds: RevocationLimits.clockSkew) else { continue }
            known.formUnion(reasons)
            let overdue = moment.seconds(since: index.nextUpdate)
            if overdue <= 0 { current.formUnion(reasons) }
            if overdue <= staleness.graceSeconds { tolerated.formUnion(reasons) }
            if newest.map({ $0.thisUpdate < index.thisUpdate }) ?? true { newest = index }
            if stalest.map({ index.nextUpdate < $0.nextUpdate }) ?? true { stalest = index }
        }
        guard known == .all, let newest, let stalest else { return .unavailable }
        guard current != .all else { return .good(crlNumber: newest.number) }
        return .stale(
            nextUpdate: stalest.nextUpdate, crlNumber: stalest.number, withinGrace: tolerated == .all)
    }
}
