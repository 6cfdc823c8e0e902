public import DER

/// The object identifiers of IGC-Santé that real certificates carry; others of its arc are not derived.
extension ObjectIdentifier {
    /// The policy of ORG AUTH_CLI in production.
    public static let policyOrgAuthCli: ObjectIdentifier = "1.2.250.1.213.1.7.1.1.2.4.1"
    /// The policy of SERV SSL in production.
    public static let policyServSSL: ObjectIdentifier = "1.2.250.1.213.1.7.1.1.2.5.1"
    /// The policy of a professional's signature in software, in production.
    public static let policyPPSign: ObjectIdentifier = "1.2.250.1.213.1.7.1.1.1.4.1"
    /// The policy of a professional's authentication in software, in production.
    public static let policyPPAuth: ObjectIdentifier = "1.2.250.1.213.1.7.1.1.1.5.1"
    /// The policy of every kind of certificate in the test environment.
    public static let policyTest: ObjectIdentifier = "1.2.250.1.213.1.7.2.1.1.1.1"

    /// The extension G01, category of product: one octet, `ProductCategory`.
    public static let productCategory: ObjectIdentifier = "1.2.250.1.71.1.2.5"
    /// The extension G02, type of card.
    public static let cardType: ObjectIdentifier = "1.2.250.1.71.1.2.2"
    /// The extension with the number of a card.
    public static let cardNumber: ObjectIdentifier = "1.2.250.1.71.1.2.3"
    /// The extension G15, profession.
    public static let profession: ObjectIdentifier = "1.2.250.1.71.1.2.7"

    /// Whether it is a policy of the former IGC-CPS: 1.2.250.1.71.3.7 and below.
    var isLegacyPolicy: Bool {
        content.starts(with: ObjectIdentifier.legacyPolicies.content)
    }

    private static let legacyPolicies: ObjectIdentifier = "1.2.250.1.71.3.7"
}
