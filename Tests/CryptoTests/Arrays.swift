import Crypto

// The macros of Testing take no Span among the arguments of a call: these take arrays.

extension Base64 {
    static func encode(array bytes: [UInt8], variant: Variant = .standard) -> String {
        encode(bytes.span, variant: variant)
    }
}

extension Hexadecimal {
    static func encode(array bytes: [UInt8], letters: Letters = .lowercase) -> String {
        encode(bytes.span, letters: letters)
    }
}

extension SHA256 {
    static func digest(ofArray bytes: [UInt8]) -> SHA256Digest { digest(of: bytes.span) }
}

extension SHA256Digest {
    init?(array bytes: [UInt8]) { self.init(bytes: bytes.span) }
}

extension PublicKey {
    convenience init(info: [UInt8]) throws(CryptoError) { try self.init(subjectPublicKeyInfo: info.span) }

    func accepts(_ signature: [UInt8], over message: [UInt8], _ algorithm: SignatureAlgorithm) -> Bool {
        isValidSignature(signature.span, over: message.span, algorithm: algorithm)
    }
}

extension PrivateKey {
    static func read(pem: [UInt8], _ passphrase: [UInt8]? = nil) throws(CryptoError) -> PrivateKey {
        try PrivateKey(pem: pem.span, passphrase: passphrase)
    }

    static func read(der: [UInt8], _ passphrase: [UInt8]? = nil) throws(CryptoError) -> PrivateKey {
        try PrivateKey(der: der.span, passphrase: passphrase)
    }
}

extension PrivateKey {
    func sign(array message: [UInt8], _ algorithm: SignatureAlgorithm) throws(CryptoError) -> [UInt8] {
        try sign(message.span, algorithm: algorithm)
    }
}

extension SignatureAlgorithm {
    init(array der: [UInt8]) throws(CryptoError) { try self.init(algorithmIdentifier: der.span) }
}

extension PKCS12 {
    static func read(array bytes: [UInt8], passphrase: [UInt8]) throws(CryptoError) -> Contents {
        try read(bytes.span, passphrase: passphrase)
    }
}
