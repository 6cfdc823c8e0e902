import DER
public import X509

/// What a certificate says it is: its kind, or why it is none, and whom it names.
///
/// Everything is read from the certificate's own bytes and, for range and domain, from its issuer's name and key
/// identifier. None of it is true before a path to a pinned CA has been built.
public struct Classification: Hashable, Sendable {
    /// The kind of the certificate, or every reason why it is none.
    public enum Finding: Hashable, Sendable {
        /// It is exactly as certificates of this kind are.
        case kind(CertificateKind)
        /// It is not as any kind is; there is one reason at least.
        case none([Reason])
    }

    /// The kind, or why it is none.
    public let finding: Finding
    /// The environment it is of, when everything that tells agrees.
    public let environment: Environment?
    /// The range of its issuer.
    public let range: CertificateRange?
    /// The domain of its issuer.
    public let domain: CertificateDomain?
    /// Whom it names.
    public let identity: SubjectIdentity

    /// The kind; nil when it is none.
    public var kind: CertificateKind? {
        if case .kind(let kind) = finding { kind } else { nil }
    }

    /// Why it is of no kind; empty when it is of one.
    public var reasons: [Reason] {
        if case .none(let reasons) = finding { reasons } else { [] }
    }

    /// The structure it names: OU.
    public var structure: StructureIdentifier? { identity.structure }
    /// The name of the structure: O.
    public var structureName: String? { identity.structureName }
    /// The name of the client, application or server: CN.
    public var clientName: String? { identity.commonName }
    /// The department of the structure: ST.
    public var department: String? { identity.department }

    /// Looks at a certificate.
    ///
    /// - Parameters:
    ///   - certificate: The certificate to look at.
    ///   - issuer: The certificate of its issuer; without it the issuer's name in the certificate speaks.
    /// - Returns: What was found, whatever the certificate is.
    public static func classify(_ certificate: Certificate, issuer: Certificate?) -> Classification {
        let issuerName = issuer?.subject ?? certificate.issuer
        let authority = OfficialAuthority.matching(
            name: issuerName,
            keyIdentifier: issuer?.subjectKeyIdentifier ?? certificate.authorityKeyIdentifier?.keyIdentifier)
        let words = AuthorityWords(issuerName)
        let domain = authority?.domain ?? words.domain
        var evidence = EnvironmentEvidence()
        evidence.note(ProductCategory(of: certificate)?.environment, from: .productCategory)
        evidence.note(authority?.environment ?? words.environment, from: .issuer)

        let finding: Finding
        if isLegacy(certificate) {
            finding = .kind(.legacyCPS)
        } else {
            var examination = Examination(of: certificate, issuedIn: domain, evidence: evidence)
            finding = examination.finding()
            evidence = examination.evidence
        }
        return Classification(
            finding: finding, environment: evidence.agreed, range: authority?.range ?? words.range, domain: domain,
            identity: SubjectIdentity(of: certificate))
    }

    /// Whether it is of the former IGC-CPS: by its policy, or by the organisation of its issuer.
    private static func isLegacy(_ certificate: Certificate) -> Bool {
        certificate.policies?.contains { $0.identifier.isLegacyPolicy } ?? false
            || certificate.issuer.values(of: .organizationName).contains("GIP-CPS")
    }
}
