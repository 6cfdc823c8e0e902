import COpenSSL
import Testing

@testable import TLS

@Suite("The library that serves")
struct ServingLibraryTests {
    @Test("is one of its own where OpenSSL's configuration names the default provider only")
    func isOwn() {
        #expect(unsafe OpenSSLLibrary.serving.pointer != nil)
        #expect(unsafe OpenSSLLibrary.whole.pointer == nil)
    }

    @Test("is the default one for what says no library, and only as long as that takes")
    func isDefaultInside() {
        let outside = unsafe OSSL_LIB_CTX_set0_default(nil)
        let inside = unsafe OpenSSLLibrary.serving.around { unsafe OSSL_LIB_CTX_set0_default(nil) }
        #expect(unsafe inside == OpenSSLLibrary.serving.pointer)
        #expect(unsafe OSSL_LIB_CTX_set0_default(nil) == outside)
    }

    @Test(
        "has every algorithm that the default profile and the groups of TLS 1.3 need",
        arguments: ["RSA", "RSA-PSS", "EC", "ED25519", "ED448", "X25519", "X448", "DH", "HKDF", "TLS1-PRF", "HMAC"])
    func managesKeys(of type: String) {
        let manager = unsafe EVP_KEYMGMT_fetch(OpenSSLLibrary.serving.pointer, type, nil)
        #expect(unsafe manager != nil)
        unsafe EVP_KEYMGMT_free(manager)
    }

    @Test("leaves out what no handshake asks for", arguments: ["DSA", "SM2", "SCRYPT"])
    func managesNo(_ type: String) {
        #expect(unsafe EVP_KEYMGMT_fetch(OpenSSLLibrary.serving.pointer, type, nil) == nil)
        ERR_clear_error()
    }

    @Test("gives way to the whole library when a profile names what it leaves out")
    func givesWay() throws {
        let profile = TLSProfile.explicit(
            .init(cipherSuites12: ["ECDHE-ARIA256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"]))
        let handle = unsafe try ContextHandle.make(
            TLS_server_method(), versions: .tls12 ... .tls13, profile: profile, library: .serving)
        #expect(handle.library === OpenSSLLibrary.whole)
        let usual = unsafe try ContextHandle.make(
            TLS_server_method(), versions: .tls12 ... .tls13, profile: .anssi, library: .serving)
        #expect(usual.library === OpenSSLLibrary.serving)
    }
}
