internal import Configuration
internal import Trust

/// Names the rules of one section of the configuration as an operator finds them: `FILE:LINE KEY`.
///
/// Written once per configuration, for the audit log and for explanations.
struct RuleBook: Sendable {
    private let texts: [String: String]
    private let section: String

    /// Names the keys that are written in a section; every other one is named by the section's own line.
    init(file: String, section: SourceLocation, keys: [String: SourceLocation]) {
        self.section = "\(file):\(section.line)"
        texts = Dictionary(
            uniqueKeysWithValues: keys.map { key, location in (key, "\(file):\(location.line) \(key)") })
    }

    private init() {
        texts = [:]
        section = ""
    }

    /// Of what no configuration says.
    static let none = RuleBook()

    /// Where a key is, or, of one that has its default, the section.
    subscript(key: String) -> String {
        texts[key] ?? "\(section) \(key) (default)"
    }

    /// The section as a whole.
    var whole: String { section }
}

/// The rules that decide in a handshake: those of a listener, and of the trust that it asks.
struct HandshakeRules: Sendable {
    let listener: RuleBook
    let trust: RuleBook

    static let none = HandshakeRules(listener: .none, trust: .none)

    /// Which rule a refusal comes from.
    func rule(behind refusal: Refusal) -> String {
        switch refusal {
        case .certificateMissing: listener["mode"]
        case .kindNotAccepted, .purposeNotAccepted: listener["accept"]
        case .unknownIssuer: trust["anchors"]
        case .issuerNotAccepted: trust["issuers"]
        case .pathTooLong, .nameConstraint, .policyNotAccepted: trust["path"]
        case .environmentMismatch: trust["environment"]
        case .revoked, .revocationUnavailable, .crlStale: trust["revocation"]
        // RFC 5280 and the bounds of the program decide, for whoever is asked under this trust.
        case .malformedCertificate, .issuerNotAuthority, .signatureInvalid, .weakSignature, .weakKey,
            .unsupportedAlgorithm, .expired, .notYetValid, .unknownCriticalExtension, .profileViolation,
            .budgetExceeded, .structureNotAllowed, .nameNotAllowed, .callerNotEnrolled:
            trust.whole
        }
    }
}

extension Route {
    /// Which rule a refusal of an admitted caller comes from; nil for what no route decides.
    func rule(behind refusal: Refusal) -> String? {
        switch refusal {
        case .kindNotAccepted: rules["accept"]
        case .structureNotAllowed: rules["structures"]
        case .nameNotAllowed: rules["names"]
        case .callerNotEnrolled: rules["callers_file"]
        case .certificateMissing: rules["client_certificate"]
        default: nil
        }
    }
}
