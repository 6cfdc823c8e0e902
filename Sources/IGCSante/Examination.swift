public import DER
import X509

/// The comparison of one certificate with the kinds: every way in which it differs is noted, none is the last.
struct Examination {
    private let certificate: Certificate
    private let domain: CertificateDomain?
    private(set) var evidence: EnvironmentEvidence
    private var reasons: [Classification.Reason] = []

    init(of certificate: Certificate, issuedIn domain: CertificateDomain?, evidence: EnvironmentEvidence) {
        self.certificate = certificate
        self.domain = domain
        self.evidence = evidence
    }

    mutating func finding() -> Classification.Finding {
        if certificate.basicConstraints?.isAuthority == true { reasons.append(.isAuthority) }
        let category = ProductCategory(of: certificate)
        let template = KindTemplate.matching(certificate)
        if template == nil {
            reasons.append(.unknownUsage(keyUsage: certificate.keyUsage, purposes: certificate.extendedKeyUsage))
        }
        let kind = template?.kind(heldBy: category?.holder)
        examinePolicy(as: kind)
        examine(category, as: kind)
        if let disagreement = evidence.disagreement { reasons.append(disagreement) }
        if let kind {
            if let domain, domain != kind.domain { reasons.append(.issuerDomain(domain)) }
            reasons += SubjectShape.reasons(against: certificate.subject, in: kind.domain ?? .organisations)
        }
        guard reasons.isEmpty, let kind else { return .none(reasons) }
        return .kind(kind)
    }

    private mutating func examinePolicy(as kind: CertificateKind?) {
        let policies = certificate.policies?.map(\.identifier) ?? []
        guard let policy = policies.first, policies.count == 1 else {
            reasons.append(.policies(policies))
            return
        }
        if policy == .policyTest {
            // Every kind has it in the test environment: it tells nothing else.
            evidence.note(.test, from: .policy)
            return
        }
        if let owner = CertificateKind.owner(ofProductionPolicy: policy) {
            evidence.note(.production, from: .policy)
            if let kind, owner != kind { reasons.append(.policyOfAnotherKind(owner, expected: kind)) }
        } else if let kind, kind.productionPolicy != nil || evidence.agreed == .test {
            // A policy that nobody has seen is let be only where the kind's own is not known.
            reasons.append(.unknownPolicy(policy, expected: kind))
        }
    }

    private mutating func examine(_ category: ProductCategory?, as kind: CertificateKind?) {
        guard let category else {
            reasons.append(.productCategoryAbsent)
            return
        }
        guard let kind else { return }
        let expected: ProductCategory.Holder =
            switch kind {
            case .cardAuth, .cardSign: .card
            default: .software
            }
        if category.holder != expected { reasons.append(.productCategory(category)) }
    }
}

/// What key usage and purposes together make of a certificate.
private enum KindTemplate {
    case one(CertificateKind)
    /// The same for software and card: the category of product tells which.
    case held(software: CertificateKind, card: CertificateKind)

    /// The template whose key usage and purposes are exactly the certificate's.
    static func matching(_ certificate: Certificate) -> KindTemplate? {
        guard let keyUsage = certificate.keyUsage, let purposes = certificate.extendedKeyUsage else { return nil }
        let set = Set(purposes)
        guard set.count == purposes.count else { return nil }
        return switch keyUsage {
        case [.digitalSignature] where set == [.clientAuth]:
            .one(.orgAuthCli)
        case [.digitalSignature] where set == [.clientAuth, .smartcardLogon]:
            .held(software: .ppAuth, card: .cardAuth)
        case [.digitalSignature, .keyEncipherment] where set == [.serverAuth, .clientAuth]:
            .one(.servSSL)
        case [.digitalSignature, .nonRepudiation] where set == [.emailProtection]:
            .one(.orgSign)
        case [.keyEncipherment] where set == [.emailProtection, .anyExtendedKeyUsage]:
            .one(.orgConf)
        case [.nonRepudiation] where set == [.emailProtection]:
            .held(software: .ppSign, card: .cardSign)
        default:
            nil
        }
    }

    func kind(heldBy holder: ProductCategory.Holder?) -> CertificateKind {
        switch self {
        case .one(let kind): kind
        case .held(let software, let card): holder == .card ? card : software
        }
    }
}

extension CertificateKind {
    /// The policy of the kind in production; nil where no certificate that tells it was ever seen.
    public var productionPolicy: ObjectIdentifier? {
        switch self {
        case .orgAuthCli: .policyOrgAuthCli
        case .servSSL: .policyServSSL
        case .ppAuth: .policyPPAuth
        case .ppSign: .policyPPSign
        case .orgSign, .orgConf, .cardAuth, .cardSign, .legacyCPS: nil
        }
    }

    /// The kind that has this policy in production.
    static func owner(ofProductionPolicy policy: ObjectIdentifier) -> CertificateKind? {
        allCases.first { $0.productionPolicy == policy }
    }
}
