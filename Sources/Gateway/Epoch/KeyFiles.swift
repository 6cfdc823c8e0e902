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
        let bytes = try contents(of: key)
        let passphrase = try passphrase(in: passphraseFile)
        do {
            let key = try PrivateKey(pem: bytes.span, passphrase: passphrase)
            return TLSIdentity(chain: certificates.map(\.der), key: key)
        } catch {
            throw StartupProblem(location: key.location, message: "\(key.path): \(error)", remedy: nil)
        }
    }

    /// What a listener shows: from two PEM files, or from one PKCS#12.
    static func identity(of certificate: ServerCertificateConfiguration) throws(StartupProblem) -> TLSIdentity {
        switch certificate.source {
        case .files(let chain, let key):
            return try identity(chain: chain, key: key, passphraseFile: certificate.passphraseFile)
        case .pkcs12(let file):
            let bytes = try contents(of: file)
            let passphrase = try passphrase(in: certificate.passphraseFile)
            do {
                let contents = try PKCS12.read(bytes.span, passphrase: passphrase ?? [])
                return TLSIdentity(chain: contents.certificates, key: contents.key)
            } catch {
                throw StartupProblem(location: file.location, message: "\(file.path): \(error)", remedy: nil)
            }
        case .pkcs11:
            throw StartupProblem(
                location: certificate.location, message: "keys in a PKCS#11 token are not supported by this version",
                remedy: "Use `key` with a PEM file, or `pkcs12`.")
        }
    }

    private static func contents(of file: FileReference) throws(StartupProblem) -> [UInt8] {
        do {
            return try FileContents.read(file.path)
        } catch {
            throw StartupProblem(location: file.location, message: error.description, remedy: nil)
        }
    }

    /// The first line of the file.
    private static func passphrase(in file: FileReference?) throws(StartupProblem) -> [UInt8]? {
        guard let file else { return nil }
        let bytes = try contents(of: file)
        return Array(bytes.prefix { $0 != 0x0A && $0 != 0x0D })
    }
}
