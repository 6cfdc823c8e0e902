public import EventLoop

/// Asks a gateway's admin address how it does.
public struct AdminClient: Sendable {
    private let address: SocketAddress

    /// The gateway whose admin address this is.
    public init(address: SocketAddress) {
        self.address = address
    }

    /// Asks `/readyz`: yes if it serves callers, and what is missing, a line for each thing.
    ///
    /// - Throws: ``GatewaySilence`` if there is no answer; not to be ready is one.
    public func readiness() throws(GatewaySilence) -> GatewayAnswer {
        let answer = try AdminQuestion(address: address, limit: Limits.readinessAnswer).ask("/readyz")
        return GatewayAnswer(isYes: answer.isOK, text: answer.body)
    }

    /// The document `/status.json`.
    ///
    /// - Throws: ``GatewaySilence`` if there is no answer.
    public func status() throws(GatewaySilence) -> String {
        let question = AdminQuestion(address: address, limit: Limits.statusAnswer)
        let answer = try question.ask("/status.json")
        guard answer.isOK else { throw question.silence }
        return String(answer.body)
    }
}
