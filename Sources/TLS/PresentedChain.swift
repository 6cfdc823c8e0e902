internal import COpenSSL
public import Crypto

/// The certificates that a client presents, lent during ``TLSServerDelegate/verify(_:)``.
///
/// At most 10, in 16 KiB: what is beyond is refused before the delegate is asked. Nothing is copied until asked for.
@safe
public struct PresentedChain: ~Copyable {
    private let store: OpaquePointer

    @unsafe
    init(lending store: OpaquePointer) {
        unsafe self.store = store
    }

    /// How many certificates there are, the leaf included.
    public var count: Int {
        guard let stack = unsafe X509_STORE_CTX_get0_untrusted(store) else { return 0 }
        return unsafe Int(poterne_sk_X509_num(stack))
    }

    /// Whether there are few enough certificates, and in each few enough parts, to be kept in memory.
    var isOfUsualSize: Bool {
        guard let stack = unsafe X509_STORE_CTX_get0_untrusted(store), count <= Limits.presentedCertificates else {
            return false
        }
        return unsafe (0..<poterne_sk_X509_num(stack)).allSatisfy { index in
            let certificate = unsafe poterne_sk_X509_value(stack, index)
            return unsafe X509_NAME_entry_count(X509_get_subject_name(certificate)) <= Limits.presentedParts
                && X509_NAME_entry_count(X509_get_issuer_name(certificate)) <= Limits.presentedParts
                && X509_get_ext_count(certificate) <= Limits.presentedParts
        }
    }

    /// The SHA-256 of the leaf's DER.
    public func leafDigest() -> SHA256Digest {
        SHA256.digest(of: leaf().span)
    }

    /// The leaf's DER.
    public func leaf() -> [UInt8] {
        unsafe derEncoding(of: X509_STORE_CTX_get0_cert(store))
    }

    /// The DER of all certificates, leaf first, the others in the order in which they were sent.
    public func certificates() -> [[UInt8]] {
        guard let stack = unsafe X509_STORE_CTX_get0_untrusted(store) else { return [] }
        return unsafe derEncodings(of: stack)
    }
}

/// The DER of each certificate of a stack.
@unsafe
func derEncodings(of stack: OpaquePointer) -> [[UInt8]] {
    unsafe (0..<poterne_sk_X509_num(stack)).map { index in
        unsafe derEncoding(of: poterne_sk_X509_value(stack, index))
    }
}

/// The DER of a certificate, or nothing at all if there is none or no memory.
@unsafe
func derEncoding(of certificate: OpaquePointer?) -> [UInt8] {
    guard let certificate = unsafe certificate else { return [] }
    let length = unsafe Int(i2d_X509(certificate, nil))
    guard length > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
        var position = buffer.baseAddress
        count = unsafe max(0, Int(i2d_X509(certificate, &position)))
    }
}
