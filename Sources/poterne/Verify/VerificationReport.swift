import Crypto
import DER
import IGCSante
import Trust
import X509

/// The answer of `poterne verify`, for people and for scripts.
struct VerificationReport {
    private let outcome: Outcome
    private let leaf: Certificate?
    private let warnings: [String]

    private enum Outcome {
        case admitted(VerifiedPeer)
        case refused(Refusal)
    }

    init(peer: VerifiedPeer, warnings: [String]) {
        outcome = .admitted(peer)
        leaf = peer.leaf
        self.warnings = warnings
    }

    init(refusal: Refusal, leaf: Certificate?, warnings: [String]) {
        outcome = .refused(refusal)
        self.leaf = leaf
        self.warnings = warnings
    }

    var isAdmitted: Bool {
        if case .admitted = outcome { true } else { false }
    }

    /// The lines of the answer; the first is for scripts too.
    var text: String {
        var lines: [String]
        switch outcome {
        case .admitted(let peer):
            lines = ["admitted"]
            if let kind = peer.kind { lines.append("  kind       \(kind)") }
            if let structure = peer.structure {
                lines.append("  structure  \(structure.raw) (\(structure.type.rawValue)) \(peer.structureName ?? "")")
            }
            for (index, certificate) in peer.path.enumerated() {
                let role = index == 0 ? "leaf  " : index == peer.path.count - 1 ? "anchor" : "issuer"
                lines.append("  \(role)     \(certificate.subject.rfc2253)")
            }
            lines.append("  until      \(peer.earliestNotAfter)")
        case .refused(let refusal):
            lines = ["refused: \(refusal.code)", "  \(refusal)", "  \(refusal.remedy)"]
            if let leaf {
                lines.append("  subject    \(leaf.subject.rfc2253)")
                lines.append("  issuer     \(leaf.issuer.rfc2253)")
            }
        }
        return (lines + warnings.map { "  warning    \($0)" }).joined(separator: "\n")
    }

    var json: JSONText {
        var members: [(String, JSONText)] = [("result", .string(isAdmitted ? "admitted" : "refused"))]
        switch outcome {
        case .admitted(let peer):
            members += [
                ("kind", .optional(peer.kind?.rawValue)),
                ("environment", .optional(peer.environment?.rawValue)),
                ("range", .optional(peer.range?.rawValue)),
                ("structure_id", .optional(peer.structure?.raw)),
                ("structure_type", .optional(peer.structure?.type.rawValue)),
                ("structure_value", .optional(peer.structure?.value)),
                ("structure_name", .optional(peer.structureName)),
                ("client_name", .optional(peer.clientName)),
                ("department", .optional(peer.department)),
                ("valid_until", .string(peer.earliestNotAfter.rfc3339)),
                ("path", .list(peer.path.map { .string($0.subject.rfc2253) })),
            ]
        case .refused(let refusal):
            members += [
                ("reason", .string(refusal.code)),
                ("message", .string("\(refusal)")),
                ("remedy", .string(refusal.remedy)),
                ("alert", .string(refusal.alert.rawValue)),
                ("status", .number(refusal.status)),
                ("callers_fault", .boolean(refusal.isCallersFault)),
                ("crl_number", .optional(refusal.crlNumber.map { "\($0)" })),
            ]
        }
        members.append(("certificate", leaf.map(VerificationReport.describe) ?? .null))
        members.append(("warnings", .list(warnings.map(JSONText.string))))
        return .object(members)
    }

    private static func describe(_ certificate: Certificate) -> JSONText {
        let bytes = certificate.der
        return .object([
            ("subject", .string(certificate.subject.rfc2253)),
            ("issuer", .string(certificate.issuer.rfc2253)),
            ("serial", .string(certificate.serial.hex)),
            ("thumbprint", .string(SHA256.digest(of: bytes.span).hex)),
            ("not_before", .string(certificate.notBefore.rfc3339)),
            ("not_after", .string(certificate.notAfter.rfc3339)),
        ])
    }
}
