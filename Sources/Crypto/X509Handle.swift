import COpenSSL

/// Owns an `X509`, for what PKCS#12 needs of certificates: everything else about them is another module's.
@safe
final class X509Handle {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    convenience init(der: Span<UInt8>) throws(CryptoError) {
        let decoded = unsafe der.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return unsafe d2i_X509(nil, &position, buffer.count)
        }
        guard let decoded = unsafe decoded else { throw .library(function: "d2i_X509", code: ErrorQueue.cause) }
        unsafe self.init(owning: decoded)
    }

    deinit { unsafe X509_free(pointer) }

    /// The bytes it was read from.
    var der: [UInt8] {
        get throws(CryptoError) {
            var encoded: UnsafeMutablePointer<UInt8>?
            let length = unsafe Int(i2d_X509(pointer, &encoded))
            defer { unsafe poterne_OPENSSL_free(encoded) }
            guard length > 0, let encoded = unsafe encoded else {
                throw .library(function: "i2d_X509", code: ErrorQueue.cause)
            }
            return unsafe Array(UnsafeBufferPointer(start: encoded, count: length))
        }
    }

    /// Whether this certificate names the other as its issuer, by name and key identifier.
    func isIssued(by other: X509Handle) -> Bool {
        unsafe X509_check_issued(other.pointer, pointer) == X509_V_OK
    }
}
