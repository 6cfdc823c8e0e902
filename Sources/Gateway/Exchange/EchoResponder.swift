internal import HTTP

/// The embedded upstream: answers a request with the request itself, as JSON, and `/bytes/N` with N bytes.
///
/// For trials and tests: it shows what an upstream is given, every field as it came and in order.
final class EchoResponder: LocalResponder {
    /// Bytes of `/bytes/N` at the most: a slip of the keyboard should not fill a disk.
    private static let largest: UInt64 = 1 << 40

    private static let block = [UInt8](repeating: UInt8(ascii: "x"), count: 64 * 1024)

    private weak var exchange: Exchange?
    private var received: UInt64 = 0
    private var remaining: UInt64 = 0
    private var isSending = false

    func begin(_ exchange: Exchange) {
        self.exchange = exchange
    }

    func receiveBody(_ bytes: Span<UInt8>) {
        received += UInt64(bytes.count)
    }

    func receiveEnd() {
        guard let exchange else { return }
        let path = exchange.request.text(exchange.request.path)
        if path.hasPrefix("/bytes/"), let count = UInt64(path.dropFirst("/bytes/".count)), count <= Self.largest {
            sendBytes(count, for: exchange)
        } else {
            sendRequest(of: exchange)
        }
    }

    func downstreamDrained() {
        if isSending { sendMore() }
    }

    func cancel() {
        isSending = false
        exchange = nil
    }

    private func sendBytes(_ count: UInt64, for exchange: Exchange) {
        exchange.response.reset()
        exchange.response.status = 200
        exchange.response.framing = .length(count)
        exchange.response.fields.append(.contentType, value: "application/octet-stream")
        remaining = exchange.request.method == .head ? 0 : count
        isSending = true
        exchange.respondHead()
        sendMore()
    }

    private func sendMore() {
        while isSending, remaining > 0 {
            guard let exchange, !exchange.isDownstreamFull else { return }
            let count = Int(min(remaining, UInt64(Self.block.count)))
            remaining -= UInt64(count)
            exchange.respondBody(Self.block.span.extracting(0..<count))
        }
        guard isSending else { return }
        isSending = false
        exchange?.respondEnd()
    }

    private func sendRequest(of exchange: Exchange) {
        exchange.response.reset()
        exchange.response.status = 200
        exchange.response.fields.append(.contentType, value: "application/json")
        exchange.response.fields.append(.cacheControl, value: "no-store")
        let body = describe(exchange.request)
        exchange.respondWhole(body.span)
    }

    private func describe(_ request: RequestHead) -> [UInt8] {
        var method: [UInt8] = []
        request.appendMethod(to: &method)
        var json = Array("{\n  \"method\": ".utf8)
        json.append(jsonString: method.span)
        json.append(contentsOf: ",\n  \"path\": ".utf8)
        json.append(jsonString: utf8(request.target, of: request).span)
        json.append(contentsOf: ",\n  \"version\": ".utf8)
        json.append(jsonString: Array(request.version.description.utf8).span)
        json.append(contentsOf: ",\n  \"headers\": [".utf8)
        for (index, line) in request.fields.lines.enumerated() {
            json.append(contentsOf: (index == 0 ? "\n    [" : ",\n    [").utf8)
            json.append(jsonString: utf8(line.name, of: request).span)
            json.append(contentsOf: ", ".utf8)
            json.append(jsonString: utf8(line.value, of: request).span)
            json.append(UInt8(ascii: "]"))
        }
        json.append(contentsOf: "\n  ],\n  \"body_bytes\": \(received)\n}\n".utf8)
        return json
    }

    /// A field's value may be of any bytes above 0x7F (RFC 9110 §5.5), a JSON text may not (RFC 8259 §8.1).
    private func utf8(_ range: Range<Int>, of request: RequestHead) -> [UInt8] {
        Array(request.text(range).utf8)
    }
}
