public import Crypto

/// A P-256 key of the gateway's own, with which it signs tokens (ES256), and its public half as a JWK.
public struct TokenSigner: Sendable {
    /// Why a key cannot be used for it.
    public enum Unusable: Error, Hashable, Sendable {
        /// It is not on the curve P-256.
        case notP256
        /// Its public half is written in the compressed form.
        case compressedPoint
        /// The cryptographic library failed.
        case crypto(CryptoError)
    }

    private let key: PrivateKey
    /// The base64url of the two coordinates.
    private let x: String
    private let y: String
    /// `kid`: the key's thumbprint (RFC 7638), so that every node that has the key names it alike.
    public let keyIdentifier: String
    /// The token's first part.
    private let header: [UInt8]

    /// Takes a key; the type is what `typ` will say.
    public init(_ key: PrivateKey, type: String = "JWT") throws(Unusable) {
        guard key.kind == .ec(curve: "prime256v1") else { throw .notP256 }
        let info: [UInt8]
        do { info = try key.publicKeyInfo } catch { throw .crypto(error) }
        // The point is the last thing in a SubjectPublicKeyInfo: 0x04, x and y (RFC 5480 §2.2).
        guard info.count == 91, info[26] == 0x04 else { throw .compressedPoint }
        self.key = key
        x = Base64.encode(Array(info[27..<59]).span, variant: .url)
        y = Base64.encode(Array(info[59..<91]).span, variant: .url)
        // RFC 7638 §3: the required members, in lexicographic order, without blanks.
        let canonical = Array("{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"\(x)\",\"y\":\"\(y)\"}".utf8)
        keyIdentifier = SHA256.digest(of: canonical.span).base64URL
        let header = Array("{\"alg\":\"ES256\",\"kid\":\"\(keyIdentifier)\",\"typ\":\"\(type)\"}".utf8)
        var encoded: [UInt8] = []
        Base64.append(header.span, to: &encoded, variant: .url)
        self.header = encoded
    }

    /// The public half (RFC 7517).
    public var webKey: String {
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(x)\",\"y\":\"\(y)\",\"kid\":\"\(keyIdentifier)\",\"use\":\"sig\",\"alg\":\"ES256\"}"
    }

    /// The public halves of several keys as a JWK Set.
    public static func webKeySet(of signers: [TokenSigner]) -> String {
        "{\"keys\":[\(signers.map(\.webKey).joined(separator: ","))]}\n"
    }

    /// The compact form of a JWT with these claims.
    public func sign(_ claims: ClaimsWriter) throws(CryptoError) -> [UInt8] {
        var token = header
        token.append(UInt8(ascii: "."))
        Base64.append(claims.text.span, to: &token, variant: .url)
        let der = try key.sign(token.span, algorithm: .ecdsa(.sha256))
        guard let signature = ECDSASignature.joined(of: der) else {
            throw .library(function: "EVP_DigestSign", code: 0)
        }
        token.append(UInt8(ascii: "."))
        Base64.append(signature.span, to: &token, variant: .url)
        return token
    }
}

extension TokenSigner.Unusable: CustomStringConvertible {
    /// One sentence for the person who has to mend it.
    public var description: String {
        switch self {
        case .notP256:
            "not a key on the curve P-256; make one with `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256`"
        case .compressedPoint: "its public half is compressed; convert it with `openssl ec -conv_form uncompressed`"
        case .crypto(let error): error.description
        }
    }
}
