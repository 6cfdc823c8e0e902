public import Crypto
public import DER

/// A CRL to be written, with every field open to be wrong.
public struct RevocationListTemplate: Sendable {
    /// A revoked certificate.
    public struct Entry: Hashable, Sendable {
        /// The content octets of its serial number.
        public var serial: [UInt8]
        /// When it was revoked.
        public var date: Timestamp
        /// The reason code (RFC 5280 §5.3.1), if it is told: IGC-Santé tells none.
        public var reason: Int?

        /// Describes a revoked certificate.
        public init(serial: [UInt8], date: Timestamp, reason: Int? = nil) {
            self.serial = serial
            self.date = date
            self.reason = reason
        }
    }

    /// The cRLNumber.
    public var number: Int
    /// When it was made.
    public var thisUpdate: Timestamp
    /// When the next one will be there at the latest; none leaves the field out.
    public var nextUpdate: Timestamp?
    /// The revoked certificates in the order in which they stand.
    public var revoked: [Entry]
    /// The number of the full CRL that this delta adds to; none makes a full CRL.
    public var deltaBase: Int?
    /// How many entries of random serials are put before the others, to make it large.
    public var fillerCount = 0
    /// Whether cRLNumber stands before the authorityKeyIdentifier, as in the roots' CRLs.
    public var putsNumberFirst = false
    /// The issuer's name, where it is to differ from that of the CA that signs.
    public var issuer: NameTemplate?
    /// What the signature is made with; none takes what suits the CA's key.
    public var algorithm: SignatureAlgorithm?
    /// Whether the last bit of the signature is flipped.
    public var hasBrokenSignature = false
    /// Extensions after the usual ones.
    public var additionalExtensions: [ExtensionTemplate] = []

    /// Describes a CRL.
    public init(
        number: Int, thisUpdate: Timestamp, nextUpdate: Timestamp?, revoked: [Entry] = [], deltaBase: Int? = nil
    ) {
        self.number = number
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.revoked = revoked
        self.deltaBase = deltaBase
    }

    /// cRLNumber and authorityKeyIdentifier, and what makes a delta of it.
    func extensions(authorityKeyIdentifier: [UInt8]) -> [ExtensionTemplate] {
        let authority = ExtensionTemplate.authorityKeyIdentifier(authorityKeyIdentifier)
        let number = ExtensionTemplate(OID.crlNumber) { $0.integer(self.number) }
        let delta = deltaBase.map { base in
            ExtensionTemplate(OID.deltaCRLIndicator, isCritical: true) { $0.integer(base) }
        }
        return (putsNumberFirst ? [number, authority] : [authority, number]) + [delta].compactMap(\.self)
            + additionalExtensions
    }
}

extension CertificateAuthority {
    /// Issues a CRL.
    /// - Parameter template: what it says.
    /// - Returns: the DER of the CRL.
    /// - Throws: what OpenSSL says.
    public func revocationList(_ template: RevocationListTemplate) throws(CryptoError) -> [UInt8] {
        let algorithm = template.algorithm ?? .usual(for: key.kind)
        var entries = try fillerEntries(template.fillerCount, before: template.thisUpdate)
        var writer = DERWriter()
        for entry in template.revoked { entry.write(to: &writer) }
        entries += writer.bytes

        var list = DERWriter()
        list.reserveCapacity(entries.count + 512)
        list.sequence { fields in
            fields.integer(1)
            algorithm.write(to: &fields)
            fields.raw((template.issuer ?? name).der)
            fields.time(template.thisUpdate)
            if let nextUpdate = template.nextUpdate { fields.time(nextUpdate) }
            // RFC 5280 §5.1.2.6: the list is absent, not empty.
            if !entries.isEmpty { fields.sequence { $0.raw(entries) } }
            fields.constructed(.contextConstructed(0)) { explicit in
                explicit.sequence { sequence in
                    for one in template.extensions(authorityKeyIdentifier: keyIdentifier) { one.write(to: &sequence) }
                }
            }
        }
        var signed = try signedEnvelope(list.bytes, by: key, algorithm: algorithm)
        if template.hasBrokenSignature, let last = signed.indices.last { signed[last] ^= 1 }
        return signed
    }

    /// Issues a CRL of revoked certificates.
    public func revocationList(
        number: Int, thisUpdate: Timestamp, nextUpdate: Timestamp?, revoked: [RevocationListTemplate.Entry] = [],
        deltaBase: Int? = nil
    ) throws(CryptoError) -> [UInt8] {
        try revocationList(
            RevocationListTemplate(
                number: number, thisUpdate: thisUpdate, nextUpdate: nextUpdate, revoked: revoked, deltaBase: deltaBase))
    }

    /// Entries of random serials, revoked over three years in the order of time, written in place: a million take well
    /// under a second.
    private func fillerEntries(_ count: Int, before end: Timestamp) throws(CryptoError) -> [UInt8] {
        guard count > 0 else { return [] }
        var example = DERWriter()
        RevocationListTemplate.Entry(serial: try randomSerial(), date: end).write(to: &example)
        let size = example.bytes.count
        let dates = (0..<fillerDates).map { index in
            var date = DERWriter()
            date.time(end.adding(seconds: -threeYears + threeYears * Int64(index) / Int64(fillerDates)))
            return date.bytes
        }
        let serials = try randomBytes(count * serialSize)
        var entries: [UInt8] = []
        entries.reserveCapacity(count * size)
        for index in 0..<count {
            entries += example.bytes[0..<serialOffset]
            entries += serials[(index * serialSize)..<((index + 1) * serialSize)]
            entries[index * size + serialOffset] = serials[index * serialSize] & 0x3F | 0x40
            entries += dates[index * fillerDates / count]
        }
        return entries
    }
}

/// Where the serial's content begins in an entry: after the headers of the SEQUENCE and of the INTEGER.
private let serialOffset = 4
private let serialSize = 16
private let threeYears: Int64 = 3 * 365 * 86_400
/// Different dates of the entries of a large CRL: one a day.
private let fillerDates = 3 * 365

extension RevocationListTemplate.Entry {
    func write(to writer: inout DERWriter) {
        writer.sequence { entry in
            entry.element(.integer, serial)
            entry.time(date)
            guard let reason else { return }
            entry.sequence { extensions in
                ExtensionTemplate(OID.reasonCode) { $0.integer(reason, tag: .enumerated) }.write(to: &extensions)
            }
        }
    }
}
