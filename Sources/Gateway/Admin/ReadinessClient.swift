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
        let question = GatewayQuestion(
            address: address, patience: Limits.readinessPatience, limit: Limits.readinessAnswer)
        let silence = GatewaySilence(description: "what listens at \(address) gave no answer of a gateway")
        let text: String
        do throws(GatewayQuestion.Failure) {
            text = try question.ask("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        } catch {
            switch error {
            case .unreachable(let reason):
                throw GatewaySilence(description: "no gateway answers at \(address): \(reason)")
            case .noAnswer: throw silence
            }
        }
        let head = "HTTP/1.1 "
        guard text.hasPrefix(head), let end = text.firstRange(of: "\r\n\r\n") else { throw silence }
        let status = text.dropFirst(head.count).prefix(3)
        guard status == "200" || status == "503" else { throw silence }
        return GatewayAnswer(isYes: status == "200", text: text[end.upperBound...])
    }
}
