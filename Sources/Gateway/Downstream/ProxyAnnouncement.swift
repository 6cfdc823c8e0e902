internal import EventLoop

/// What a trusted proxy says of a connection before anything else: its PROXY header, as far as it has come.
struct ProxyAnnouncement {
    private var bytes: [UInt8] = []

    /// Whom the proxy names in its own place; nil when it speaks for itself.
    private(set) var caller: SocketAddress?

    /// Reads the header and not a byte of what follows it, which is for TLS to read; `.moved` when it is whole.
    mutating func read(from transport: inout Transport) -> Transport.Outcome {
        let before = bytes.count
        switch transport.appendPeeked(to: &bytes, atMost: Limits.proxyHeader) {
        case .moved: break
        case let other: return other
        }
        do throws(ProxyHeader.Malformed) {
            let progress = try ProxyHeader.read(bytes.span)
            guard case .complete(let source, let length) = progress else {
                transport.skip(bytes.count - before)
                return .wantsRead
            }
            transport.skip(length - before)
            bytes = []
            if case .caller(let address) = source { caller = address }
            return .moved(0)
        } catch {
            return .failed(.proxyHeader(error))
        }
    }
}
