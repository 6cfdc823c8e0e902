import Crypto
import DER
import Foundation

/// An authorization server's part in a test: a key, the key set that it publishes, and tokens signed with it.
///
/// Deliberately simple, and not the product's own writer: it signs whatever header and claims it is told to.
struct TokenIssuer {
    let key: PrivateKey
    let keyIdentifier: String

    init(_ keyIdentifier: String = "key-1") throws {
        key = try PrivateKey.generate(.p256)
        self.keyIdentifier = keyIdentifier
    }

    /// The public half, as a member of a key set.
    var webKey: String {
        get throws {
            let point = try key.publicKeyInfo.suffix(64)
            let x = Self.encode(Array(point.prefix(32)))
            let y = Self.encode(Array(point.suffix(32)))
            return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(x)\",\"y\":\"\(y)\",\"kid\":\"\(keyIdentifier)\"}"
        }
    }

    /// The key set with this key alone.
    var keySet: String { get throws { "{\"keys\":[\(try webKey)]}" } }

    /// A token for the caller whose certificate has this digest, with some claims otherwise; nil leaves one out.
    func token(
        for thumbprint: String, _ changes: [String: String?] = [:], header: String? = nil
    ) throws -> String {
        let now = Int(Date.now.timeIntervalSince1970)
        var claims = [
            "iss": "\"https://as.example\"", "aud": "\"https://api.example\"", "sub": "\"client-7\"",
            "iat": "\(now)", "exp": "\(now + 600)", "cnf": "{\"x5t#S256\":\"\(thumbprint)\"}",
        ]
        for (name, value) in changes { claims[name] = value }
        let text = "{" + claims.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        let header = header ?? "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"\(keyIdentifier)\"}"
        let signed = "\(Self.encode(Array(header.utf8))).\(Self.encode(Array(text.utf8)))"
        return "\(signed).\(Self.encode(try sign(Array(signed.utf8))))"
    }

    /// The 64 bytes that JOSE has for a signature, of the DER that the library makes.
    private func sign(_ message: [UInt8]) throws -> [UInt8] {
        let der = try key.sign(message.span, algorithm: .ecdsa(.sha256))
        var joined: [UInt8] = []
        var position = 2
        for _ in 0..<2 {
            let length = Int(der[position + 1])
            let number = der[(position + 2)..<(position + 2 + length)].drop { $0 == 0 }
            joined += [UInt8](repeating: 0, count: 32 - number.count) + number
            position += 2 + length
        }
        return joined
    }

    static func encode(_ bytes: [UInt8]) -> String { Base64.encode(bytes.span, variant: .url) }

    /// The digest of a caller's certificate.
    static func thumbprint(
        of caller: String = "callers/org-auth-cli", in folder: String = TestCertificates.folder
    ) throws -> SHA256Digest {
        let leaf = try certificates(of: "\(folder)/\(caller).pem")[0]
        return SHA256.digest(of: leaf.span)
    }
}

extension TestFolder {
    /// The files of a caller that is admitted and not the one that tests call with mostly: a name without `.pem`.
    func anotherCaller() throws -> String {
        let load = "\(TestCertificates.folder)/load"
        let names = try FileManager.default.contentsOfDirectory(atPath: load).filter { $0.hasSuffix(".pem") }.sorted()
        try write(contents(of: "\(load)/\(names[0])"), to: "other.pem")
        try write(contents(of: "\(load)/client.key"), to: "other.key")
        return self["other"]
    }
}
