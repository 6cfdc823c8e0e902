import Crypto
import DER
import Testing

@Suite("Signatures")
struct SignatureTests {
    static let rsa = Result { try PrivateKey.generate(.rsa(bits: 2048)) }
    static let p256 = Result { try PrivateKey.generate(.p256) }
    static let ed25519 = Result { try PrivateKey.generate(.ed25519) }

    static let pairs: [(Result<PrivateKey, any Error>, SignatureAlgorithm)] = [
        (rsa, .rsaPKCS1(.sha1)), (rsa, .rsaPKCS1(.sha256)), (rsa, .rsaPKCS1(.sha384)), (rsa, .rsaPKCS1(.sha512)),
        (rsa, .rsaPSS(digest: .sha256, mask: .sha256, saltLength: 32)),
        (rsa, .rsaPSS(digest: .sha512, mask: .sha1, saltLength: 0)),
        (p256, .ecdsa(.sha1)), (p256, .ecdsa(.sha256)), (p256, .ecdsa(.sha384)), (p256, .ecdsa(.sha512)),
        (ed25519, .ed25519),
    ]

    @Test("A signature holds for its message, key and algorithm and for nothing else", arguments: pairs)
    func roundTrip(key: Result<PrivateKey, any Error>, algorithm: SignatureAlgorithm) throws {
        let key = try key.get()
        // Longer than one piece, so that the pieces are put together.
        var message = try randomBytes(2_500_000)
        var signature = try key.sign(array: message, algorithm)
        let publicKey = try PublicKey(info: key.publicKeyInfo)
        #expect(publicKey.accepts(signature, over: message, algorithm))

        for (_, other) in Self.pairs where other != algorithm {
            #expect(!publicKey.accepts(signature, over: message, other))
        }
        let stranger = try PrivateKey.generate(.p256).publicKey
        #expect(!stranger.accepts(signature, over: message, algorithm))
        #expect(!publicKey.accepts([], over: message, algorithm))

        message[message.count - 1] ^= 1
        #expect(!publicKey.accepts(signature, over: message, algorithm))
        message[message.count - 1] ^= 1
        signature[signature.count / 2] ^= 1
        #expect(!publicKey.accepts(signature, over: message, algorithm))
    }

    @Test("A key signs only with algorithms of its kind")
    func unfit() throws {
        let key = try Self.p256.get()
        #expect(throws: CryptoError.algorithmDoesNotFitKey) {
            try key.sign(array: [1], .rsaPKCS1(.sha256))
        }
    }

    @Test(
        "A public exponent that makes verifying as dear as signing makes no key",
        arguments: [([1, 0, 1], true), ([0x80, 0, 0, 0, 0, 0, 0, 1], true), ([1, 0, 0, 0, 0, 0, 0, 0, 1], false)])
    func exponents(exponent: [UInt8], isKey: Bool) throws {
        var numbers = DERWriter()
        numbers.sequence { numbers in
            numbers.integer(magnitude: [0xC1] + [UInt8](repeating: 0x5A, count: 254) + [0x01])
            numbers.integer(magnitude: exponent)
        }
        var writer = DERWriter()
        writer.sequence { info in
            info.sequence { algorithm in
                algorithm.objectIdentifier("1.2.840.113549.1.1.1")
                algorithm.null()
            }
            info.bitString(numbers.bytes)
        }
        let kind = try PublicKey(info: writer.bytes).kind
        #expect((kind != .other) == isKey)
    }

    @Test("Only SHA-1 is called broken among the algorithms that are read")
    func broken() {
        #expect(SignatureAlgorithm.rsaPKCS1(.sha1).isBroken)
        #expect(SignatureAlgorithm.ecdsa(.sha1).isBroken)
        #expect(!SignatureAlgorithm.rsaPKCS1(.sha256).isBroken)
        #expect(!SignatureAlgorithm.ed25519.isBroken)
    }

    static let identifiers: [(String, SignatureAlgorithm)] = [
        ("300d06092a864886f70d0101050500", .rsaPKCS1(.sha1)),
        ("300d06092a864886f70d01010b0500", .rsaPKCS1(.sha256)),
        ("300b06092a864886f70d01010b", .rsaPKCS1(.sha256)),
        ("300d06092a864886f70d01010c0500", .rsaPKCS1(.sha384)),
        ("300d06092a864886f70d01010d0500", .rsaPKCS1(.sha512)),
        ("300a06082a8648ce3d040302", .ecdsa(.sha256)),
        ("300a06082a8648ce3d040303", .ecdsa(.sha384)),
        ("300506032b6570", .ed25519),
        (
            "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d"
                + "06096086480165030402010500a203020120",
            .rsaPSS(digest: .sha256, mask: .sha256, saltLength: 32)
        ),
        ("300d06092a864886f70d01010a3000", .rsaPSS(digest: .sha1, mask: .sha1, saltLength: 20)),
    ]

    @Test("The algorithm is read from its identifier", arguments: identifiers)
    func identifier(hex: String, expected: SignatureAlgorithm) throws {
        let der = try #require(Hexadecimal.decode(hex))
        #expect(try SignatureAlgorithm(array: der) == expected)
    }

    @Test(
        "An identifier that is unknown, weak or not as its RFC says is refused",
        arguments: [
            ("MD5 with RSA", "300d06092a864886f70d0101040500"),
            ("RSA with other parameters", "300d06092a864886f70d01010b3000"),
            ("ECDSA with NULL", "300c06082a8648ce3d0403020500"),
            ("Ed25519 with NULL", "300706032b65700500"),
            ("PSS without parameters", "300b06092a864886f70d01010a"),
            ("rsaEncryption", "300d06092a864886f70d0101010500"),
            ("a length in BER", "30810d06092a864886f70d01010b0500"),
            ("bytes behind", "300d06092a864886f70d01010b050000"),
            ("cut", "300d06092a864886f70d01010b05"),
            ("nothing", ""),
            ("PSS with MD5", "301d06092a864886f70d01010a3010a00e300c06082a864886f70d02050500"),
            ("PSS with a negative salt", "301206092a864886f70d01010a3005a2030201ff"),
        ])
    func refusedIdentifier(what: String, hex: String) throws {
        let der = try #require(Hexadecimal.decode(hex))
        #expect(throws: CryptoError.unsupportedSignatureAlgorithm, "\(what)") {
            try SignatureAlgorithm(array: der)
        }
    }
}
