/// How the end of a message's content is found (RFC 9112 §6.3).
public enum BodyFraming: Sendable, Hashable {
    /// There is no content.
    case none
    /// So many octets.
    case length(UInt64)
    /// The chunked transfer coding.
    case chunked
    /// Everything until the connection closes; of responses only.
    case untilClose
}

extension BodyFraming {
    /// Decides the framing of an HTTP/1.x request, or says why it has none that everybody agrees on.
    ///
    /// Leading zeros of a Content-Length are cut from the field, so that no recipient can take the number
    /// for octal.
    public init(request fields: inout FieldSection, version: Version) throws(MessageError) {
        let length = try fields.strictContentLength()
        guard fields.contains(.transferEncoding) else {
            self = length.map { .length($0) } ?? .none
            return
        }
        // RFC 9112 §6.1: a server or client that receives an HTTP/1.0 message containing a Transfer-Encoding
        // "MUST treat the message as if the framing is faulty".
        guard version >= .http11 else { throw .transferEncodingInHTTP10 }
        // RFC 9112 §6.3: such a message "might indicate an attempt to perform request smuggling […] and ought
        // to be handled as an error".
        guard length == nil else { throw .contentLengthWithTransferEncoding }
        try fields.requireChunkedOnly()
        self = .chunked
    }

    /// Decides the framing of an HTTP/1.x response to a request with the given method.
    ///
    /// A 101, and a 2xx to CONNECT, have no content either: what follows is not HTTP.
    public init(
        response fields: inout FieldSection, status: Status, version: Version, to method: Method
    ) throws(MessageError) {
        let length = try fields.strictContentLength()
        let isChunked = fields.contains(.transferEncoding)
        if isChunked {
            guard version >= .http11 else { throw .transferEncodingInHTTP10 }
            guard length == nil else { throw .contentLengthWithTransferEncoding }
            try fields.requireChunkedOnly()
        }
        if status.isInformational || status == 204 {
            // RFC 9112 §6.1, RFC 9110 §8.6: neither field may be sent here. A zero length is common and
            // says nothing wrong; any other makes recipients disagree.
            guard !isChunked else { throw .transferEncodingForbidden }
            guard length ?? 0 == 0 else { throw .contentLengthForbidden }
            fields.remove(.contentLength)
            self = .none
        } else if method == .head || status == 304 || (method == .connect && status.isSuccess) {
            self = .none
        } else if isChunked {
            self = .chunked
        } else {
            self = length.map { .length($0) } ?? .untilClose
        }
    }
}

extension FieldSection {
    /// The number in Content-Length, nil when there is none.
    ///
    /// RFC 9110 §8.6 allows a list of equal values; it is refused, as is a second line, since nothing that
    /// is well sends it. At most 2^63-1, for every peer to be able to hold it.
    public mutating func strictContentLength() throws(MessageError) -> UInt64? {
        guard let index = firstIndex(of: .contentLength) else { return nil }
        for later in (index + 1)..<lines.count where lines[later].known == .contentLength {
            throw .repeatedContentLength
        }
        let range = lines[index].value
        guard !range.isEmpty else { throw .invalidContentLength }
        var length: UInt64 = 0
        var start = range.upperBound - 1
        var isLeading = true
        for position in range {
            let byte = arena[position]
            guard Octet.isDigit(byte) else { throw .invalidContentLength }
            if isLeading, byte != 0x30 {
                isLeading = false
                start = position
            }
            let (product, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte &- 0x30))
            guard !overflow, !carry, sum <= UInt64(Int64.max) else { throw .invalidContentLength }
            length = sum
        }
        if start != range.lowerBound { setValue(ofLineAt: index, to: start..<range.upperBound) }
        return length
    }

    /// Demands that the transfer codings are `chunked` and nothing else.
    ///
    /// The lines are read as one list. Anything that is not a plain token, an empty element or a chunked
    /// that is not alone is malformed; a list of other codings is not supported here.
    fileprivate func requireChunkedOnly() throws(MessageError) {
        var chunkedCount = 0
        var lastIsChunked = false
        var otherCount = 0
        for line in lines where line.known == .transferEncoding {
            let value = arena.span.extracting(line.value)
            var start = 0
            for index in 0...value.count where index == value.count || value[index] == Octet.comma {
                var element = start..<index
                while let first = element.first, Octet.isBlank(value[first]) {
                    element = (first + 1)..<element.upperBound
                }
                while let last = element.last, Octet.isBlank(value[last]) { element = element.lowerBound..<last }
                start = index + 1
                let coding = value.extracting(element)
                guard FieldName.isValid(coding) else { throw .malformedTransferEncoding }
                lastIsChunked = coding.equalsIgnoringCase("chunked")
                if lastIsChunked { chunkedCount += 1 } else { otherCount += 1 }
            }
        }
        // RFC 9112 §6.1: chunked more than once, or not last, is a fault; §6.1 again: an unknown coding is
        // answered with 501.
        guard chunkedCount <= 1, chunkedCount == 0 || lastIsChunked else { throw .malformedTransferEncoding }
        guard otherCount == 0 else { throw .unsupportedTransferCoding }
    }
}
