internal import Crypto
internal import HTTP

/// What a caller asks to speak instead of HTTP/1.1 on its connection (RFC 9110 §7.8), as far as it is passed on.
struct Upgrade: Equatable {
    /// The value of the Upgrade field that the upstream gets.
    let protocols: [UInt8]
    /// What the upstream has to answer to the caller's WebSocket key (RFC 6455 §4.2.2); nil for other protocols.
    let webSocketProof: [UInt8]?

    /// What a request asks for; nil when it asks for nothing that may be passed on.
    ///
    /// Only an HTTP/1.1 request without content can ask, in both fields that are to say it: the bytes behind it could
    /// otherwise be taken for two things. Other versions of HTTP, and TLS, are never asked for: behind them an upstream
    /// would take requests that the gateway has not looked at.
    init?(askedBy request: RequestHead) {
        guard request.version == .http11, request.framing == .none, request.fields.contains(.upgrade),
            request.fields.connectionOptions.contains(.upgrade)
        else { return nil }
        var protocols: [UInt8] = []
        request.fields.forEachElement(of: .upgrade) { name in
            guard Self.isPassedOn(name) else { return }
            if !protocols.isEmpty { protocols.append(literal: ", ") }
            protocols.append(copying: name)
        }
        guard !protocols.isEmpty else { return nil }
        self.protocols = protocols
        guard request.fields.lists("websocket", in: .upgrade) else {
            webSocketProof = nil
            return
        }
        let key = request.fields.value(named: "Sec-WebSocket-Key") ?? 0..<0
        webSocketProof = Self.proof(for: request.fields.arena.span.extracting(key))
    }

    private static func isPassedOn(_ name: Span<UInt8>) -> Bool {
        let isHTTP = name.count >= 4 && name.extracting(0..<4).equalsIgnoringCase("http")
        let isTLS = name.count >= 3 && name.extracting(0..<3).equalsIgnoringCase("tls")
        // With a version behind it too: `h2c/1`.
        let isHTTP2 = name.hasPrefix("h2")
        return !isHTTP && !isTLS && !isHTTP2
    }

    /// RFC 6455 §4.2.2: the key and a constant, hashed.
    private static func proof(for key: Span<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        text.append(copying: key)
        text.append(literal: "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
        return Array(Base64.encode(SHA1.digest(of: text.span).span).utf8)
    }

    /// Whether a 101 answers this very request: it names protocols that were asked for and nothing else, and proves that
    /// it has read the key.
    func isGranted(by response: ResponseHead) -> Bool {
        guard response.fields.connectionOptions.contains(.upgrade) else { return false }
        var names = 0
        var isAsked = true
        response.fields.forEachElement(of: .upgrade) { name in
            names += 1
            if !contains(name) { isAsked = false }
        }
        guard names > 0, isAsked else { return false }
        guard response.fields.lists("websocket", in: .upgrade), let webSocketProof else { return true }
        guard let range = response.fields.value(named: "Sec-WebSocket-Accept") else { return false }
        let proof = response.fields.arena.span.extracting(range)
        guard proof.count == webSocketProof.count else { return false }
        for index in 0..<proof.count where proof[index] != webSocketProof[index] { return false }
        return true
    }

    private func contains(_ name: Span<UInt8>) -> Bool {
        var cursor = ListCursor(0..<protocols.count)
        while let element = cursor.next(in: protocols.span) {
            if protocols.span.extracting(element).equalsIgnoringCase(name) { return true }
        }
        return false
    }
}
