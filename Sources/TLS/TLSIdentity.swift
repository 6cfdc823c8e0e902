internal import COpenSSL
public import Crypto

/// What a side proves itself with: a certificate, those that lead from it to an authority, and its private key.
public struct TLSIdentity: Sendable {
    /// DER certificates, the side's own first, then the intermediates.
    ///
    /// The root need not be sent.
    public var chain: [[UInt8]]
    /// The private key of the first certificate.
    public var key: PrivateKey

    /// Puts a chain and its key together.
    ///
    /// Whether they fit is checked when a context is made of them.
    public init(chain: [[UInt8]], key: PrivateKey) {
        self.chain = chain
        self.key = key
    }

    /// Gives certificates and key to a context.
    @unsafe
    func install(in context: OpaquePointer) throws(TLSError) {
        guard let leaf = chain.first else { throw .noCertificate }
        try unsafe withX509(leaf, index: 0) { certificate in
            unsafe SSL_CTX_use_certificate(context, certificate) == 1
        }
        for (index, der) in chain.enumerated().dropFirst() {
            try unsafe withX509(der, index: index) { certificate in
                unsafe poterne_SSL_CTX_add1_chain_cert(context, certificate) == 1
            }
        }
        let fits = unsafe key.withEVPKey { key in
            unsafe SSL_CTX_use_PrivateKey(context, key) == 1 && SSL_CTX_check_private_key(context) == 1
        }
        guard fits else { throw .unusableKey(code: ErrorQueue.take()) }
    }
}

/// Decodes a certificate and lends it; an answer of false, or bytes that are not a certificate, throw.
@unsafe
func withX509(_ der: [UInt8], index: Int, _ use: (OpaquePointer) -> Bool) throws(TLSError) {
    ErrorQueue.clear()
    let certificate = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
        var position = buffer.baseAddress
        let end = unsafe buffer.baseAddress.map { unsafe $0 + buffer.count }
        guard let certificate = unsafe d2i_X509(nil, &position, buffer.count) else { return nil }
        guard unsafe position == end else {
            unsafe X509_free(certificate)
            return nil
        }
        return unsafe certificate
    }
    guard let certificate = unsafe certificate else {
        throw .unusableCertificate(index: index, code: ErrorQueue.take())
    }
    defer { unsafe X509_free(certificate) }
    guard unsafe use(certificate) else { throw .unusableCertificate(index: index, code: ErrorQueue.take()) }
}
