/// The keys that an issuer signs its tokens with, read from a JWK Set (RFC 7517 §5): immutable.
public struct KeySet: Sendable {
    private let keys: [JSONWebKey]
    /// Members of the set that are not used, by their place in it.
    public let unusable: [(index: Int, reason: JSONWebKey.Unusable)]

    /// Why a text is no key set that can be used.
    public enum Malformed: Error, Hashable, Sendable {
        /// It is no JSON.
        case json(JSONError)
        /// It is no object with a list named `keys`.
        case form
        /// No key in it can be used.
        case noKey
    }

    /// Reads a key set.
    ///
    /// Members that cannot be used are passed over, as RFC 7517 §5 says; a set of which none can is refused.
    public init(_ text: Span<UInt8>) throws(Malformed) {
        let value: JSONValue
        do { value = try JSONReader.read(text, limits: Limits.keySetText) } catch { throw .json(error) }
        guard case .array(let members)? = value.object?["keys"] else { throw .form }
        var keys: [JSONWebKey] = []
        var unusable: [(index: Int, reason: JSONWebKey.Unusable)] = []
        for (index, member) in members.prefix(Limits.keys).enumerated() {
            do { keys.append(try JSONWebKey(member)) } catch { unusable.append((index, error)) }
        }
        guard !keys.isEmpty else { throw .noKey }
        self.keys = keys
        self.unusable = unusable
    }

    /// How many keys can be used.
    public var count: Int { keys.count }

    /// The keys that may have made a signature.
    func candidates(for algorithm: JWSAlgorithm, identifier: [UInt8]?) -> ArraySlice<JSONWebKey> {
        keys.filter { key in
            (identifier == nil || key.identifier == identifier) && key.fits(algorithm)
        }.prefix(Limits.keysTried)
    }
}

extension KeySet.Malformed: CustomStringConvertible {
    /// A few words for an operator.
    public var description: String {
        switch self {
        case .json: "it is not JSON as RFC 8259 has it, or too large"
        case .form: "it is no JWK set: an object with a list named keys"
        case .noKey: "it holds no key that can be used"
        }
    }
}
