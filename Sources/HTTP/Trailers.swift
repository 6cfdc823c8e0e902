extension FieldSection {
    /// Removes what no trailer may say: every field that somebody reads before the content.
    ///
    /// RFC 9110 §6.5.1 forbids fields "necessary for message framing, routing, request modifiers,
    /// authentication, response control data, or determining how to process the content". All fields known
    /// here are of those kinds; of the others, the families below and what `isForbidden` says (the identity
    /// families) go too.
    public mutating func removeForbiddenTrailers(also isForbidden: (Span<UInt8>) -> Bool) {
        remove { line, name in
            line.known != .other || FieldSection.isOfForbiddenFamily(name) || isForbidden(name)
        }
    }

    private static func isOfForbiddenFamily(_ name: Span<UInt8>) -> Bool {
        name.hasPrefix("content-") || name.hasPrefix("if-") || name.hasPrefix("proxy-") || name.hasPrefix("sec-")
            || name.hasPrefix("x-forwarded-") || name.hasPrefix("access-control-") || name.hasPrefix("set-cookie")
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes begin with those of `text`, with the case of letters ignored.
    public func hasPrefix(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount && extracting(0..<text.utf8CodeUnitCount).equalsIgnoringCase(text)
    }
}
