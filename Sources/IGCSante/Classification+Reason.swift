public import DER
public import X509

extension Classification {
    /// One way in which a certificate is not as its kind is.
    public enum Reason: Hashable, Sendable {
        /// It is a CA's certificate.
        case isAuthority
        /// No kind has this key usage together with these purposes.
        case unknownUsage(keyUsage: KeyUsage?, purposes: [ObjectIdentifier]?)
        /// Certificates of IGC-Santé have exactly one policy.
        case policies([ObjectIdentifier])
        /// The policy is another kind's than key usage and purposes say.
        case policyOfAnotherKind(CertificateKind, expected: CertificateKind)
        /// The policy is not the one that the kind has in its environment.
        case unknownPolicy(ObjectIdentifier, expected: CertificateKind)
        /// The category of product is absent, or is not one octet.
        case productCategoryAbsent
        /// The category of product is not the one of the kind.
        case productCategory(ProductCategory)
        /// What tells the environment does not agree: these say test, and the others production.
        case environmentsDisagree(test: Set<EnvironmentSource>, production: Set<EnvironmentSource>)
        /// The issuer issues certificates of another domain.
        case issuerDomain(CertificateDomain)
        /// The subject has this attribute another number of times than once.
        case attribute(ObjectIdentifier, count: Int)
        /// The value of an attribute of the subject is empty, no text, or holds control characters.
        case unreadableAttribute(ObjectIdentifier)
        /// An organisation's subject has an RDN of several attributes.
        case multiValuedRelativeName
    }
}

extension Classification.Reason: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .isAuthority:
            "it is the certificate of a CA"
        case .unknownUsage(let keyUsage, let purposes):
            "no kind has key usage \(keyUsage.map { "\($0)" } ?? "none") "
                + "with purposes \(purposes.map { $0.map(\.dotted).joined(separator: ", ") } ?? "none")"
        case .policies(let policies) where policies.isEmpty:
            "it has no certificate policy"
        case .policies(let policies):
            "it has several certificate policies: \(policies.map(\.dotted).joined(separator: ", "))"
        case .policyOfAnotherKind(let kind, let expected):
            "its policy is that of \(kind), its key usage and purposes are those of \(expected)"
        case .unknownPolicy(let policy, let expected):
            "policy \(policy) is not the one of \(expected)"
        case .productCategoryAbsent:
            "it has no product category (extension 1.2.250.1.71.1.2.5)"
        case .productCategory(let category):
            "product category 0x\(String(category.rawValue, radix: 16)) is not the one of its kind"
        case .environmentsDisagree(let test, let production):
            "\(Classification.EnvironmentSource.list(test)) of the test environment, "
                + "\(Classification.EnvironmentSource.list(production)) of production"
        case .issuerDomain(let domain):
            "its issuer is a CA of \(domain.rawValue)"
        case .attribute(let type, 0):
            "its subject has no \(type.attributeShortName ?? type.dotted)"
        case .attribute(let type, let count):
            "its subject has \(type.attributeShortName ?? type.dotted) \(count) times"
        case .unreadableAttribute(let type):
            "the \(type.attributeShortName ?? type.dotted) of its subject is empty or is not plain text"
        case .multiValuedRelativeName:
            "its subject has a relative name of several attributes"
        }
    }
}
