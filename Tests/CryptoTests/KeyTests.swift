import Crypto
import Testing

@Suite("Keys")
struct KeyTests {
    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(
        "Kinds and sizes are told", arguments: [PrivateKey.Recipe.rsa(bits: 1024), .rsa(bits: 2048), .p256, .ed25519])
    func kinds(recipe: PrivateKey.Recipe) throws {
        let key = try PrivateKey.generate(recipe)
        let expected: KeyKind =
            switch recipe {
            case .rsa(let bits): .rsa(bits: bits)
            case .p256: .ec(curve: "prime256v1")
            case .ed25519: .ed25519
            }
        #expect(key.kind == expected)
        #expect(try PublicKey(info: key.publicKeyInfo).kind == expected)
        #expect(key.matches(key.publicKey))
        #expect(!key.matches(try PrivateKey.generate(recipe).publicKey))
    }

    @Test("A key goes through PEM, encrypted or not")
    func pem() throws {
        let key = try PrivateKey.generate(.p256)
        #expect(try PrivateKey.read(pem: key.pem).matches(key.publicKey))
        let encrypted = try key.pem(encryptedWith: Fixtures.passphrase)
        #expect(String(decoding: encrypted, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
        #expect(try PrivateKey.read(pem: encrypted, Fixtures.passphrase).matches(key.publicKey))
    }

    @Test(
        "Encrypted keys open with their passphrase only", arguments: [Fixtures.encryptedPKCS8, Fixtures.encryptedSEC1])
    func encrypted(pem: String) throws {
        let pem = Self.bytes(pem)
        let plain = try PrivateKey.read(pem: Self.bytes(Fixtures.key))
        #expect(try PrivateKey.read(pem: pem, Fixtures.passphrase).matches(plain.publicKey))
        #expect(throws: CryptoError.passphraseNeeded) { try PrivateKey.read(pem: pem) }
        #expect(throws: CryptoError.wrongPassphrase) { try PrivateKey.read(pem: pem, Self.bytes("non")) }
    }

    @Test("A key is found behind certificates, and read in DER")
    func forms() throws {
        let pem = Self.bytes(
            "-----BEGIN CERTIFICATE-----\n\(Fixtures.certificate)\n-----END CERTIFICATE-----\n\(Fixtures.key)\n")
        let key = try PrivateKey.read(pem: pem)
        let lines = Fixtures.key.split(separator: "\n").dropFirst().dropLast()
        let der = try #require(Base64.decode(lines.joined()))
        #expect(try PrivateKey.read(der: der).matches(key.publicKey))
        let inner = String(decoding: try key.pem(encryptedWith: Fixtures.passphrase), as: UTF8.self)
            .split(separator: "\n").dropFirst().dropLast().joined()
        let encrypted = try #require(Base64.decode(inner))
        #expect(
            try PrivateKey.read(der: encrypted, Fixtures.passphrase).matches(key.publicKey))
        #expect(throws: CryptoError.passphraseNeeded) { try PrivateKey.read(der: encrypted) }
    }

    @Test("What is no private key is refused", arguments: ["", "poterne", Fixtures.certificate])
    func noKey(text: String) {
        #expect(throws: CryptoError.self) { try PrivateKey.read(pem: Self.bytes(text)) }
        #expect(throws: CryptoError.self) { try PrivateKey.read(der: Self.bytes(text)) }
    }

    @Test("A file too large for a key is not read")
    func tooLarge() {
        let count = Crypto.Limits.keyFileSize + 1
        let bytes = [UInt8](repeating: 0x20, count: count)
        #expect(throws: CryptoError.tooLarge(bytes: count, limit: Crypto.Limits.keyFileSize)) {
            try PrivateKey.read(pem: bytes)
        }
    }

    @Test("A public key with bytes behind it, or cut, is refused")
    func malformedPublicKey() throws {
        let der = try PrivateKey.generate(.p256).publicKeyInfo
        #expect(throws: CryptoError.self) { try PublicKey(info: (der + [0])) }
        #expect(throws: CryptoError.self) { try PublicKey(info: Array(der.dropLast())) }
        #expect(throws: CryptoError.self) { try PublicKey(info: []) }
    }

    @Test("A curve given by explicit parameters is no known curve")
    func explicitCurve() throws {
        let der = try #require(Base64.decode(Fixtures.explicitCurve))
        let key = try PublicKey(info: der)
        #expect(key.kind == .other)
    }
}

@Suite("PKCS#12")
struct PKCS12Tests {
    static func bytes(_ text: String) throws -> [UInt8] { try #require(Base64.decode(text)) }

    @Test("Both styles are read again", arguments: [PKCS12.Style.modern, .ansPlatform])
    func roundTrip(style: PKCS12.Style) throws {
        let key = try PrivateKey.read(pem: Array(Fixtures.key.utf8))
        let certificate = try Self.bytes(Fixtures.certificate)
        let container = try PKCS12.write(
            key: key, certificates: [certificate], passphrase: Fixtures.passphrase, style: style)
        let contents = try PKCS12.read(array: container, passphrase: Fixtures.passphrase)
        #expect(contents.key.matches(key.publicKey))
        #expect(contents.certificates == [certificate])
        #expect(throws: CryptoError.wrongPassphrase) { try PKCS12.read(array: container, passphrase: []) }
        #expect(throws: CryptoError.self) {
            try PKCS12.read(array: Array(container.dropLast()), passphrase: Fixtures.passphrase)
        }
    }

    @Test("An empty passphrase opens what was made without one")
    func empty() throws {
        let contents = try PKCS12.read(array: Self.bytes(Fixtures.withoutPassphrase), passphrase: [])
        #expect(contents.certificates.count == 1)
    }

    @Test("RC2-40 is refused by name, with the way to convert it", arguments: [Fixtures.rc2, Fixtures.rc2Certificates])
    func rc2(container: String) throws {
        let container = try Self.bytes(container)
        let error = #expect(throws: CryptoError.self) {
            try PKCS12.read(array: container, passphrase: Fixtures.passphrase)
        }
        #expect(error == .obsoletePKCS12Cipher(name: "RC2-40"))
        #expect(error.map(String.init(describing:))?.contains("openssl pkcs12 -legacy") == true)
    }

    @Test("A certificate of another key is not taken")
    func mismatch() throws {
        let key = try PrivateKey.generate(.p256)
        let certificate = try Self.bytes(Fixtures.certificate)
        #expect(throws: CryptoError.pkcs12WithoutMatchingCertificate) {
            try PKCS12.write(key: key, certificates: [certificate], passphrase: Fixtures.passphrase)
        }
    }

    @Test("What is no container is refused", arguments: [[], [0x30, 0x00], Array("poterne".utf8)])
    func malformed(bytes: [UInt8]) {
        #expect(throws: CryptoError.self) { try PKCS12.read(array: bytes, passphrase: []) }
    }
}
