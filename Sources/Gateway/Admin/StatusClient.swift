public import EventLoop

/// Asks a gateway's admin address how it does.
public struct StatusClient: Sendable {
    private let address: SocketAddress

    /// The gateway whose admin address this is.
    public init(address: SocketAddress) {
        self.address = address
    }

    /// The document `/status.json`.
    ///
    /// - Throws: ``GatewaySilence`` if there is no answer.
    public func ask() throws(GatewaySilence) -> String {
        let answer = try AdminQuestion(address: address, limit: Limits.statusAnswer).ask("/status.json")
        guard answer.isOK else {
            throw GatewaySilence(description: "what listens at \(address) gave no answer of a gateway")
        }
        return String(answer.body)
    }
}
