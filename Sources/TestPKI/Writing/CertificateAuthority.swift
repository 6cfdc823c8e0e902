public import Crypto
import DER

/// A CA of the test PKI, able to issue anything, right or wrong.
public final class CertificateAuthority: Sendable {
    /// Its name.
    public let name: NameTemplate
    /// Its private key.
    public let key: PrivateKey
    /// Its key identifier, the SHA-1 of its public key.
    public let keyIdentifier: [UInt8]
    /// Its certificate in DER.
    public let certificate: [UInt8]
    /// The content octets of its certificate's serial number.
    public let serial: [UInt8]
    /// Where it publishes.
    public let publication: Publication?

    /// Makes a root: a CA whose certificate it signs itself.
    public convenience init(root template: AuthorityTemplate, key: PrivateKey) throws(CryptoError) {
        let identifier = derivedIdentifier(of: try key.publicKeyInfo)
        try self.init(
            template, key: key,
            issuer: Issuer(name: template.name, key: key, keyIdentifier: identifier, publication: nil)
        )
    }

    /// Makes a CA below this one.
    public func subordinate(_ template: AuthorityTemplate, key: PrivateKey) throws(CryptoError) -> CertificateAuthority
    {
        try CertificateAuthority(
            template, key: key,
            issuer: Issuer(name: name, key: self.key, keyIdentifier: keyIdentifier, publication: publication))
    }

    private struct Issuer {
        let name: NameTemplate
        let key: PrivateKey
        let keyIdentifier: [UInt8]
        let publication: Publication?
    }

    private init(_ template: AuthorityTemplate, key: PrivateKey, issuer: Issuer) throws(CryptoError) {
        let publicKeyInfo = try key.publicKeyInfo
        let identifier = derivedIdentifier(of: publicKeyInfo)
        let serial = if let serial = template.serial { serial } else { [0x11, 0x20] + (try randomBytes(16)) }
        let fields = CertificateFields(
            serial: serial, issuer: issuer.name.der, notBefore: template.notBefore, notAfter: template.notAfter,
            subject: template.name.der, publicKeyInfo: publicKeyInfo,
            extensions: template.extensions(
                keyIdentifier: identifier, issuer: issuer.keyIdentifier, issuerPublication: issuer.publication))
        name = template.name
        self.key = key
        self.serial = serial
        keyIdentifier = identifier
        publication = template.publication
        certificate = try fields.signed(
            by: issuer.key, algorithm: template.algorithm ?? .usual(for: issuer.key.kind))
    }

    /// Issues a certificate.
    /// - Parameters:
    ///   - template: what it says.
    ///   - publicKeyInfo: the DER `SubjectPublicKeyInfo` of its holder.
    /// - Returns: the DER of the certificate.
    /// - Throws: what OpenSSL says.
    public func issue(_ template: LeafTemplate, publicKeyInfo: [UInt8]) throws(CryptoError) -> [UInt8] {
        let serial = if let serial = template.serial { serial } else { try randomSerial() }
        let fields = CertificateFields(
            serial: serial, issuer: (template.issuer ?? name).der,
            notBefore: template.notBefore, notAfter: template.notAfter, subject: template.subject.der,
            publicKeyInfo: publicKeyInfo,
            extensions: template.extensions(
                keyIdentifier: derivedIdentifier(of: publicKeyInfo), issuer: keyIdentifier, publication: publication))
        var certificate = try fields.signed(by: key, algorithm: template.algorithm ?? .usual(for: key.kind))
        if template.hasBrokenSignature, let last = certificate.indices.last { certificate[last] ^= 1 }
        return certificate
    }

    /// Issues a certificate to the holder of a key.
    public func issue(_ template: LeafTemplate, to key: PrivateKey) throws(CryptoError) -> [UInt8] {
        try issue(template, publicKeyInfo: key.publicKeyInfo)
    }
}
