/// Who makes an exchange's response.
enum ExchangeOrigin {
    /// Nobody, yet or any more.
    case none
    /// A connection of this pool that is still to be had.
    case waiting(UpstreamPool)
    /// What the issuer of its token says.
    case inquiring(TokenJudge)
    case upstream(UpstreamStream)
    /// A part of the program.
    case local(any LocalResponder)

    /// Whether an upstream or a responder is at work.
    var isPresent: Bool {
        if case .none = self { false } else { true }
    }

    /// Whether more of the request's body may be read now; nil where nobody is there to take it.
    var takesBody: Bool? {
        switch self {
        case .none, .waiting, .inquiring: nil
        case .upstream(let stream): stream.takesBody
        case .local: true
        }
    }

    /// Takes a piece of the request's body.
    func receiveBody(_ bytes: Span<UInt8>) {
        switch self {
        case .none, .waiting, .inquiring: break
        case .upstream(let stream): stream.sendBody(bytes)
        case .local(let responder): responder.receiveBody(bytes)
        }
    }

    /// The request is whole.
    func receiveEnd() {
        switch self {
        case .none, .waiting, .inquiring: break
        case .upstream(let stream): stream.endRequest()
        case .local(let responder): responder.receiveEnd()
        }
    }

    /// What waited for the caller has left.
    func downstreamDrained() {
        switch self {
        case .none, .waiting, .inquiring: break
        case .upstream(let stream): stream.resumeReading()
        case .local(let responder): responder.downstreamDrained()
        }
    }

    /// Nothing more is wanted for `exchange`.
    func cancel(_ exchange: Exchange) {
        switch self {
        case .none: break
        case .waiting(let pool): pool.cancel(exchange)
        case .inquiring(let judge): judge.cancel(exchange)
        case .upstream(let stream): stream.cancel()
        case .local(let responder): responder.cancel()
        }
    }
}
