public import Crypto
public import DER

/// What is kept of a CRL once its serials are indexed.
public struct RevocationListFacts: Hashable, Sendable {
    /// Its cRLNumber.
    public let number: CRLNumber
    /// In a delta, the number of the base it starts from.
    public let baseNumber: CRLNumber?
    /// When it was issued.
    public let thisUpdate: Timestamp
    /// By when the next one will have been issued.
    public let nextUpdate: Timestamp
    /// How many entries it has.
    public let count: Int
    /// Octets of its DER.
    public let size: Int
    /// The digest of its DER.
    public let digest: SHA256Digest
    /// Whether it says that deltas to it are published.
    public let announcesDeltas: Bool

    init(_ list: CertificateRevocationList) {
        number = list.number
        baseNumber = list.baseNumber
        thisUpdate = list.thisUpdate
        nextUpdate = list.nextUpdate
        count = list.count
        size = list.der.count
        digest = list.digest
        announcesDeltas = list.announcesDeltas
    }
}
