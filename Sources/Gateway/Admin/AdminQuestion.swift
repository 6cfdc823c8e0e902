internal import EventLoop

/// A question over HTTP to a gateway's admin address.
struct AdminQuestion {
    let address: SocketAddress
    /// Bytes of an answer at the most.
    let limit: Int

    /// What is said when the answer is none of a gateway's.
    var silence: GatewaySilence {
        GatewaySilence(description: "what listens at \(address) gave no answer of a gateway")
    }

    /// Asks for a path.
    ///
    /// - Returns: the body, and whether the status was 200; else it was 503.
    /// - Throws: ``GatewaySilence`` for every other status too.
    func ask(_ path: StaticString) throws(GatewaySilence) -> (isOK: Bool, body: Substring) {
        let question = GatewayQuestion(address: address, patience: Limits.readinessPatience, limit: limit)
        let text: String
        do throws(GatewayQuestion.Failure) {
            text = try question.ask("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
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
        return (status == "200", text[end.upperBound...])
    }
}
