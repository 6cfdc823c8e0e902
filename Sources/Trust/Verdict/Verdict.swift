internal import Crypto
public import DER
public import X509

/// What came of a verification.
public enum Verdict<Rendering: PeerRendering> {
    /// The caller may pass.
    case admitted(VerifiedPeer, Rendering)
    /// The caller may not, and why; the certificate it is about, when there was one that could be read.
    case refused(Refusal, about: RefusedCertificate?)

    /// Why not, when not.
    public var refusal: Refusal? {
        if case .refused(let refusal, _) = self { refusal } else { nil }
    }

    /// Who, when admitted.
    public var peer: VerifiedPeer? {
        if case .admitted(let peer, _) = self { peer } else { nil }
    }
}

extension Verdict: Sendable where Rendering: Sendable {}

/// What is made once of a verified peer and remembered beside it, such as identity headers.
public protocol PeerRendering: AnyObject {
    /// Bytes of memory it takes, roughly: they count in the cache.
    var byteCount: Int { get }
    /// Which of the verifier's ways to render made it.
    var edition: Int { get }
}

extension PeerRendering {
    /// The only one, of what never changes.
    public var edition: Int { 0 }
}

/// Nothing made of a peer: for those who only want the verdict.
public final class NoRendering: PeerRendering, Sendable {
    /// Makes nothing.
    public init() {}

    /// None.
    public var byteCount: Int { 0 }
}

/// The certificate that was refused, for the audit log: nothing in it was verified.
public struct RefusedCertificate: Hashable, Sendable {
    /// The subject it claims, as RFC 2253 writes it.
    public let subject: String
    /// The issuer it claims, as RFC 2253 writes it.
    public let issuer: String
    /// Its serial number.
    public let serial: SerialNumber
    /// SHA-256 of it, in hexadecimal.
    public let thumbprint: String
    /// The last moment of the validity it claims.
    public let notAfter: Timestamp

    /// What is said of a certificate.
    public init(_ certificate: Certificate) {
        subject = certificate.subject.rfc2253
        issuer = certificate.issuer.rfc2253
        serial = certificate.serial
        thumbprint = certificate.thumbprint.hex
        notAfter = certificate.notAfter
    }
}
