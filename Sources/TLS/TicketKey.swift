internal import COpenSSL

/// One generation of keys that seal session tickets.
///
/// Its memory is overwritten when the last connection lets go of it.
@safe
final class TicketKey: @unchecked Sendable {
    // Sound: written in init only, read by whoever holds a reference.
    private let secret: UnsafeMutablePointer<UInt8>

    /// Bytes of a key in a file.
    static let size = 80
    /// Where its name, which travels in the ticket, is.
    static let name = 0..<16
    /// Where the HMAC-SHA256 key is.
    private static let authentication = 16..<48
    /// Where the AES-256 key is.
    private static let encryption = 48..<80

    /// A random key.
    convenience init() throws(TLSError) {
        ErrorQueue.clear()
        try unsafe self.init { secret throws(TLSError) in
            guard unsafe RAND_priv_bytes(secret, Int32(Self.size)) == 1 else {
                throw .library(function: "RAND_priv_bytes", code: ErrorQueue.take())
            }
        }
    }

    /// The key at a position of a file that reaches beyond its end.
    convenience init(in file: Span<UInt8>, at position: Int) throws(TLSError) {
        try unsafe self.init { secret throws(TLSError) in
            for offset in 0..<Self.size { unsafe secret[offset] = file[position + offset] }
        }
    }

    private init(fill: (UnsafeMutablePointer<UInt8>) throws(TLSError) -> Void) throws(TLSError) {
        unsafe secret = .allocate(capacity: Self.size)
        unsafe secret.initialize(repeating: 0, count: Self.size)
        try unsafe fill(secret)
    }

    deinit {
        unsafe OPENSSL_cleanse(secret, Self.size)
        unsafe secret.deallocate()
    }

    /// Whether the key goes by a name.
    @unsafe
    func isNamed(_ name: UnsafePointer<UInt8>) -> Bool {
        unsafe CRYPTO_memcmp(name, secret, Self.name.count) == 0
    }

    /// Whether the two go by the same name.
    func hasSameName(as other: TicketKey) -> Bool {
        unsafe isNamed(other.secret)
    }

    /// Writes the key's name where the ticket begins.
    @unsafe
    func writeName(to destination: UnsafeMutablePointer<UInt8>) {
        unsafe destination.update(from: secret, count: Self.name.count)
    }

    /// Prepares OpenSSL's contexts to seal or to open a ticket: AES-256-CBC, then HMAC-SHA256 over it.
    @unsafe
    func prepare(
        _ cipher: OpaquePointer, _ mac: OpaquePointer, initializationVector: UnsafePointer<UInt8>, isSealing: Bool
    ) -> Bool {
        let encryption = unsafe secret + Self.encryption.lowerBound
        let authentication = unsafe secret + Self.authentication.lowerBound
        let isCipherReady =
            if isSealing {
                unsafe EVP_EncryptInit_ex2(cipher, EVP_aes_256_cbc(), encryption, initializationVector, nil) == 1
            } else {
                unsafe EVP_DecryptInit_ex2(cipher, EVP_aes_256_cbc(), encryption, initializationVector, nil) == 1
            }
        return unsafe isCipherReady
            && poterne_EVP_MAC_CTX_set_hmac_sha256(mac, authentication, Self.authentication.count) == 1
    }
}
