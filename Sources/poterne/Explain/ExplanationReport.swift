import Gateway
import Trust

/// An explanation, as it is shown.
struct ExplanationReport {
    let explanation: Explanation
    let warnings: [String]

    private var conclusion: (result: String, detail: String, remedy: String?, status: Int?, alert: String?) {
        switch explanation.outcome {
        case .admitted(let what): ("admitted", what, nil, nil, nil)
        case .refusedByAlert(let refusal):
            ("refused", "\(refusal)", refusal.remedy, nil, refusal.alert.rawValue)
        case .refusedByStatus(let status, _, let detail, let remedy):
            ("refused", detail, remedy, Int(status), nil)
        }
    }

    /// For people.
    var text: String {
        var lines = ["listener \(explanation.listener.printable)"]
        for step in explanation.steps {
            let mark =
                switch step.result {
                case .passed: "+"
                case .refused: "x"
                case .idle: "-"
                case .notReached: " "
                }
            guard step.result != .notReached else { continue }
            var line = "  \(mark) \(step.name)" + String(repeating: " ", count: max(1, 20 - step.name.count))
            line += step.detail.printable
            lines.append(line)
            if let rule = step.rule, step.result != .idle {
                lines.append(String(repeating: " ", count: 24) + rule.printable)
            }
        }
        let conclusion = conclusion
        switch explanation.outcome {
        case .admitted: lines.append("admitted: \(conclusion.detail.printable)")
        case .refusedByAlert: lines.append("refused: alert \(conclusion.alert ?? ""): \(explanation.code ?? "")")
        case .refusedByStatus: lines.append("refused: \(conclusion.status ?? 0) \(explanation.code ?? "")")
        }
        if let remedy = conclusion.remedy { lines.append("  \(remedy.printable)") }
        lines += warnings.map { "warning: \($0.printable)" }
        return lines.joined(separator: "\n")
    }

    /// For scripts.
    var json: JSONText {
        func text(_ value: String?) -> JSONText { value.map(JSONText.string) ?? .null }
        let conclusion = conclusion
        return .object([
            ("listener", .string(explanation.listener)),
            ("result", .string(conclusion.result)),
            ("code", text(explanation.code)),
            ("status", conclusion.status.map { .number($0) } ?? .null),
            ("alert", text(conclusion.alert)),
            ("detail", .string(conclusion.detail)),
            ("remedy", text(conclusion.remedy)),
            ("route", text(explanation.route)),
            (
                "steps",
                .list(
                    explanation.steps.map { step in
                        .object([
                            ("step", .string(step.name)), ("result", .string(step.result.rawValue)),
                            ("detail", .string(step.detail)), ("rule", text(step.rule)),
                        ])
                    })
            ),
            ("warnings", .list(warnings.map(JSONText.string))),
        ])
    }
}
