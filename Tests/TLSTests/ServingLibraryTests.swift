import COpenSSL
import Crypto
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
        "manages the keys of callers and of the default profile's key exchange",
        arguments: ["RSA", "RSA-PSS", "EC", "ED25519", "ED448", "X25519", "HKDF", "TLS1-PRF", "HMAC"])
    func managesKeys(of type: String) {
        let manager = unsafe EVP_KEYMGMT_fetch(OpenSSLLibrary.serving.pointer, type, nil)
        #expect(unsafe manager != nil)
        unsafe EVP_KEYMGMT_free(manager)
    }

    @Test("leaves out what no handshake asks for", arguments: ["DSA", "DH", "X448", "SM2", "SCRYPT"])
    func managesNo(_ type: String) {
        #expect(unsafe EVP_KEYMGMT_fetch(OpenSSLLibrary.serving.pointer, type, nil) == nil)
        ERR_clear_error()
    }

    @Test(
        "gives way to the whole library when a profile names what it leaves out",
        arguments: [
            TLSProfile.Algorithms(cipherSuites12: ["ECDHE-ARIA256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"]),
            TLSProfile.Algorithms(cipherSuites12: ["DHE-RSA-AES256-GCM-SHA384"]),
            TLSProfile.Algorithms(groups: ["X448", "X25519"]),
            TLSProfile.Algorithms(groups: ["ffdhe3072"]),
        ])
    func givesWay(algorithms: TLSProfile.Algorithms) throws {
        let handle = unsafe try ContextHandle.make(
            TLS_server_method(), versions: .tls12 ... .tls13, profile: .explicit(algorithms), library: .serving)
        #expect(handle.library === OpenSSLLibrary.whole)
    }

    @Test("serves the default profile")
    func servesDefault() throws {
        let handle = unsafe try ContextHandle.make(
            TLS_server_method(), versions: .tls12 ... .tls13, profile: .anssi, library: .serving)
        #expect(handle.library === OpenSSLLibrary.serving)
    }

    @Test(
        "reads the keys that callers may have, and the whole library reads no other kind out of them",
        arguments: [
            """
            MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE1c1zCBKz41qRtiTBAEZi+F2WSlgB7ml41DbdIGbnHVx4hygMR97rnxLfpEvf0jIKho1ZlEWT\
            1yByf2EGB7MOblmDGplXnpuC0vOPqZPESIBujpFmkBU6zsfe2QqdwWmn
            """,
            "MCowBQYDK2VwAyEAC3LEH1Pp0xcds56cVUpaCmy0wcl5L7uGQ3+j+EjSRQU=",
            "MEMwBQYDK2VxAzoAsS38Xa5RVODaphXGqpsQGU5n/kIVqYo+RrtHZi4KvBww6+xz6yQ8FPd4cDEaK6GDSiYrK1n6RhUA",
            """
            MIGdMAsGCSqGSIb3DQEBCgOBjQAwgYkCgYEAqGCKD3oRqP6Ug43tXmFBcYZ3LytDacIPMDCtYb08ib46VZ01MBS6YAXOX5zDSCnnRYfa\
            ufMYr7KFFVpW9lIOqGa3NpEaEn45JUitx6ZNnbkbUqxV1sEMp9xk96OGnWTctjw8V/Toru9Z8JqSPOJV1oiMutbqlSb2zQeWZAdUok0C\
            AwEAAQ==
            """,
        ])
    func readsKey(text: String) throws {
        let der = try #require(Base64.decode(text))
        let inside = OpenSSLLibrary.serving.around { try? PublicKey(subjectPublicKeyInfo: der.span).kind }
        let outside = try PublicKey(subjectPublicKeyInfo: der.span).kind
        #expect(inside == outside)
    }

    @Test("reads certificates without their keys only between a ticket's two callbacks")
    func omitsKeys() throws {
        let der = try #require(Base64.decode("MCowBQYDK2VwAyEAC3LEH1Pp0xcds56cVUpaCmy0wcl5L7uGQ3+j+EjSRQU="))
        let serving = OpenSSLLibrary.serving
        let kinds = serving.around {
            serving.omitKeys()
            let without = try? PublicKey(subjectPublicKeyInfo: der.span).kind
            serving.readKeys()
            return [without, try? PublicKey(subjectPublicKeyInfo: der.span).kind]
        }
        #expect(kinds == [nil, .ed25519])
    }
}
