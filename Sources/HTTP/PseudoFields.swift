/// Building a head from the pieces HTTP/2 brings (RFC 9113 §8.3), under the same rules HTTP/1.1 is held to.
///
/// Call `beginPseudoFields`, then the setters and `appendField` in the order the fields arrive, then
/// `finishPseudoFields`. What these accept can be written as HTTP/1.1 without meaning anything else.
extension RequestHead {
    /// Empties the head for a request of HTTP/2.
    public mutating func beginPseudoFields() {
        reset()
        version = .http2
    }

    /// Takes a pseudo-field; `name` includes its colon.
    public mutating func setPseudoField(_ name: Span<UInt8>, to value: Span<UInt8>) throws(MessageError) {
        // RFC 9113 §8.3: "All pseudo-header fields MUST appear in a field block before all regular field lines."
        guard fields.lines.isEmpty else { throw .invalidPseudoField }
        let part: PseudoFields
        if name.equals(":method") {
            part = .method
            guard FieldName.isValid(value) else { throw .invalidPseudoField }
        } else if name.equals(":scheme") {
            part = .scheme
            guard value.equals("https") || value.equals("http") else { throw .invalidPseudoField }
        } else if name.equals(":authority") {
            part = .authority
            guard Authority(0..<value.count, in: value) != nil else { throw .invalidHost }
        } else if name.equals(":path") {
            part = .path
            guard RequestHead.isPathAndQuery(value) else { throw .invalidPseudoField }
        } else {
            throw .invalidPseudoField
        }
        guard pseudoFields.insert(part).inserted else { throw .invalidPseudoField }
        let range = fields.store(value)
        switch part {
        case .method: method = Method(value, at: range)
        case .scheme: scheme = range
        case .authority: authority = range
        default: splitTarget(range)
        }
    }

    /// Takes a field line.
    public mutating func appendField(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(MessageError) {
        try fields.appendMultiplexed(name, value)
    }

    /// Checks what only the whole head shows; `endsHere` says that no content follows.
    public mutating func finishPseudoFields(endsHere: Bool) throws(MessageError) {
        guard pseudoFields.contains(.method) else { throw .invalidPseudoField }
        if method == .connect {
            // RFC 9113 §8.5: :scheme and :path are omitted, :authority is the target.
            guard pseudoFields == [.method, .authority], let authority else { throw .invalidPseudoField }
            form = .authority
            target = authority
        } else {
            guard pseudoFields.isSuperset(of: [.scheme, .path]) else { throw .invalidPseudoField }
            guard form != .asterisk || method == .options else { throw .invalidPseudoField }
        }
        try settleHost()
        try settleFraming(endsHere: endsHere)
        fields.joinCookies()
    }

    private mutating func settleHost() throws(MessageError) {
        guard let index = fields.firstIndex(of: .host) else {
            guard authority != nil else { throw .missingHost }
            return
        }
        for later in (index + 1)..<fields.lines.count where fields.lines[later].known == .host { throw .repeatedHost }
        let host = fields.lines[index].value
        guard Authority(host, in: fields.arena.span) != nil else { throw .invalidHost }
        guard let authority else {
            self.authority = host
            return
        }
        // RFC 9113 §8.3.1: "A server SHOULD treat a request as malformed if it contains a Host header field
        // that identifies an entity that differs from the entity in the :authority pseudo-header field."
        let bytes = fields.arena.span
        guard bytes.extracting(host).equalsIgnoringCase(bytes.extracting(authority)) else { throw .invalidHost }
    }

    private mutating func settleFraming(endsHere: Bool) throws(MessageError) {
        if let length = try fields.strictContentLength() {
            guard !endsHere || length == 0 else { throw .invalidContentLength }
            framing = .length(length)
        } else {
            // The end of the stream is the end of the content; HTTP/1.1 says that with chunks.
            framing = endsHere ? .none : .chunked
        }
    }

    private mutating func splitTarget(_ range: Range<Int>) {
        target = range
        form = fields.arena[range.lowerBound] == 0x2A ? .asterisk : .origin
        let mark = range.first { fields.arena[$0] == 0x3F }
        path = range.lowerBound..<(mark ?? range.upperBound)
        query = mark.map { ($0 + 1)..<range.upperBound }
    }

    private static func isPathAndQuery(_ value: Span<UInt8>) -> Bool {
        guard value.count > 0, value[0] == 0x2F || (value[0] == 0x2A && value.count == 1) else { return false }
        for index in 0..<value.count where !Octet.isVisible(value[index]) || value[index] == 0x23 { return false }
        return true
    }
}

/// Which pseudo-fields a head has had.
struct PseudoFields: OptionSet, Sendable {
    let rawValue: UInt8
    static var method: PseudoFields { PseudoFields(rawValue: 1) }
    static var scheme: PseudoFields { PseudoFields(rawValue: 2) }
    static var authority: PseudoFields { PseudoFields(rawValue: 4) }
    static var path: PseudoFields { PseudoFields(rawValue: 8) }
}

extension ResponseHead {
    /// Empties the head for a response of HTTP/2 with the value of its `:status`.
    public mutating func beginPseudoFields(status value: Span<UInt8>) throws(MessageError) {
        reset()
        version = .http2
        guard value.count == 3 else { throw .invalidPseudoField }
        var code: UInt16 = 0
        for index in 0..<3 {
            guard Octet.isDigit(value[index]) else { throw .invalidPseudoField }
            code = code * 10 + UInt16(value[index] &- 0x30)
        }
        // RFC 9113 §8.6: 101 has no meaning in HTTP/2.
        guard code >= 100, code <= 599, code != 101 else { throw .invalidPseudoField }
        status = Status(rawValue: code)
    }

    /// Takes a field line.
    public mutating func appendField(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(MessageError) {
        try fields.appendMultiplexed(name, value)
    }

    /// Checks what only the whole head shows; `endsHere` says that no content follows.
    public mutating func finishPseudoFields(endsHere: Bool, to method: Method) throws(MessageError) {
        let length = try fields.strictContentLength()
        if status.isAlwaysBodiless || method == .head {
            framing = .none
        } else if let length {
            guard !endsHere || length == 0 else { throw .invalidContentLength }
            framing = .length(length)
        } else {
            framing = endsHere ? .length(0) : .chunked
        }
    }
}

extension FieldSection {
    /// Adds a line that came by HTTP/2: lower-case name, none that concerns an HTTP/1.1 connection.
    public mutating func appendMultiplexed(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(MessageError) {
        try append(validating: name, value: value, lowercase: true)
        // RFC 9113 §8.2.2: "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header
        // fields […] The only exception to this is the TE header field, which […] MUST NOT contain any value other
        // than "trailers"."
        switch lines[lines.count - 1].known {
        case .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade, .http2Settings:
            throw .connectionSpecificField
        case .te:
            guard value.equalsIgnoringCase("trailers") else { throw .connectionSpecificField }
        default:
            break
        }
    }

    /// Makes one line of several Cookie lines (RFC 9113 §8.2.3: "…MUST be concatenated into a single octet
    /// string using the two-octet delimiter of 0x3B, 0x20").
    public mutating func joinCookies() {
        guard let first = firstIndex(of: .cookie) else { return }
        guard lines[(first + 1)...].contains(where: { $0.known == .cookie }) else { return }
        var joined: [UInt8] = []
        for line in lines where line.known == .cookie {
            if !joined.isEmpty { joined.append(literal: "; ") }
            joined.append(copying: arena.span.extracting(line.value))
        }
        remove(.cookie)
        append(.cookie, value: joined)
    }
}
