internal import Configuration
internal import Crypto
internal import TLS
internal import X509

/// Reads certificates with their keys.
enum KeyFiles {
    /// A chain and its key, in two PEM files.
    static func identity(
        chain: FileReference, key: FileReference, passphraseFile: FileReference?
    ) throws(StartupProblem) -> TLSIdentity {
        let certificates = try TrustFiles.certificates(in: chain)
        let secret = try secret(in: key)
        let passphrase = try passphrase(in: passphraseFile)
        do {
            let key = try withBytes(of: passphrase) { passphrase throws(CryptoError) in
                try secret.withBytes { bytes throws(CryptoError) in
                    try PrivateKey(pem: bytes.span, passphrase: passphrase)
                }
            }
            return TLSIdentity(chain: certificates.map(\.der), key: key)
        } catch {
            throw StartupProblem(location: key.location, message: "\(key.path): \(error)", remedy: nil)
        }
    }

    /// What a listener shows: from two PEM files, from one PKCS#12, or with a key that stays in its token.
    static func identity(of certificate: ServerCertificateConfiguration) throws(StartupProblem) -> TLSIdentity {
        switch certificate.source {
        case .files(let chain, let key):
            return try identity(chain: chain, key: key, passphraseFile: certificate.passphraseFile)
        case .pkcs12(let file):
            let secret = try secret(in: file)
            let passphrase = try passphrase(in: certificate.passphraseFile)
            do {
                let contents = try withBytes(of: passphrase) { passphrase throws(CryptoError) in
                    try secret.withBytes { bytes throws(CryptoError) in
                        try PKCS12.read(bytes.span, passphrase: passphrase ?? [])
                    }
                }
                return TLSIdentity(chain: contents.certificates, key: contents.key)
            } catch {
                throw StartupProblem(location: file.location, message: "\(file.path): \(error)", remedy: nil)
            }
        case .pkcs11(let chain, let uri):
            return try tokenIdentity(chain: chain, uri: uri, certificate)
        }
    }

    /// A chain, and a key that a token signs with and never gives away.
    private static func tokenIdentity(
        chain: FileReference, uri text: String, _ certificate: ServerCertificateConfiguration
    ) throws(StartupProblem) -> TLSIdentity {
        let certificates = try TrustFiles.certificates(in: chain)
        guard let uri = TokenURI(text) else {
            throw StartupProblem(
                location: certificate.location, message: "\(text) is no URI of a key in a token (RFC 7512)",
                remedy: "Give token, and object or id: pkcs11:token=poterne;object=server;type=private")
        }
        var pin = try passphrase(in: certificate.passphraseFile)
        if pin == nil, let path = uri.pinFile { pin = try passphrase(at: path, named: certificate.location) }
        do {
            let key = try withBytes(of: pin) { pin throws(CryptoError) in
                try PrivateKey(token: uri.key, pin: pin, module: uri.module)
            }
            return TLSIdentity(chain: certificates.map(\.der), key: key)
        } catch {
            throw StartupProblem(
                location: certificate.location, message: "\(uri.key): \(error)",
                remedy: "Try it with the PKCS#11 tool of the token, as the gateway's user; the OpenSSL engine pkcs11 "
                    + "(Debian: libengine-pkcs11-openssl) has to be installed.")
        }
    }

    private static func secret(in file: FileReference) throws(StartupProblem) -> SecretFile {
        try secret(at: file.path, named: file.location)
    }

    private static func secret(
        at path: String, named location: SourceLocation
    ) throws(StartupProblem) -> SecretFile {
        do throws(FileError) {
            return try SecretFile(path)
        } catch {
            throw StartupProblem(location: location, message: error.description, remedy: error.remedy)
        }
    }

    /// The first line of the file.
    private static func passphrase(in file: FileReference?) throws(StartupProblem) -> SecretFile? {
        guard let file else { return nil }
        return try passphrase(at: file.path, named: file.location)
    }

    private static func passphrase(
        at path: String, named location: SourceLocation
    ) throws(StartupProblem) -> SecretFile {
        let secret = try secret(at: path, named: location)
        secret.keepFirstLine()
        return secret
    }

    private static func withBytes<Success, Failure: Error>(
        of secret: SecretFile?, _ body: ([UInt8]?) throws(Failure) -> Success
    ) throws(Failure) -> Success {
        guard let secret else { return try body(nil) }
        return try secret.withBytes { bytes throws(Failure) in try body(bytes) }
    }
}
