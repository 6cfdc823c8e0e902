public import Crypto
public import DER
public import IGCSante
internal import Revocation
public import X509

/// A caller whose certificate was verified.
///
/// Only this module makes one, so whoever holds one holds the proof.
///
/// What it says of the caller is read from the certificate's ASN.1. Fields that only IGC-Santé certificates have are nil
/// under a generic trust.
public final class VerifiedPeer: Sendable {
    /// The path that was built: the caller's certificate first, the anchor last.
    public let path: [Certificate]
    /// SHA-256 of the caller's certificate.
    public let thumbprint: SHA256Digest
    /// Of what kind the certificate is.
    public let kind: CertificateKind?
    /// Which range of IGC-Santé it belongs to.
    public let range: CertificateRange?
    /// Whether it is a production or a TEST certificate.
    public let environment: IGCSante.Environment?
    /// The structure that calls: type and value taken apart.
    public let structure: StructureIdentifier?
    /// The structure's name.
    public let structureName: String?
    /// The name of the client: the subject's CN.
    public let clientName: String?
    /// The structure's department.
    public let department: String?
    /// The subject as RFC 2253 writes it.
    public let subjectText: String
    /// The issuer as RFC 2253 writes it.
    public let issuerText: String
    /// The moment at which the first certificate of the path expires.
    public let earliestNotAfter: Timestamp
    /// The moment at which the last certificate of the path became valid.
    public let latestNotBefore: Timestamp

    /// What to look up at each admission: the leaf, then each intermediate.
    let revocationQueries: [RevocationQuery]

    /// The caller's certificate.
    public let leaf: Certificate

    init(
        path: VerifiedPath, thumbprint: SHA256Digest, classification: Classification?,
        revocationQueries: [RevocationQuery]
    ) {
        self.path = path.certificates
        leaf = path.leaf
        self.thumbprint = thumbprint
        kind = classification?.kind
        range = classification?.range
        environment = classification?.environment
        structure = classification?.structure
        structureName = classification?.structureName
        clientName = classification?.clientName ?? path.leaf.subject.values(of: .commonName).first
        department = classification?.department
        subjectText = path.leaf.subject.rfc2253
        issuerText = path.leaf.issuer.rfc2253
        earliestNotAfter = path.earliestNotAfter
        latestNotBefore = path.latestNotBefore
        self.revocationQueries = revocationQueries
    }

    /// The caller's serial number.
    public var serial: SerialNumber { leaf.serial }

    /// The bytes of the caller's certificate.
    public var leafDER: [UInt8] { leaf.der }

    /// Bytes of memory it takes, roughly.
    var byteCount: Int {
        // Parsed fields take about twice the encoding again. CAs are mostly shared with the snapshot, and counted all
        // the same: a path through certificates that the caller sent keeps those alive.
        512 + leaf.der.count * 3 + path.dropFirst().reduce(0) { $0 + $1.der.count / 4 }
    }
}
