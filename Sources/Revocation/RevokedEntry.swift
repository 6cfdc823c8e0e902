internal import DER

/// One entry of revokedCertificates: RFC 5280 §5.1.2.6.
struct RevokedEntry {
    /// The content octets of the serial number's INTEGER.
    let serial: Range<Int>
    let date: Timestamp
    let reason: RevocationReason
}

/// Walks the entries of a CRL, one at a time, without allocating.
struct RevokedEntryCursor {
    private var entries: DERCursor

    init(_ entries: Range<Int>) {
        self.entries = DERCursor(entries)
    }

    /// The next entry; nil after the last.
    mutating func next(in bytes: Span<UInt8>) throws(CRLError) -> RevokedEntry? {
        guard !entries.isAtEnd else { return nil }
        let serial: Range<Int>
        let date: Timestamp
        let extensions: DERElement?
        do {
            let entry = try entries.next(.sequence, in: bytes)
            var fields = entry.children
            serial = try fields.next(.integer, in: bytes).integer(in: bytes)
            date = try fields.next(in: bytes).time(in: bytes)
            extensions = try fields.optional(.sequence, in: bytes)
            try fields.expectEnd()
        } catch {
            throw .malformed(error)
        }
        guard serial.count <= RevocationLimits.serialOctets else {
            throw .serialTooLong(limit: RevocationLimits.serialOctets)
        }
        guard let extensions else { return RevokedEntry(serial: serial, date: date, reason: .unspecified) }
        return RevokedEntry(serial: serial, date: date, reason: try reason(in: extensions, bytes))
    }

    /// The serial of the next entry alone, for a walk over entries that were read before; nil after the last.
    mutating func nextSerial(in bytes: Span<UInt8>) throws(CRLError) -> Range<Int>? {
        guard !entries.isAtEnd else { return nil }
        do {
            var fields = try entries.next(.sequence, in: bytes).children
            return try fields.next(.integer, in: bytes).content
        } catch {
            throw .malformed(error)
        }
    }

    /// The reason that the entry's extensions give; what else they say is checked and left.
    private func reason(in extensions: DERElement, _ bytes: Span<UInt8>) throws(CRLError) -> RevocationReason {
        var reason: RevocationReason?
        var hasInvalidityDate = false
        var count = 0
        var cursor = extensions.children
        while !cursor.isAtEnd {
            count += 1
            guard count <= RevocationLimits.extensions else {
                throw .tooManyExtensions(limit: RevocationLimits.extensions)
            }
            let entryExtension = try CRLExtension(cursor.take(.sequence, in: bytes), in: bytes)
            switch entryExtension.certificateExtensionArc(in: bytes) {
            case ExtensionArc.reasonCode:
                guard reason == nil else {
                    throw .duplicateExtension(try entryExtension.objectIdentifier(in: bytes))
                }
                reason = try RevokedEntryCursor.reason(entryExtension.value, in: bytes)
            case ExtensionArc.invalidityDate:
                guard !hasInvalidityDate else {
                    throw .duplicateExtension(try entryExtension.objectIdentifier(in: bytes))
                }
                hasInvalidityDate = true
                var value = DERCursor(entryExtension.value)
                let date = try value.take(.generalizedTime, in: bytes)
                _ = try date.value { element throws(DERError) in try element.time(in: bytes) }
                try value.requireEnd()
            case ExtensionArc.certificateIssuer:
                throw .indirect
            default:
                guard !entryExtension.isCritical else {
                    throw .unknownCriticalEntryExtension(try entryExtension.objectIdentifier(in: bytes))
                }
            }
        }
        return reason ?? .unspecified
    }

    private static func reason(_ value: Range<Int>, in bytes: Span<UInt8>) throws(CRLError) -> RevocationReason {
        var cursor = DERCursor(value)
        let element = try cursor.take(.enumerated, in: bytes)
        try cursor.requireEnd()
        let code = try element.value { element throws(DERError) in try element.smallInteger(in: bytes) }
        guard let code = UInt8(exactly: code), let reason = RevocationReason(rawValue: code) else {
            throw .unknownReason
        }
        return reason
    }
}
