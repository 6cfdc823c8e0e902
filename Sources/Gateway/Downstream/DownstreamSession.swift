/// What serves a caller's connection: the server's side of the protocol that it speaks.
enum DownstreamSession {
    /// None yet: the handshake is not over, or in the clear no byte has come.
    case none
    case http1(HTTP1Session)
    case http2(MultiplexedSession)

    /// In the clear, what the first bytes ask for; none as long as they can be either's.
    init(toldByInputOf connection: DownstreamConnection) {
        let preface = Array("PRI * HTTP/2.0".utf8)
        let (isPreface, isWhole) = connection.input.withBytes { bytes in
            let count = min(bytes.count, preface.count)
            for index in 0..<count where bytes[index] != preface[index] { return (false, true) }
            return (true, count == preface.count)
        }
        guard isWhole else {
            self = .none
            return
        }
        self =
            isPreface
            ? .http2(MultiplexedSession(connection: connection)) : .http1(HTTP1Session(connection: connection))
    }

    /// New bytes are in the connection's input.
    func receive() {
        switch self {
        case .none: break
        case .http1(let session): session.receive()
        case .http2(let session): session.receive()
        }
    }

    /// What waited for the caller has left.
    func drained() {
        switch self {
        case .none, .http2: break
        case .http1(let session): session.exchange.downstreamDrained()
        }
    }

    /// There is room behind what waits for the caller; says whether anything was put there.
    func fillOutput() -> Bool {
        switch self {
        case .none, .http1: false
        case .http2(let session): session.fillOutput()
        }
    }

    /// Whether there is a request in hand.
    var isBusy: Bool {
        switch self {
        case .none: false
        case .http1(let session): session.isBusy
        case .http2(let session): session.isBusy
        }
    }

    /// Has the log say why the requests in hand end with the connection.
    func note(refusal code: String) {
        switch self {
        case .none: break
        case .http1(let session): if session.isBusy { session.exchange.record.refusal = code }
        case .http2(let session): session.note(refusal: code)
        }
    }

    /// The connection is lost, or must end now.
    func cancel() {
        switch self {
        case .none: break
        case .http1(let session): session.cancel()
        case .http2(let session): session.cancel()
        }
    }

    /// The deadline that the session set has passed.
    func timedOut() {
        switch self {
        case .none: break
        case .http1(let session): session.timedOut()
        case .http2(let session): session.timedOut()
        }
    }
}

/// Where an exchange's caller is: the connection's only request at a time, or one stream among others.
///
/// The session owns the exchange and outlives it.
enum DownstreamStream {
    case http1(HTTP1Reference)
    case http2(HTTP2Reference)

    struct HTTP1Reference {
        unowned let session: HTTP1Session
    }

    struct HTTP2Reference {
        unowned let stream: MultiplexedStream
    }

    init(_ session: HTTP1Session) { self = .http1(HTTP1Reference(session: session)) }

    init(_ stream: MultiplexedStream) { self = .http2(HTTP2Reference(stream: stream)) }

    var connection: DownstreamConnection {
        switch self {
        case .http1(let caller): caller.session.connection
        case .http2(let caller): caller.stream.connection
        }
    }

    /// Whether more waits for the caller than its source should add to.
    var isOutputFull: Bool {
        switch self {
        case .http1(let caller): caller.session.connection.isOutputFull
        case .http2(let caller): caller.stream.isOutputFull
        }
    }

    /// The upstream is ready for more of the body.
    func resumeBody() {
        switch self {
        case .http1(let caller): caller.session.resumeBody()
        case .http2(let caller): caller.stream.resumeBody()
        }
    }

    /// Writes the interim response that is in the exchange.
    func sendInformational() {
        switch self {
        case .http1(let caller): caller.session.sendInformational()
        case .http2(let caller): caller.stream.sendInformational()
        }
    }

    /// Writes the 101 that is in the exchange; what follows is the tunnel's.
    func beginTunnel(_ tunnel: Tunnel) {
        switch self {
        case .http1(let caller): caller.session.beginTunnel(tunnel)
        // RFC 9113 §8.6: there is no 101 in HTTP/2, and no request of it asks for an upgrade.
        case .http2(let caller): caller.stream.abortResponse()
        }
    }

    /// Writes the head of the response that is in the exchange.
    func sendHead() {
        switch self {
        case .http1(let caller): caller.session.sendHead()
        case .http2(let caller): caller.stream.sendHead()
        }
    }

    func sendBody(_ bytes: Span<UInt8>) {
        switch self {
        case .http1(let caller): caller.session.sendBody(bytes)
        case .http2(let caller): caller.stream.sendBody(bytes)
        }
    }

    /// Writes what ends the body.
    func endResponse() {
        switch self {
        case .http1(let caller): caller.session.endResponse()
        case .http2(let caller): caller.stream.endResponse()
        }
    }

    /// Cuts a response that cannot be completed, so that the caller does not take it for a whole one.
    func abortResponse() {
        switch self {
        case .http1(let caller): caller.session.abortResponse()
        case .http2(let caller): caller.stream.abortResponse()
        }
    }

    /// What the request's bytes are can no longer be told: the answer is the last that is said to it.
    func closeAfterResponse() {
        switch self {
        case .http1(let caller): caller.session.closeAfterResponse()
        case .http2: break
        }
    }

    /// The response is complete; the request may still be coming.
    func responseConcluded() {
        switch self {
        case .http1(let caller): caller.session.responseConcluded()
        case .http2(let caller): caller.stream.responseConcluded()
        }
    }

    /// Request and response are complete.
    func exchangeFinished() {
        switch self {
        case .http1(let caller): caller.session.exchangeFinished()
        case .http2: break
        }
    }
}
