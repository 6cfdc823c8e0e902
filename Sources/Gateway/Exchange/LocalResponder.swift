internal import HTTP

/// A part of the program that answers requests itself, in the place of an upstream.
///
/// It answers through the exchange's `respond…` methods, and makes no more than the caller takes: while
/// `Exchange.isDownstreamFull` it waits for `downstreamDrained`.
protocol LocalResponder: AnyObject {
    /// The request's head is there.
    func begin(_ exchange: Exchange)
    /// A piece of its body.
    func receiveBody(_ bytes: Span<UInt8>)
    /// The request is whole.
    func receiveEnd()
    /// The caller takes more again.
    func downstreamDrained()
    /// The caller is gone.
    func cancel()
}

/// The parts of the program that can be a route's action.
enum LocalApplication: Sendable {
    /// Answers with the request that it got.
    case echo
    /// Answers the operator.
    case admin(AdminDesk)

    /// A responder for one exchange.
    func makeResponder() -> any LocalResponder {
        switch self {
        case .echo: EchoResponder()
        case .admin(let desk): AdminResponder(desk: desk)
        }
    }
}
