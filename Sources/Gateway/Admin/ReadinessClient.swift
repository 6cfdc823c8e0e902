public import EventLoop

/// Asks a gateway's admin address whether it is ready, for health checks where nothing else can: in a container that holds
/// nothing but the gateway.
public struct ReadinessClient: Sendable {
    private let address: SocketAddress

    /// The gateway whose admin address this is.
    public init(address: SocketAddress) {
        self.address = address
    }

    /// Asks `/readyz`: yes if it serves callers, and what is missing, a line for each thing.
    ///
    /// - Throws: ``GatewaySilence`` if there is no answer; not to be ready is one.
    public func ask() throws(GatewaySilence) -> GatewayAnswer {
        let answer = try AdminQuestion(address: address, limit: Limits.readinessAnswer).ask("/readyz")
        return GatewayAnswer(isYes: answer.isOK, text: answer.body)
    }
}
