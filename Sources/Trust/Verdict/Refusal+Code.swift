public import Revocation

extension Refusal {
    /// The stable name of the reason, for logs, problem documents and scripts.
    public var code: String {
        switch self {
        case .certificateMissing: "certificate_missing"
        case .malformedCertificate: "malformed_certificate"
        case .unknownIssuer: "unknown_issuer"
        case .issuerNotAccepted: "issuer_not_accepted"
        case .issuerNotAuthority: "issuer_not_ca"
        case .signatureInvalid: "signature_invalid"
        case .weakSignature: "weak_signature"
        case .weakKey: "weak_key"
        case .unsupportedAlgorithm: "unsupported_algorithm"
        case .expired(.leaf, _): "certificate_expired"
        case .expired(.issuer, _): "issuer_expired"
        case .notYetValid(.leaf, _): "certificate_not_yet_valid"
        case .notYetValid(.issuer, _): "issuer_not_yet_valid"
        case .unknownCriticalExtension: "unknown_critical_extension"
        case .pathTooLong: "path_too_long"
        case .nameConstraint: "name_constraint"
        case .policyNotAccepted: "policy_not_accepted"
        case .purposeNotAccepted: "purpose_not_accepted"
        case .profileViolation: "profile_violation"
        case .budgetExceeded: "budget_exceeded"
        case .revoked(.leaf, _, _, _): "certificate_revoked"
        case .revoked(.issuer, _, _, _): "issuer_revoked"
        case .revocationUnavailable: "revocation_unavailable"
        case .crlStale: "crl_stale"
        case .kindNotAccepted: "kind_not_accepted"
        case .environmentMismatch: "environment_mismatch"
        case .structureNotAllowed: "structure_not_allowed"
        case .nameNotAllowed: "name_not_allowed"
        case .callerNotEnrolled: "caller_not_enrolled"
        }
    }

    /// Every code there is, in the order of the cases.
    public static var allCodes: [String] {
        [
            "certificate_missing", "malformed_certificate", "unknown_issuer", "issuer_not_accepted", "issuer_not_ca",
            "signature_invalid", "weak_signature", "weak_key", "unsupported_algorithm", "certificate_expired",
            "issuer_expired", "certificate_not_yet_valid", "issuer_not_yet_valid", "unknown_critical_extension",
            "path_too_long", "name_constraint", "policy_not_accepted", "purpose_not_accepted", "profile_violation",
            "budget_exceeded", "certificate_revoked", "issuer_revoked", "revocation_unavailable", "crl_stale",
            "kind_not_accepted", "environment_mismatch", "structure_not_allowed", "name_not_allowed",
            "caller_not_enrolled",
        ]
    }
}

/// The TLS alerts that refusals select (RFC 8446 §6.2).
///
/// The gateway knows their numbers.
public enum RefusalAlert: String, Hashable, Sendable, CaseIterable {
    /// No acceptable certificate, in TLS 1.2.
    case handshakeFailure = "handshake_failure"
    /// The certificate is corrupt, or a signature does not verify.
    case badCertificate = "bad_certificate"
    /// The certificate is of a kind that is not accepted.
    case unsupportedCertificate = "unsupported_certificate"
    /// The certificate is revoked.
    case certificateRevoked = "certificate_revoked"
    /// The certificate has expired, or is not valid yet.
    case certificateExpired = "certificate_expired"
    /// Something else is wrong with the certificate.
    case certificateUnknown = "certificate_unknown"
    /// The issuer is not one of ours.
    case unknownCA = "unknown_ca"
    /// The certificate is good, and may not do this.
    case accessDenied = "access_denied"
    /// The fault is on this side.
    case internalError = "internal_error"
    /// A certificate is required, in TLS 1.3.
    case certificateRequired = "certificate_required"
}

extension Refusal {
    /// The alert that ends a handshake refused for this reason.
    public var alert: RefusalAlert {
        switch self {
        case .certificateMissing: .certificateRequired
        case .malformedCertificate, .signatureInvalid, .weakSignature, .weakKey, .profileViolation,
            .nameConstraint:
            .badCertificate
        case .unknownIssuer, .issuerNotAccepted, .issuerNotAuthority, .pathTooLong: .unknownCA
        case .expired, .notYetValid: .certificateExpired
        case .revoked: .certificateRevoked
        case .unsupportedAlgorithm, .unknownCriticalExtension, .purposeNotAccepted, .kindNotAccepted,
            .environmentMismatch:
            .unsupportedCertificate
        case .policyNotAccepted, .budgetExceeded: .certificateUnknown
        case .revocationUnavailable, .crlStale: .internalError
        case .structureNotAllowed, .nameNotAllowed, .callerNotEnrolled: .accessDenied
        }
    }

    /// Whether the caller's certificate is to blame; false when this side lacks a CRL.
    public var isCallersFault: Bool {
        switch self {
        case .revocationUnavailable, .crlStale: false
        default: true
        }
    }

    /// The number of the CRL that decided, when one did: for the audit log.
    public var crlNumber: CRLNumber? {
        switch self {
        case .revoked(_, _, _, let number), .crlStale(_, _, let number): number
        default: nil
        }
    }

    /// The status of an HTTP answer that gives this reason.
    public var status: Int {
        switch self {
        case .certificateMissing: 401
        case .revocationUnavailable, .crlStale: 503
        default: 403
        }
    }
}
