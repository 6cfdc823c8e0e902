/// A caller that must be refused, by the name of its file in `wrong/`.
public enum WrongCertificate: String, Hashable, Sendable, CaseIterable {
    /// In the CRL of ORGANISATIONS.
    case revoked
    /// Ended yesterday.
    case expired
    /// Begins in a month.
    case notYetValid = "not-yet-valid"
    /// Looks like a client of an organisation, and comes from the CA of professionals.
    case issuedByPersonnes = "issued-by-personnes"
    /// From CAs with the same names and other keys.
    case otherRoot = "other-root"
    /// A server's certificate, good as a TLS client for any library.
    case serverAsClient = "serv-ssl-as-client"
    /// Signed with its own key.
    case selfSigned = "self-signed"
    /// Signed by the right CA, with SHA-1.
    case sha1
    /// With a key of 1024 bits.
    case rsa1024 = "rsa-1024"
    /// With a critical extension that nobody knows.
    case unknownCriticalExtension = "unknown-critical-extension"
    /// With two common names.
    case twoCommonNames = "two-cn"
    /// With two organisational units, so two structures.
    case twoUnits = "two-ou"
    /// A good certificate of the TEST hierarchy, to be presented to the production configuration.
    case testUnderProduction = "test-under-prod"
    /// A good certificate of the production hierarchy, to be presented to the test configuration.
    case productionUnderTest = "prod-under-test"
    /// With one bit of the signature changed.
    case brokenSignature = "broken-signature"
    /// From a second ORGANISATIONS CA, which the root's CRL revokes.
    case intermediateRevoked = "intermediate-revoked"
    /// From the right CA, with the category of product of the other environment.
    case wrongCategory = "wrong-category"
    /// From the right CA, with the policy of another kind (production) or of the other environment (test).
    case wrongPolicy = "wrong-policy"

    /// The environment whose configuration must refuse it; where it lies under `prod/`, production.
    public var refusedBy: TestPKI.Environment { self == .testUnderProduction ? .production : .test }

    /// Whether it is made for production too, under `prod/wrong/`.
    public var hasProductionForm: Bool {
        switch self {
        case .otherRoot, .intermediateRevoked, .productionUnderTest: false
        default: true
        }
    }
}
