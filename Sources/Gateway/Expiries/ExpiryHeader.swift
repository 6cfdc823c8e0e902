internal import DER
internal import HTTP

/// The response field by which callers learn that their certificate ends soon.
struct ExpiryHeader: Sendable {
    private let name: FieldName
    /// An upstream's own field of that name would say something else.
    private let removal: FieldEdits

    /// A field of that name; nil for a name that is none.
    init?(_ name: String) {
        guard let field = FieldName(name) else { return nil }
        self.name = field
        removal = FieldEdits(remove: [name], set: [])
    }

    /// What there is to say to the holder of a certificate: the date of RFC 9110 §5.6.7 on which it ends; empty while that
    /// is far.
    static func value(notAfter: Timestamp, at moment: Timestamp, threshold: Int64) -> [UInt8] {
        let left = notAfter.seconds(since: moment)
        guard ExpiryLevel(left: left, threshold: threshold) != .fine else { return [] }
        var value: [UInt8] = []
        HTTPDate.append(secondsSinceEpoch: notAfter.secondsSinceEpoch, to: &value)
        return value
    }

    func append(_ value: [UInt8], to fields: inout FieldSection) {
        removal.apply(to: &fields)
        fields.append(name: name, value: value)
    }
}
