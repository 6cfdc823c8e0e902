import COpenSSL

/// A private key.
///
/// Its secret part stays in OpenSSL's memory, which is overwritten when it is freed.
public final class PrivateKey: Sendable {
    private let key: EVPKey

    /// What the key is, and how large.
    public let kind: KeyKind

    init(_ key: EVPKey) {
        self.key = key
        kind = ErrorQueue.around { key.kind }
    }

    /// The key's other half.
    public var publicKey: PublicKey {
        // The same EVP_PKEY: what PublicKey does with it touches the public part only.
        PublicKey(key)
    }

    /// The DER `SubjectPublicKeyInfo` of the key's other half.
    public var publicKeyInfo: [UInt8] {
        get throws(CryptoError) {
            try ErrorQueue.around { () throws(CryptoError) in
                var encoded: UnsafeMutablePointer<UInt8>?
                let length = unsafe Int(i2d_PUBKEY(key.pointer, &encoded))
                defer { unsafe poterne_OPENSSL_free(encoded) }
                guard length > 0, let encoded = unsafe encoded else {
                    throw .library(function: "i2d_PUBKEY", code: ErrorQueue.cause)
                }
                return unsafe Array(UnsafeBufferPointer(start: encoded, count: length))
            }
        }
    }

    /// Whether the public key, of a certificate for instance, is this key's other half.
    public func matches(_ publicKey: PublicKey) -> Bool {
        self.publicKey.isSame(as: publicKey)
    }

    /// Signs a message.
    ///
    /// The corresponding C function is `EVP_DigestSign`.
    /// - Throws: ``CryptoError/algorithmDoesNotFitKey``, or what OpenSSL says, a key too short for the digest for instance.
    public func sign(_ message: Span<UInt8>, algorithm: SignatureAlgorithm) throws(CryptoError) -> [UInt8] {
        guard algorithm.fits(kind) else { throw .algorithmDoesNotFitKey }
        return try ErrorQueue.around { () throws(CryptoError) in
            guard let context = unsafe EVP_MD_CTX_new() else { throw .library(function: "EVP_MD_CTX_new", code: 0) }
            defer { unsafe EVP_MD_CTX_free(context) }
            var keyContext: OpaquePointer?
            guard
                unsafe EVP_DigestSignInit(
                    context, &keyContext, algorithm.digest?.implementation, nil, key.pointer) == 1,
                unsafe algorithm.configure(keyContext)
            else { throw .library(function: "EVP_DigestSignInit", code: ErrorQueue.cause) }
            var signature = [UInt8](repeating: 0, count: Int(unsafe EVP_PKEY_get_size(key.pointer)))
            var length = signature.count
            let done = unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestSign(context, &signature, &length, message.baseAddress, message.count)
            }
            guard done == 1 else { throw .library(function: "EVP_DigestSign", code: ErrorQueue.cause) }
            signature.removeLast(signature.count - length)
            return signature
        }
    }

    /// Lends the `EVP_PKEY` to the module that wraps the other half of the library.
    ///
    /// Whoever keeps the pointer beyond the call takes a reference of its own (`EVP_PKEY_up_ref`).
    @unsafe
    package func withEVPKey<Success, Failure: Error>(
        _ body: (OpaquePointer) throws(Failure) -> Success
    ) throws(Failure) -> Success {
        try unsafe body(key.pointer)
    }
}

extension PrivateKey {
    /// The keys that can be made here.
    public enum Recipe: Hashable, Sendable {
        /// RSA with a modulus of so many bits and the exponent 65537.
        case rsa(bits: Int)
        /// The curve P-256.
        case p256
        /// Ed25519.
        case ed25519
    }

    /// Makes a new key.
    ///
    /// The corresponding C function is `EVP_PKEY_generate`.
    /// - Throws: what OpenSSL says, a modulus shorter than 512 bits for instance.
    public static func generate(_ recipe: Recipe) throws(CryptoError) -> PrivateKey {
        try ErrorQueue.around { () throws(CryptoError) in
            let name =
                switch recipe {
                case .rsa: "RSA"
                case .p256: "EC"
                case .ed25519: "ED25519"
                }
            guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, name, nil) else {
                throw .library(function: "EVP_PKEY_CTX_new_from_name", code: ErrorQueue.cause)
            }
            defer { unsafe EVP_PKEY_CTX_free(context) }
            var isReady = unsafe EVP_PKEY_keygen_init(context) == 1
            switch recipe {
            case .rsa(let bits):
                isReady = unsafe isReady && EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(clamping: bits)) == 1
            case .p256:
                isReady = unsafe isReady && EVP_PKEY_CTX_set_group_name(context, "P-256") == 1
            case .ed25519: break
            }
            var generated: OpaquePointer?
            guard isReady, unsafe EVP_PKEY_generate(context, &generated) == 1, let generated = unsafe generated else {
                throw .library(function: "EVP_PKEY_generate", code: ErrorQueue.cause)
            }
            return unsafe PrivateKey(EVPKey(owning: generated))
        }
    }
}
