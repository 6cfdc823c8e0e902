internal import Crypto

/// A JWT in compact form (RFC 7515 §7.1), taken apart; whether its signature holds has not been asked yet.
public struct SignedToken: Sendable {
    /// What `alg` says; one of those that are ever verified.
    public let algorithm: JWSAlgorithm
    /// What `kid` says.
    public let keyIdentifier: [UInt8]?
    /// The claims, of which nothing is proven.
    public let claims: JSONObject

    /// What the signature is over: the first two parts and the dot between them.
    private let signedLength: Int
    private let signature: [UInt8]

    /// Takes a token apart.
    ///
    /// Keys and addresses of keys in its header (`jwk`, `jku`, `x5c`, `x5u`) are not looked at: a token does not say by
    /// which key it is to be believed.
    public init(_ text: Span<UInt8>) throws(TokenRefusal) {
        guard text.count <= Limits.token else { throw .tooLarge }
        guard let (first, second) = Self.dots(in: text) else { throw .malformed(.form) }
        let header = try Self.object(text.extracting(0..<first))
        algorithm = try Self.algorithm(of: header)
        // RFC 7515 §4.1.11: what a header calls critical has to be understood, and no extension is.
        guard header["crit"] == nil else { throw .malformed(.criticalHeader) }
        try Self.checkType(header["typ"])
        switch header["kid"] {
        case .none: keyIdentifier = nil
        case .string(let bytes) where bytes.count <= Limits.keyIdentifier: keyIdentifier = bytes
        case .some: throw .malformed(.header)
        }
        claims = try Self.object(text.extracting((first + 1)..<second))
        let signature = Base64.decode(text.extracting((second + 1)..<text.count), variant: .url)
        guard let signature, !signature.isEmpty else { throw .malformed(.encoding) }
        self.signature = signature
        signedLength = second
    }

    /// Whether a text has the form of one: an opaque token has not.
    public static func hasForm(_ text: Span<UInt8>) -> Bool {
        // `{"` in base64url: no header begins with anything else, and an opaque token may hold dots.
        text.count > 2 && text[0] == UInt8(ascii: "e") && text[1] == UInt8(ascii: "y") && dots(in: text) != nil
    }

    /// Where the two dots are; nil if there are fewer or more.
    private static func dots(in text: Span<UInt8>) -> (Int, Int)? {
        var found: [Int] = []
        for index in text.indices where text[index] == UInt8(ascii: ".") {
            guard found.count < 2 else { return nil }
            found.append(index)
        }
        return found.count == 2 ? (found[0], found[1]) : nil
    }

    private static func object(_ part: Span<UInt8>) throws(TokenRefusal) -> JSONObject {
        guard let bytes = Base64.decode(part, variant: .url) else { throw .malformed(.encoding) }
        do throws(JSONError) {
            guard let object = try JSONReader.read(bytes.span, limits: Limits.claims).object else {
                throw .syntax(at: 0)
            }
            return object
        } catch {
            throw .malformed(.json(error))
        }
    }

    private static func algorithm(of header: JSONObject) throws(TokenRefusal) -> JWSAlgorithm {
        guard let name = header["alg"]?.string else { throw .malformed(.header) }
        guard let algorithm = JWSAlgorithm(name) else { throw .algorithm }
        return algorithm
    }

    /// RFC 8725 §3.11: a token of another use, a logout token for instance, is no access token though it be signed well.
    private static func checkType(_ value: JSONValue?) throws(TokenRefusal) {
        guard let value else { return }
        guard let bytes = value.string else { throw .malformed(.header) }
        var name = String(decoding: bytes, as: UTF8.self).lowercased()
        if name.hasPrefix("application/") { name.removeFirst("application/".count) }
        guard name == "jwt" || name == "at+jwt" else { throw .malformed(.type) }
    }

    /// Refuses a token that none of the keys has signed, over this very text.
    func verify(by keys: KeySet, text: Span<UInt8>) throws(TokenRefusal) {
        let candidates = keys.candidates(for: algorithm, identifier: keyIdentifier)
        guard !candidates.isEmpty else { throw .keyUnknown }
        guard let bytes = signatureForLibrary else { throw .signatureInvalid }
        let message = text.extracting(0..<signedLength)
        for key in candidates {
            let holds = key.key.isValidSignature(bytes.span, over: message, algorithm: algorithm.signature)
            if holds { return }
        }
        throw .signatureInvalid
    }

    private var signatureForLibrary: [UInt8]? {
        algorithm == .es256 ? ECDSASignature.der(of: signature) : signature
    }
}
