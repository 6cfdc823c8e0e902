internal import DER
internal import IGCSante
internal import X509

/// Step 3 of a verification: whether the certificate is of a kind that is accepted here, and of this environment.
enum CertificateProfile {
    /// Why a certificate's classification does not pass; nil when it does.
    static func refusal(
        of classification: Classification, environment: IGCSante.Environment, accepted: AcceptedKinds
    ) -> Refusal? {
        if let own = classification.environment, own != environment { return .environmentMismatch }
        if let kind = classification.kind {
            // A kind without an environment is one of the former PKI, which had no other.
            return accepted.contains(kind) ? nil : .kindNotAccepted(kind)
        }
        if case .any = accepted { return nil }
        if classification.reasons.contains(where: \.isAboutEnvironment) { return .environmentMismatch }
        if classification.reasons.contains(where: \.isAboutUsage) { return .kindNotAccepted(nil) }
        if classification.reasons.contains(where: \.isAboutSubject) {
            return .profileViolation(.leaf, .ambiguousSubject)
        }
        return .profileViolation(.leaf, .noKind)
    }

    /// Whether the extendedKeyUsage of a leaf and of the CAs above it allow a purpose (RFC 5280 §4.2.1.12).
    ///
    /// A CA's extendedKeyUsage binds what is below it, as NSS, webpki and Microsoft have it; anyExtendedKeyUsage lifts
    /// that for a CA. On a leaf it is worth nothing: ORG CONF has it, and is no client certificate.
    static func refusal(of path: VerifiedPath, policy: PathPolicy) -> Refusal? {
        let wanted: ObjectIdentifier
        let usages: KeyUsage
        switch policy.purpose {
        case .any: return nil
        case .client: (wanted, usages) = (.clientAuth, [.digitalSignature, .keyAgreement])
        case .server: (wanted, usages) = (.serverAuth, [.digitalSignature, .keyAgreement, .keyEncipherment])
        }
        for authority in path.certificates.dropFirst() {
            guard let purposes = authority.extendedKeyUsage else { continue }
            guard purposes.contains(wanted) || purposes.contains(.anyExtendedKeyUsage) else {
                return .purposeNotAccepted(.issuer)
            }
        }
        if let purposes = path.leaf.extendedKeyUsage {
            guard purposes.contains(wanted) else { return .purposeNotAccepted(.leaf) }
        } else if policy.absentExtendedKeyUsage == .refuse {
            return .purposeNotAccepted(.leaf)
        }
        if let usage = path.leaf.keyUsage, usage.isDisjoint(with: usages) { return .purposeNotAccepted(.leaf) }
        return nil
    }
}

extension TrustEnvironment {
    /// The half of IGC-Santé that it is; nil for another PKI.
    var igcSante: IGCSante.Environment? {
        switch self {
        case .production: .production
        case .test: .test
        case .generic: nil
        }
    }
}

extension Classification.Reason {
    fileprivate var isAboutEnvironment: Bool {
        if case .environmentsDisagree = self { true } else { false }
    }

    fileprivate var isAboutUsage: Bool {
        switch self {
        case .isAuthority, .unknownUsage, .policyOfAnotherKind, .issuerDomain: true
        default: false
        }
    }

    fileprivate var isAboutSubject: Bool {
        switch self {
        case .attribute, .unreadableAttribute, .multiValuedRelativeName: true
        default: false
        }
    }
}
