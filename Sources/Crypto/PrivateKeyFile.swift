import COpenSSL

extension PrivateKey {
    /// Reads a private key in PEM: PKCS#8, encrypted or not, PKCS#1 or SEC 1, encrypted in the old manner of OpenSSL or not.
    ///
    /// The first key of the file counts; certificates before it are passed over.
    ///
    /// The corresponding C function is `PEM_read_bio_PrivateKey`.
    /// - Parameters:
    ///   - pem: the file.
    ///   - passphrase: what the key is encrypted with, without a line's end; unused if it is not encrypted.
    /// - Throws: ``CryptoError/passphraseNeeded``, ``CryptoError/wrongPassphrase``,
    ///   ``CryptoError/malformedPrivateKey(code:)`` or ``CryptoError/tooLarge(bytes:limit:)``.
    public convenience init(pem: Span<UInt8>, passphrase: [UInt8]? = nil) throws(CryptoError) {
        self.init(
            try unsafe Self.read(pem, passphrase) { bio, prompt in
                unsafe PEM_read_bio_PrivateKey(bio, nil, answerPassphrasePrompt, prompt)
            })
    }

    /// Reads a private key in DER: PKCS#8, encrypted or not, PKCS#1 or SEC 1.
    /// - Parameters:
    ///   - der: the file.
    ///   - passphrase: what the key is encrypted with; unused if it is not encrypted.
    /// - Throws: as ``init(pem:passphrase:)``.
    public convenience init(der: Span<UInt8>, passphrase: [UInt8]? = nil) throws(CryptoError) {
        let key: EVPKey
        do throws(CryptoError) {
            key = try unsafe Self.read(der, nil) { bio, _ in unsafe d2i_PrivateKey_bio(bio, nil) }
        } catch .malformedPrivateKey(let code) {
            do throws(CryptoError) {
                key = try unsafe Self.read(der, passphrase) { bio, prompt in
                    unsafe d2i_PKCS8PrivateKey_bio(bio, nil, answerPassphrasePrompt, prompt)
                }
            } catch .malformedPrivateKey {
                throw .malformedPrivateKey(code: code)
            }
        }
        self.init(key)
    }

    /// The key as PKCS#8 PEM, not encrypted.
    ///
    /// Whoever takes it guards it.
    public var pem: [UInt8] {
        get throws(CryptoError) { try pem(encryptedWith: nil) }
    }

    /// The key as PKCS#8 PEM, encrypted (PBES2, AES-256-CBC) if there is a passphrase.
    /// - Throws: what OpenSSL says.
    public func pem(encryptedWith passphrase: [UInt8]?) throws(CryptoError) -> [UInt8] {
        try ErrorQueue.around { () throws(CryptoError) in
            // Memory that is overwritten when it is freed.
            guard let bio = unsafe BIO_new(BIO_s_secmem()) else { throw .library(function: "BIO_new", code: 0) }
            defer { unsafe BIO_free_all(bio) }
            let done = unsafe withEVPKey { key in
                if let passphrase {
                    unsafe passphrase.withUnsafeBufferPointer { passphrase in
                        unsafe PEM_write_bio_PKCS8PrivateKey(
                            bio, key, EVP_aes_256_cbc(),
                            UnsafeRawPointer(passphrase.baseAddress)?.assumingMemoryBound(
                                to: CChar.self), Int32(clamping: passphrase.count), nil, nil)
                    }
                } else {
                    unsafe PEM_write_bio_PKCS8PrivateKey(bio, key, nil, nil, 0, nil, nil)
                }
            }
            var text: UnsafeMutablePointer<CChar>?
            let length = unsafe poterne_BIO_get_mem_data(bio, &text)
            guard done == 1, length > 0, let text = unsafe text else {
                throw .library(function: "PEM_write_bio_PKCS8PrivateKey", code: ErrorQueue.cause)
            }
            return unsafe UnsafeBufferPointer(start: text, count: length).map { UInt8(bitPattern: $0) }
        }
    }

    private typealias Reader = (_ bio: OpaquePointer, _ prompt: UnsafeMutableRawPointer) -> OpaquePointer?

    private static func read(
        _ bytes: Span<UInt8>, _ passphrase: [UInt8]?, with reader: Reader
    ) throws(CryptoError) -> EVPKey {
        guard bytes.count <= Limits.keyFileSize else { throw .tooLarge(bytes: bytes.count, limit: Limits.keyFileSize) }
        return try ErrorQueue.around { () throws(CryptoError) in
            var prompt = PassphrasePrompt(passphrase: passphrase)
            let decoded = unsafe bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                guard let bio = unsafe BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return nil }
                defer { unsafe BIO_free_all(bio) }
                return unsafe withUnsafeMutablePointer(to: &prompt) { prompt in
                    unsafe reader(bio, UnsafeMutableRawPointer(prompt))
                }
            }
            if let decoded = unsafe decoded { return unsafe EVPKey(owning: decoded) }
            guard prompt.wasAsked else { throw .malformedPrivateKey(code: ErrorQueue.cause) }
            throw passphrase == nil ? .passphraseNeeded : .wrongPassphrase
        }
    }
}

/// Answers OpenSSL when it asks for a passphrase, and remembers that it asked.
///
/// Without it, it would ask at the terminal.
private struct PassphrasePrompt {
    let passphrase: [UInt8]?
    var wasAsked = false
}

/// A `pem_password_cb`.
private func answerPassphrasePrompt(
    _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int32, _ writing: Int32, _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let prompt = unsafe context?.assumingMemoryBound(to: PassphrasePrompt.self),
        let buffer = unsafe buffer
    else { return -1 }
    unsafe prompt.pointee.wasAsked = true
    guard let passphrase = unsafe prompt.pointee.passphrase, passphrase.count <= Int(capacity) else { return -1 }
    for (index, byte) in passphrase.enumerated() { unsafe buffer[index] = CChar(bitPattern: byte) }
    return Int32(passphrase.count)
}
