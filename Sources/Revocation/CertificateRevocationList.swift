public import Crypto
public import DER
public import X509

/// A CRL as RFC 5280 §5.1 lays it down, base or delta: read strictly and whole, its signature not yet verified.
///
/// It keeps its bytes; an index made of it does not. Ranges are into `der`.
public final class CertificateRevocationList: Sendable {
    /// The bytes of the CRL.
    public let der: [UInt8]
    /// The digest of the bytes.
    public let digest: SHA256Digest
    /// The name of the CA, compared as encoded.
    public let issuer: DistinguishedName
    /// When it was issued.
    public let thisUpdate: Timestamp
    /// By when the next one will have been issued.
    public let nextUpdate: Timestamp
    /// Its cRLNumber.
    public let number: CRLNumber
    /// In a delta, the number of the base that it starts from; nil in a base.
    public let baseNumber: CRLNumber?
    /// The keyIdentifier of the authorityKeyIdentifier.
    public let authorityKeyIdentifier: [UInt8]?
    /// Whether it says, by a freshestCRL extension, that deltas to it are published.
    public let announcesDeltas: Bool
    /// How many entries it has.
    public let count: Int

    let tbs: Range<Int>
    let algorithm: Range<Int>
    let signature: Range<Int>
    let scope: RevocationScope
    /// Where the entries lie.
    let entries: Range<Int>
    /// By length of the serial number.
    let tallies: [SerialTally]

    /// Whether it is a delta.
    public var isDelta: Bool { baseNumber != nil }

    /// Reads a CRL in DER, every entry included.
    ///
    /// - Throws: `CRLError` for whatever is not exactly one CRL that can be relied on.
    public convenience init(
        der: [UInt8], maximumSize: Int = RevocationLimits.revocationListSize
    ) throws(CRLError) {
        guard der.count <= maximumSize else { throw .tooLarge(limit: maximumSize) }
        try self.init(der: der, digest: SHA256.digest(of: der.span))
    }

    /// Reads a CRL whose bytes were digested before.
    init(der: [UInt8], digest: SHA256Digest) throws(CRLError) {
        try RevocationListFile.recognise(der.span)
        let fields = try RevocationListFields(reading: der.span)

        var tallies = [SerialTally](repeating: SerialTally(), count: RevocationLimits.serialOctets + 1)
        var count = 0
        var cursor = RevokedEntryCursor(fields.entries)
        while let entry = try cursor.next(in: der.span) {
            tallies[entry.serial.count].add(entry, in: der.span)
            count += 1
        }

        self.der = der
        self.digest = digest
        issuer = fields.issuer
        thisUpdate = fields.thisUpdate
        nextUpdate = fields.nextUpdate
        number = fields.extensions.number
        baseNumber = fields.extensions.baseNumber
        authorityKeyIdentifier = fields.extensions.authorityKeyIdentifier
        announcesDeltas = fields.extensions.announcesDeltas
        self.count = count
        tbs = fields.tbs
        algorithm = fields.algorithm
        signature = fields.signature
        scope = fields.extensions.scope
        entries = fields.entries
        self.tallies = tallies
    }

    /// Verifies that a CA issued this CRL: names, key identifier, keyUsage, then the signature, over the bytes as read.
    ///
    /// Whether the CA itself is trusted is the caller's to know.
    /// - Throws: `CRLError`, one of its last six cases.
    public func verified(by authority: Certificate) throws(CRLError) -> VerifiedRevocationList {
        try VerifiedRevocationList(self, by: authority)
    }
}
