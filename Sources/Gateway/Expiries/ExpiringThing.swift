internal import Crypto
internal import DER
internal import Revocation
internal import Trust
internal import X509

/// Something that ends some day, and that somebody has to renew before: a certificate or a CRL.
struct ExpiringThing: Hashable, Sendable {
    /// What it is.
    enum Kind: String, Sendable, CaseIterable {
        /// The gateway's own certificate, of a listener or towards an upstream.
        case own
        /// A CA above one of the gateway's own certificates, as it is sent with it.
        case chain
        /// A trust anchor, of callers or of an upstream.
        case anchor
        /// A CA of a trust that issues callers.
        case issuer
        /// A CRL: the base with the delta over it.
        case crl
        /// A caller's certificate, seen within the last 30 days.
        case caller
    }

    let kind: Kind
    /// What of the configuration it belongs to: `listener patients`, `upstream ehr`, `trust callers`.
    let owner: String
    /// The subject as RFC 2253 writes it; of a CRL, the CA's.
    let subject: String
    /// The structure that a caller's certificate names.
    let structure: String?
    /// Of a certificate, in hexadecimal; of a CRL its number.
    let serial: String
    /// Its notBefore or thisUpdate.
    let begins: Timestamp
    /// Its notAfter or nextUpdate.
    let ends: Timestamp
    /// What stays the same over restarts and, for a CRL, over its issues.
    let key: String

    init(
        kind: Kind, owner: String, subject: String, structure: String? = nil, serial: String, begins: Timestamp,
        ends: Timestamp, key: String
    ) {
        self.kind = kind
        self.owner = owner
        self.subject = subject
        self.structure = structure
        self.serial = serial
        self.begins = begins
        self.ends = ends
        self.key = key
    }

    /// A certificate of the gateway's configuration.
    init(_ certificate: Certificate, as kind: Kind, of owner: String) {
        let der = certificate.der
        self.init(
            kind: kind, owner: owner, subject: certificate.subject.rfc2253, serial: certificate.serial.hex,
            begins: certificate.notBefore, ends: certificate.notAfter, key: SHA256.digest(of: der.span).hex)
    }

    /// The CRL of a CA within one scope.
    init(_ index: RevocationIndex, number: Int, of authority: Certificate, trust: String) {
        self.init(
            kind: .crl, owner: "trust \(trust)", subject: authority.subject.rfc2253, serial: "\(index.number)",
            begins: index.thisUpdate, ends: index.nextUpdate,
            key: "\(IssuerKey(of: authority).digest.hex)-\(number)")
    }

    /// Whole days left at a moment: 0 on the last day, negative once it has ended.
    func daysLeft(at moment: Timestamp) -> Int {
        let seconds = ends.seconds(since: moment)
        // Rounded down on both sides of zero: what ended an hour ago has ended.
        return Int(clamping: seconds >= 0 ? seconds / ExpiryLevel.day : (seconds + 1) / ExpiryLevel.day - 1)
    }

    /// How near its end is, for somebody who counts `threshold` seconds as near.
    func level(at moment: Timestamp, threshold: Int64) -> ExpiryLevel {
        ExpiryLevel(left: ends.seconds(since: moment), threshold: kind == .crl ? min(threshold, fifth) : threshold)
    }

    /// Seconds in a fifth of what it was valid for: what is renewed every week is not near its end in its first days.
    var fifth: Int64 { ends.seconds(since: begins) / 5 }
}
