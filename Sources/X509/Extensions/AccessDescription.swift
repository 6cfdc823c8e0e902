public import DER

/// Where to learn more from an issuer: its OCSP responder, its own certificate (RFC 5280 §4.2.2.1).
public struct AccessDescription: Hashable, Sendable {
    /// What is there, such as `ObjectIdentifier.ocspAccess`.
    public let method: ObjectIdentifier
    /// Where it is.
    public let location: GeneralName

    static func list(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) -> [AccessDescription] {
        var descriptions: [AccessDescription] = []
        var cursor = try element.expecting(.sequence).children
        repeat {
            var fields = try cursor.next(.sequence, in: bytes).children
            guard descriptions.count < Certificate.Limits.maxAccessDescriptions else {
                throw .tooManyElements(at: fields.position)
            }
            let method = try fields.next(.objectIdentifier, in: bytes).objectIdentifier(in: bytes)
            let location = try GeneralName(reading: fields.next(in: bytes), in: bytes)
            try fields.expectEnd()
            descriptions.append(AccessDescription(method: method, location: location))
        } while !cursor.isAtEnd
        return descriptions
    }
}
