import COpenSSL

/// PKCS#12 containers (RFC 7292): a private key with its chain in one file under a passphrase.
public enum PKCS12 {
    /// What a container held.
    public struct Contents: Sendable {
        /// The private key.
        public let key: PrivateKey
        /// The DER certificates: the key's own, then its issuers as far as they are there, then any others.
        public let certificates: [[UInt8]]
    }

    /// Reads a container.
    ///
    /// What the ANS platform makes is read without the legacy provider: the key under PBE-SHA1-3DES, up to three
    /// certificates in the clear and in any order, the MAC with SHA-1. The key's own certificate is found by its public
    /// key.
    /// - Parameters:
    ///   - bytes: the container.
    ///   - passphrase: in UTF-8, empty for none.
    /// - Returns: the private key and the certificates, its own first.
    /// - Throws: ``CryptoError/wrongPassphrase``, ``CryptoError/malformedPKCS12(code:)``,
    ///   ``CryptoError/obsoletePKCS12Cipher(name:)``, ``CryptoError/pkcs12WithoutKey``,
    ///   ``CryptoError/pkcs12WithoutMatchingCertificate`` or ``CryptoError/tooLarge(bytes:limit:)``.
    public static func read(_ bytes: Span<UInt8>, passphrase: [UInt8]) throws(CryptoError) -> Contents {
        guard bytes.count <= Limits.keyFileSize else { throw .tooLarge(bytes: bytes.count, limit: Limits.keyFileSize) }
        return try ErrorQueue.around { () throws(CryptoError) in
            let container = try PKCS12Container(bytes)
            var reading = PKCS12Reading(passphrase: try container.passphraseForm(of: passphrase))
            try container.read(into: &reading)
            return try reading.contents()
        }
    }

    /// How a container is written.
    public enum Style: Sendable {
        /// PBES2 with AES-256 for key and certificates, MAC with SHA-256.
        case modern
        /// As the ANS platform makes it: PBE-SHA1-3DES for the key, certificates in the clear, MAC with SHA-1.
        case ansPlatform
    }

    /// Makes a container.
    /// - Parameters:
    ///   - key: the private key.
    ///   - certificates: DER, the key's own first.
    ///   - passphrase: in UTF-8.
    ///   - style: how it is encrypted.
    /// - Returns: the DER of the container.
    /// - Throws: ``CryptoError/pkcs12WithoutMatchingCertificate`` if the first certificate is not the key's, or what
    ///   OpenSSL says.
    public static func write(
        key: PrivateKey, certificates: [[UInt8]], passphrase: [UInt8], style: Style = .modern
    ) throws(CryptoError) -> [UInt8] {
        try ErrorQueue.around { () throws(CryptoError) in
            guard let first = certificates.first else { throw .pkcs12WithoutMatchingCertificate }
            let leaf = try X509Handle(der: first.span)
            guard let rest = unsafe poterne_sk_X509_new() else { throw .library(function: "sk_X509_new", code: 0) }
            defer { unsafe poterne_sk_X509_free(rest) }
            for der in certificates.dropFirst() {
                let certificate = try X509Handle(der: der.span)
                unsafe X509_up_ref(certificate.pointer)
                guard unsafe poterne_sk_X509_push(rest, certificate.pointer) > 0 else {
                    unsafe X509_free(certificate.pointer)
                    throw .library(function: "sk_X509_push", code: 0)
                }
            }
            guard unsafe key.withEVPKey({ unsafe X509_check_private_key(leaf.pointer, $0) }) == 1 else {
                throw .pkcs12WithoutMatchingCertificate
            }
            let passphrase = passphrase.map { CChar(bitPattern: $0) } + [0]
            // The MAC is set apart: PKCS12_create would always take the library's default digest.
            let made = unsafe key.withEVPKey { key in
                switch style {
                case .modern:
                    unsafe PKCS12_create(
                        passphrase, nil, key, leaf.pointer, rest, NID_aes_256_cbc, NID_aes_256_cbc,
                        PKCS12_DEFAULT_ITER, -1, 0)
                case .ansPlatform:
                    unsafe PKCS12_create(
                        passphrase, nil, key, leaf.pointer, rest, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, -1,
                        PKCS12_DEFAULT_ITER, -1, 0)
                }
            }
            guard let made = unsafe made else { throw .library(function: "PKCS12_create", code: ErrorQueue.cause) }
            defer { unsafe PKCS12_free(made) }
            let digest = unsafe style == .modern ? EVP_sha256() : EVP_sha1()
            guard unsafe PKCS12_set_mac(made, passphrase, -1, nil, 0, PKCS12_DEFAULT_ITER, digest) == 1 else {
                throw .library(function: "PKCS12_set_mac", code: ErrorQueue.cause)
            }
            var encoded: UnsafeMutablePointer<UInt8>?
            let length = unsafe Int(i2d_PKCS12(made, &encoded))
            defer { unsafe poterne_OPENSSL_free(encoded) }
            guard length > 0, let encoded = unsafe encoded else {
                throw .library(function: "i2d_PKCS12", code: ErrorQueue.cause)
            }
            return unsafe Array(UnsafeBufferPointer(start: encoded, count: length))
        }
    }
}
