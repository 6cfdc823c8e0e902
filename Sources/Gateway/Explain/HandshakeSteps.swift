internal import DER
internal import IGCSante
internal import Trust
internal import X509

/// The steps of a handshake's verdict, in the order in which `PeerVerifier` takes them.
enum HandshakeStep: String, CaseIterable {
    /// Whether there is a certificate that can be read.
    case certificate
    /// Whether a path of signatures leads to an anchor, by RFC 5280.
    case chain
    /// Whether all of the path is valid now.
    case dates
    /// Whether its issuer may issue callers.
    case issuer
    /// Whether it is of the right environment, and names one structure and one client.
    case profile
    /// Whether the listener takes its kind.
    case accept
    /// Whether it or a CA above is revoked.
    case revocation

    /// The step that gives a refusal.
    init(_ refusal: Refusal) {
        self =
            switch refusal {
            case .certificateMissing, .malformedCertificate: .certificate
            case .unknownIssuer, .issuerNotAuthority, .signatureInvalid, .weakSignature, .weakKey,
                .unsupportedAlgorithm, .unknownCriticalExtension, .pathTooLong, .nameConstraint, .budgetExceeded,
                .policyNotAccepted:
                .chain
            case .expired, .notYetValid: .dates
            case .issuerNotAccepted: .issuer
            case .profileViolation, .environmentMismatch: .profile
            case .kindNotAccepted, .purposeNotAccepted, .structureNotAllowed, .nameNotAllowed, .callerNotEnrolled:
                .accept
            case .revoked, .revocationUnavailable, .crlStale: .revocation
            }
    }
}

extension Explanation {
    /// The steps of a handshake in which a certificate was admitted.
    mutating func addAdmission(of peer: VerifiedPeer, by rules: HandshakeRules) {
        for step in HandshakeStep.allCases {
            switch step {
            case .certificate: add(step.rawValue, .passed, peer.subjectText)
            case .chain:
                let names = peer.path.dropFirst().map { $0.subject.values(of: .commonName).first ?? $0.subject.rfc2253 }
                add(
                    step.rawValue, .passed, "signed up to an anchor: \(names.joined(separator: ", then "))",
                    rule: rules.trust["anchors"])
            case .dates:
                add(step.rawValue, .passed, "the whole path is valid until \(peer.earliestNotAfter.rfc3339)")
            case .issuer: add(step.rawValue, .passed, peer.issuerText, rule: rules.trust["issuers"])
            case .profile:
                let names = peer.structure.map { "structure \($0.raw) (\($0.type.rawValue))" } ?? "no structure"
                add(
                    step.rawValue, .passed,
                    "\(peer.environment.map { "\($0.rawValue), " } ?? "")\(names), client \(peer.clientName ?? "unnamed")",
                    rule: rules.trust["environment"])
            case .accept:
                add(step.rawValue, .passed, peer.kind?.rawValue ?? "any kind", rule: rules.listener["accept"])
            case .revocation:
                add(
                    step.rawValue, .passed, "no certificate of the path is revoked by the CRLs at hand",
                    rule: rules.trust["revocation"])
            }
        }
    }

    /// The steps of a handshake in which a certificate, or its absence, is refused.
    ///
    /// A step before the one that refuses was passed, but for the dates, which are looked at along the chain.
    mutating func addRefusal(_ refusal: Refusal, by rules: HandshakeRules) {
        let last = HandshakeStep(refusal)
        var isBefore = true
        for step in HandshakeStep.allCases {
            if step == last {
                add(step.rawValue, .refused, "\(refusal)", rule: rules.rule(behind: refusal))
                isBefore = false
            } else if isBefore, step != .chain || last != .dates {
                add(step.rawValue, .passed, "as it should be")
            } else {
                add(step.rawValue, .notReached, "")
            }
        }
    }
}
