internal import HTTP

extension RequestHead {
    /// Reads the request target into its parts, as ranges of `bytes` (RFC 9112 §3.2).
    ///
    /// `queryMark` is where its first `?` lies. Characters that RFC 3986 does not allow in a target, such as
    /// `|` and `{`, pass as they are if they are visible ASCII: clients of FHIR servers send them in queries.
    mutating func readTarget(_ bytes: Span<UInt8>, queryMark: Int?) throws(MessageError) {
        let end = target.upperBound
        query = queryMark.map { ($0 + 1)..<end }
        let pathEnd = queryMark ?? end
        if method == .connect {
            // RFC 9112 §3.2.3: the authority form is for CONNECT only, and CONNECT has no other.
            guard let authority = Authority(target, in: bytes), authority.port != nil else { throw .malformedTarget }
            form = .authority
            self.authority = target
            path = end..<end
            return
        }
        switch bytes[target.lowerBound] {
        case 0x2F:
            form = .origin
            path = target.lowerBound..<pathEnd
        case 0x2A where target.count == 1:
            // RFC 9112 §3.2.4: the asterisk form is only used for a server-wide OPTIONS request.
            guard method == .options else { throw .malformedTarget }
            form = .asterisk
            path = target
        default:
            try readAbsoluteForm(bytes, pathEnd: pathEnd)
        }
    }

    private mutating func readAbsoluteForm(_ bytes: Span<UInt8>, pathEnd: Int) throws(MessageError) {
        let start = target.lowerBound
        let text = bytes.extracting(target)
        let schemeCount: Int
        if text.count > 7, text.extracting(0..<7).equalsIgnoringCase("http://") {
            schemeCount = 4
        } else if text.count > 8, text.extracting(0..<8).equalsIgnoringCase("https://") {
            schemeCount = 5
        } else {
            throw .malformedTarget
        }
        scheme = start..<(start + schemeCount)
        let authorityStart = start + schemeCount + 3
        var index = authorityStart
        while index < pathEnd, bytes[index] != 0x2F { index += 1 }
        let range = authorityStart..<index
        guard Authority(range, in: bytes) != nil else { throw .malformedTarget }
        form = .absolute
        authority = range
        path = index..<pathEnd
    }

    /// Checks what only the whole head shows: Host, Connection, framing.
    ///
    /// The octets are in the arena.
    mutating func finish(_ limits: Limits) throws(MessageError) {
        try settleAuthority()
        try fields.limitConnectionOptions(limits)
        framing = try BodyFraming(request: &fields, version: version)
    }

    /// Makes `authority` and the Host field say the same.
    private mutating func settleAuthority() throws(MessageError) {
        // RFC 9112 §3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request
        // message that lacks a Host header field and to any request message that contains more than one Host
        // header field line or a Host header field with an invalid field value."
        guard let index = fields.firstIndex(of: .host) else {
            guard version == .http10 else { throw .missingHost }
            return
        }
        for later in (index + 1)..<fields.lines.count where fields.lines[later].known == .host { throw .repeatedHost }
        let host = fields.lines[index].value
        guard !host.isEmpty else { throw .missingHost }
        guard Authority(host, in: fields.arena.span) != nil else { throw .invalidHost }
        if let authority {
            // RFC 9112 §3.2.2: with the absolute form, "the origin server MUST ignore the received Host header
            // field (if any) and instead use the host information of the request-target". So does everybody
            // behind this gateway.
            fields.setValue(ofLineAt: index, to: authority)
        } else {
            authority = host
        }
    }
}

extension FieldSection {
    /// Reads what `Connection` lists, and refuses more options than the limit.
    mutating func limitConnectionOptions(_ limits: Limits) throws(MessageError) {
        guard readConnectionOptions() <= limits.connectionOptions else { throw .tooManyConnectionOptions }
    }
}
