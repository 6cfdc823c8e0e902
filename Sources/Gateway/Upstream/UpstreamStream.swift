internal import HTTP

/// Where an exchange's response comes from: a connection that serves nothing else meanwhile, or one stream among others.
enum UpstreamStream {
    case http1(UpstreamConnection)
    case http2(MultiplexedUpstreamStream)

    /// Whether more of the request's body may be sent now.
    var takesBody: Bool {
        switch self {
        case .http1(let connection): connection.takesBody
        case .http2(let stream): stream.takesBody
        }
    }

    /// Sends the request that is in the exchange.
    func sendHead() {
        switch self {
        case .http1(let connection): connection.sendHead()
        case .http2(let stream): stream.sendHead()
        }
    }

    /// Sends a piece of the request's body.
    func sendBody(_ bytes: Span<UInt8>) {
        switch self {
        case .http1(let connection): connection.sendBody(bytes)
        case .http2(let stream): stream.sendBody(bytes)
        }
    }

    /// The request is whole.
    func endRequest() {
        switch self {
        case .http1(let connection): connection.endRequest()
        case .http2(let stream): stream.endRequest()
        }
    }

    /// The caller takes more of the response again.
    func resumeReading() {
        switch self {
        case .http1(let connection): connection.resumeReading()
        case .http2(let stream): stream.resumeReading()
        }
    }

    /// The exchange is over on both sides.
    func finish() {
        switch self {
        case .http1(let connection): connection.finish()
        case .http2(let stream): stream.finish()
        }
    }

    /// The exchange wants no more of it.
    func cancel() {
        switch self {
        case .http1(let connection): connection.cancel()
        case .http2(let stream): stream.cancel()
        }
    }
}
