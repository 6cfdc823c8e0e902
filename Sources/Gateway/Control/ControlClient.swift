internal import EventLoop

/// Asks a running gateway for something, through the control socket in its state directory.
public struct ControlClient: Sendable {
    private let path: String

    /// The gateway with this state directory.
    public init(stateDirectory: String) {
        path = ControlSocket.path(in: stateDirectory)
    }

    /// Has the gateway read its configuration again.
    ///
    /// - Throws: ``GatewaySilence`` if there is no answer; a reload that was refused is an answer.
    public func reload() throws(GatewaySilence) -> GatewayAnswer {
        try ask(.reload)
    }

    /// Has the gateway start the program that is installed now on its sockets, and end when that serves.
    ///
    /// - Throws: ``GatewaySilence`` if there is no answer; an upgrade that failed is an answer.
    public func upgrade() throws(GatewaySilence) -> GatewayAnswer {
        try ask(.upgrade)
    }

    private func ask(_ request: ControlRequest) throws(GatewaySilence) -> GatewayAnswer {
        let question = GatewayQuestion(
            address: .unix(path), patience: Limits.controlPatience, limit: Limits.controlAnswer)
        let silence = GatewaySilence(description: "the gateway at \(path) gave no answer; its log says why")
        let answer: String
        do throws(GatewayQuestion.Failure) {
            answer = try question.ask("\(request.rawValue)\n")
        } catch {
            switch error {
            case .unreachable(let reason):
                throw GatewaySilence(
                    description: "no gateway answers at \(path): \(reason)\n"
                        + "  Is it running, by this user, with this `state_directory`?")
            case .noAnswer: throw silence
            }
        }
        let lines = answer.split(separator: "\n", maxSplits: 1)
        guard let verdict = lines.first, verdict == "ok" || verdict == "failed" else { throw silence }
        return GatewayAnswer(isYes: verdict == "ok", text: lines.count > 1 ? lines[1] : "")
    }
}
