import COpenSSL

/// Why a key, a container or a signature could not be used.
public enum CryptoError: Error, Hashable, Sendable {
    /// The bytes are not a private key in any form that is read: PEM, PKCS#8, PKCS#1 or SEC 1.
    case malformedPrivateKey(code: UInt)
    /// The bytes are not a `SubjectPublicKeyInfo` that can be used.
    case malformedPublicKey(code: UInt)
    /// The key is encrypted and no passphrase was given.
    case passphraseNeeded
    /// The passphrase does not open the key or the container.
    case wrongPassphrase
    /// More bytes than a key or a container may have.
    case tooLarge(bytes: Int, limit: Int)
    /// The bytes are not a PKCS#12 container.
    case malformedPKCS12(code: UInt)
    /// The container is encrypted with a cipher too weak to be read, such as RC2-40.
    case obsoletePKCS12Cipher(name: String)
    /// The container holds no private key.
    case pkcs12WithoutKey
    /// The container holds no certificate of its private key.
    case pkcs12WithoutMatchingCertificate
    /// The `AlgorithmIdentifier` is not one that is supported, or has parameters it may not have.
    case unsupportedSignatureAlgorithm
    /// The algorithm cannot be used with a key of this kind.
    case algorithmDoesNotFitKey
    /// The PKCS#11 token, or what leads to it, cannot be used.
    case unusableToken(reason: String)
    /// A function of OpenSSL failed; the code is the earliest entry of its error queue.
    case library(function: String, code: UInt)
}

extension CryptoError: CustomStringConvertible {
    /// One sentence for the person who has to mend it.
    public var description: String {
        switch self {
        case .malformedPrivateKey(let code): "not a private key (PEM, PKCS#8, PKCS#1 or SEC 1)\(Self.reason(code))"
        case .malformedPublicKey(let code): "not a usable public key\(Self.reason(code))"
        case .passphraseNeeded: "the private key is encrypted and no passphrase was given"
        case .wrongPassphrase: "the passphrase does not open it"
        case .tooLarge(let bytes, let limit): "\(bytes) bytes, where at most \(limit) are read"
        case .malformedPKCS12(let code): "not a PKCS#12 container\(Self.reason(code))"
        case .obsoletePKCS12Cipher(let name):
            "the PKCS#12 container is encrypted with \(name), which is obsolete; convert it with "
                + "`openssl pkcs12 -legacy -in OLD.p12 -nodes -out all.pem` and then "
                + "`openssl pkcs12 -export -in all.pem -out NEW.p12`, or use all.pem as chain and key"
        case .pkcs12WithoutKey: "the PKCS#12 container holds no private key"
        case .pkcs12WithoutMatchingCertificate: "the PKCS#12 container holds no certificate of its private key"
        case .unsupportedSignatureAlgorithm: "the signature algorithm is not supported"
        case .algorithmDoesNotFitKey: "the signature algorithm cannot be used with this kind of key"
        case .unusableToken(let reason): "the token's key cannot be used: \(reason)"
        case .library(let function, let code): "\(function) failed\(Self.reason(code))"
        }
    }

    private static func reason(_ code: UInt) -> String {
        guard code != 0, let text = unsafe ERR_reason_error_string(code) else { return "" }
        return unsafe ": " + String(cString: text)
    }
}
