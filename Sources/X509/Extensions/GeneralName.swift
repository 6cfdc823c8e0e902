public import DER

/// A name of one of the kinds that certificates use besides distinguished names (RFC 5280 §4.2.1.6).
public enum GeneralName: Hashable, Sendable {
    /// A name of a type that some other text defines; the value is the DER inside the `[0]`.
    case other(type: ObjectIdentifier, value: [UInt8])
    /// A mailbox; as a constraint also a host, or a domain after a dot.
    case email(String)
    /// A host name; as a constraint a domain.
    case dns(String)
    /// An X.400 address, as encoded.
    case x400([UInt8])
    /// A distinguished name.
    case directory(DistinguishedName)
    /// An EDI party name, as encoded.
    case ediParty([UInt8])
    /// A URI; as a constraint a host, or a domain after a dot.
    case uri(String)
    /// An IP address, 4 or 16 octets; as a constraint followed by as many octets of mask.
    case ipAddress([UInt8])
    /// A registered identifier.
    case registeredID(ObjectIdentifier)

    /// Where a name stands, which decides how long its address may be.
    enum Role {
        case name, constraint
    }

    /// Reads a GeneralName that names something.
    ///
    /// - Throws: `DERError` when it is not one, or holds control characters: they have been used to hide a name's end.
    public init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        self = try GeneralName(reading: element, as: .name, in: bytes)
    }

    init(reading element: DERElement, as role: Role, in bytes: Span<UInt8>) throws(DERError) {
        switch element.tag {
        case .contextConstructed(0):
            var fields = element.children
            let type = try fields.next(.objectIdentifier, in: bytes).objectIdentifier(in: bytes)
            let value = try fields.next(.contextConstructed(0), in: bytes)
            try fields.expectEnd()
            self = .other(type: type, value: value.bytes(in: bytes))
        case .context(1):
            self = .email(try GeneralName.text(of: element, in: bytes))
        case .context(2):
            self = .dns(try GeneralName.text(of: element, in: bytes))
        case .contextConstructed(3):
            self = .x400(bytes.copy(of: element.whole))
        case .contextConstructed(4):
            // Name is a CHOICE, so its tag is EXPLICIT.
            var inner = element.children
            self = .directory(try DistinguishedName(reading: inner.next(.sequence, in: bytes), in: bytes))
            try inner.expectEnd()
        case .contextConstructed(5):
            self = .ediParty(bytes.copy(of: element.whole))
        case .context(6):
            self = .uri(try GeneralName.text(of: element, in: bytes))
        case .context(7):
            let octets = element.bytes(in: bytes)
            let lengths = role == .name ? [4, 16] : [8, 32]
            guard lengths.contains(octets.count) else { throw .invalidString(at: element.whole.lowerBound) }
            self = .ipAddress(octets)
        case .context(8):
            self = .registeredID(try element.objectIdentifier(in: bytes))
        default:
            throw .unexpectedTag(expected: .context(2), found: element.tag, at: element.whole.lowerBound)
        }
    }

    /// Reads GeneralNames, whatever the tag of the SEQUENCE; there must be one name at least.
    ///
    /// - Throws: `DERError` when they are not, or are more than `Certificate.Limits.maxGeneralNames`.
    public static func list(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) -> [GeneralName] {
        var names: [GeneralName] = []
        var cursor = element.children
        guard !cursor.isAtEnd else { throw .missing(.context(2), at: cursor.position) }
        while !cursor.isAtEnd {
            guard names.count < Certificate.Limits.maxGeneralNames else { throw .tooManyElements(at: cursor.position) }
            names.append(try GeneralName(reading: cursor.next(in: bytes), in: bytes))
        }
        return names
    }

    private static func text(of element: DERElement, in bytes: Span<UInt8>) throws(DERError) -> String {
        let octets = element.bytes(in: bytes)
        guard octets.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { throw .invalidString(at: element.whole.lowerBound) }
        return String(decoding: octets, as: UTF8.self)
    }

    /// The URI, when the name is one.
    public var uri: String? {
        if case .uri(let text) = self { text } else { nil }
    }
}
