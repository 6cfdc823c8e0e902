/// Why bytes are not the DER that was asked for; `at` is always an offset into the bytes given to the reader.
public enum DERError: Error, Hashable, Sendable {
    /// An element says it is longer than what holds it.
    case truncated(at: Int)
    /// A tag number of 31 or above, in the form of several octets.
    case highTagNumber(at: Int)
    /// A length of indefinite form, which DER forbids.
    case indefiniteLength(at: Int)
    /// A length in more octets than it needs.
    case nonMinimalLength(at: Int)
    /// A length in more than four octets.
    case lengthTooLarge(at: Int)
    /// Another element than the one the structure calls for.
    case unexpectedTag(expected: DERTag, found: DERTag, at: Int)
    /// An element is missing: its container ended.
    case missing(DERTag, at: Int)
    /// Something follows the last element of a structure.
    case trailingBytes(at: Int)
    /// A BOOLEAN that is neither 00 nor FF.
    case invalidBoolean(at: Int)
    /// An INTEGER without octets or with needless leading ones.
    case invalidInteger(at: Int)
    /// An INTEGER that is negative, or too large, where a small number is meant.
    case integerOutOfRange(at: Int)
    /// A BIT STRING whose count of unused bits is wrong, or whose unused bits are set.
    case invalidBitString(at: Int)
    /// A NULL with content.
    case invalidNull(at: Int)
    /// An OBJECT IDENTIFIER that is empty, padded, cut, or too long.
    case invalidObjectIdentifier(at: Int)
    /// A time that RFC 5280 §4.1.2.5 does not allow, or that no calendar has.
    case invalidTime(at: Int)
    /// A string outside its alphabet, or of a length its use forbids.
    case invalidString(at: Int)
    /// More elements than the reader's bound.
    case tooManyElements(at: Int)
    /// An element that may stand once stands twice.
    case repeated(at: Int)
}

extension DERError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .truncated(let at): "the element at byte \(at) is longer than what holds it"
        case .highTagNumber(let at): "the tag at byte \(at) has a number above 30"
        case .indefiniteLength(let at): "the length at byte \(at) is indefinite, which DER forbids"
        case .nonMinimalLength(let at): "the length at byte \(at) is not in its shortest form"
        case .lengthTooLarge(let at): "the length at byte \(at) takes more than four octets"
        case .unexpectedTag(let expected, let found, let at): "byte \(at) holds \(found) where \(expected) is required"
        case .missing(let tag, let at): "\(tag) is missing at byte \(at)"
        case .trailingBytes(let at): "bytes follow the end of the structure at byte \(at)"
        case .invalidBoolean(let at): "the BOOLEAN at byte \(at) is neither 00 nor FF"
        case .invalidInteger(let at): "the INTEGER at byte \(at) is empty or not in its shortest form"
        case .integerOutOfRange(let at): "the INTEGER at byte \(at) is out of range"
        case .invalidBitString(let at): "the BIT STRING at byte \(at) has wrong unused bits"
        case .invalidNull(let at): "the NULL at byte \(at) is not empty"
        case .invalidObjectIdentifier(let at): "the OBJECT IDENTIFIER at byte \(at) is malformed"
        case .invalidTime(let at): "the time at byte \(at) is not one that RFC 5280 allows"
        case .invalidString(let at): "the string at byte \(at) is outside its alphabet or of a wrong length"
        case .tooManyElements(let at): "there are more elements at byte \(at) than the reader accepts"
        case .repeated(let at): "the element at byte \(at) stands twice"
        }
    }
}
