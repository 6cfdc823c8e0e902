/// A JSON value, as far as tokens need one.
///
/// Texts are the UTF-8 bytes they stand for, and are compared byte by byte as RFC 7515 §5.3 asks: Swift's `String` takes
/// two spellings of an accented letter for the same text.
public enum JSONValue: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A number, without what stands behind its decimal point.
    case number(Int64)
    /// A number that no 64 bits hold, or with an exponent: nothing in a token has one.
    case otherNumber
    /// A text.
    case string([UInt8])
    /// A list.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)

    /// The bytes of a text; nil for any other value.
    public var string: [UInt8]? {
        if case .string(let bytes) = self { bytes } else { nil }
    }

    /// The members of an object; nil for any other value.
    public var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// Whether it is this text.
    public func isString(_ text: StaticString) -> Bool {
        guard let string else { return false }
        return string.span.bytes(equal: text)
    }
}

/// The members of a JSON object, in order; no two have the same name.
public struct JSONObject: Hashable, Sendable {
    /// One member.
    public struct Member: Hashable, Sendable {
        /// Its name.
        public let name: [UInt8]
        /// Its value.
        public let value: JSONValue
    }

    /// The members.
    public let members: [Member]

    /// The value of a member; nil when there is none of the name.
    public subscript(name: StaticString) -> JSONValue? {
        members.first { $0.name.span.bytes(equal: name) }?.value
    }
}
