public import DER

/// What one CA revoked within one scope: a base, and perhaps a delta over it.
///
/// Immutable, exact, without the CRLs' bytes.
public final class RevocationIndex: Sendable {
    /// The base.
    public let base: RevocationListFacts
    /// The delta laid over it.
    public let delta: RevocationListFacts?

    let scope: RevocationScope
    let authorityKeyIdentifier: [UInt8]?
    private let baseSerials: RevokedSerials
    private let deltaSerials: RevokedSerials?

    /// One serial's revocation.
    public struct Record: Hashable, Sendable {
        /// The reason given.
        public let reason: RevocationReason
        /// Since when.
        public let date: Timestamp
    }

    /// Why a delta cannot be laid over a base.
    public enum DeltaMismatch: Error, Hashable, Sendable {
        /// It is a base.
        case notADelta
        /// Another scope or key than the base's.
        case otherScope
        /// It starts from a later base than this one.
        case baseTooOld(needs: CRLNumber, found: CRLNumber)
        /// The base has all that it says.
        case notNewerThanBase
    }

    /// Indexes a base.
    ///
    /// - Throws: `CRLError.numberMissing` for a delta, which says nothing alone.
    public init(base verified: VerifiedRevocationList) throws(CRLError) {
        guard !verified.list.isDelta else { throw .numberMissing }
        base = RevocationListFacts(verified.list)
        scope = verified.list.scope
        authorityKeyIdentifier = verified.list.authorityKeyIdentifier
        baseSerials = try RevokedSerials(of: verified.list)
        delta = nil
        deltaSerials = nil
    }

    private init(_ index: RevocationIndex, delta: RevocationListFacts, serials: RevokedSerials) {
        base = index.base
        scope = index.scope
        authorityKeyIdentifier = index.authorityKeyIdentifier
        baseSerials = index.baseSerials
        self.delta = delta
        deltaSerials = serials
    }

    /// Whether a delta may be laid over the base: RFC 5280 §5.2.4.
    func accepts(delta: CertificateRevocationList) throws(DeltaMismatch) {
        guard let baseNumber = delta.baseNumber else { throw .notADelta }
        guard delta.scope.encoded == scope.encoded, delta.authorityKeyIdentifier == authorityKeyIdentifier else {
            throw .otherScope
        }
        guard baseNumber <= base.number else { throw .baseTooOld(needs: baseNumber, found: base.number) }
        guard delta.number > base.number else { throw .notNewerThanBase }
    }

    /// The same base, not rebuilt, with a delta over it instead of the one it may have.
    ///
    /// The caller has the delta verified by the CA that the base was verified by.
    /// - Throws: `DeltaMismatch`.
    public func applying(delta verified: VerifiedRevocationList) throws(DeltaMismatch) -> RevocationIndex {
        try accepts(delta: verified.list)
        let serials: RevokedSerials
        do {
            serials = try RevokedSerials(of: verified.list)
        } catch {
            throw .notADelta
        }
        return RevocationIndex(self, delta: RevocationListFacts(verified.list), serials: serials)
    }

    /// Whether a serial is revoked, and why; the octets are those of its INTEGER.
    ///
    /// A delta's word on a serial stands before the base's. In a base, `removeFromCRL` has no meaning and the serial
    /// counts as revoked.
    public func record(of serial: Span<UInt8>) -> Record? {
        if let deltaSerials, let record = deltaSerials.record(of: serial) {
            return record.reason == .removeFromCRL ? nil : Record(record)
        }
        return baseSerials.record(of: serial).map(Record.init)
    }

    /// Octets of memory that the serials take.
    public var byteCount: Int { baseSerials.byteCount + (deltaSerials?.byteCount ?? 0) }

    /// The number of the newest CRL in it.
    public var number: CRLNumber { delta?.number ?? base.number }

    /// When the newest CRL in it was issued.
    public var thisUpdate: Timestamp { delta?.thisUpdate ?? base.thisUpdate }

    /// Until when it may be relied on: a current delta makes an old base current (RFC 5280 §6.3.3 (a)).
    public var nextUpdate: Timestamp { max(base.nextUpdate, delta?.nextUpdate ?? base.nextUpdate) }
}

extension RevocationIndex.Record {
    init(_ record: SerialTable.Record) {
        self.init(reason: record.reason, date: Timestamp(secondsSinceEpoch: record.date))
    }
}
