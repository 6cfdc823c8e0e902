public import DER

extension LeafTemplate {
    /// The kinds of certificates that IGC-Santé issues and the test PKI has.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// An organisation's client: the only kind that is to pass by default.
        case organisationClient
        /// An organisation's seal.
        case organisationSignature
        /// An organisation's encryption key.
        case organisationConfidentiality
        /// A server, whose certificate serves as a client's too.
        case server
        /// A professional's authentication in software.
        case personAuthentication
        /// A professional's signature in software.
        case personSignature
        /// A card's authentication.
        case cardAuthentication
        /// A card's signature.
        case cardSignature

        /// Which intermediate CA issues it.
        public var issuer: (range: TestPKI.Range, domain: TestPKI.Domain) {
            switch self {
            case .organisationClient, .organisationSignature, .organisationConfidentiality, .server:
                (.elementaire, .organisations)
            case .personAuthentication, .personSignature: (.elementaire, .personnes)
            case .cardAuthentication: (.standard, .personnes)
            case .cardSignature: (.fort, .personnes)
            }
        }
    }

    /// A certificate as IGC-Santé issues it.
    /// - Parameters:
    ///   - kind: what it is for.
    ///   - environment: decides policy and category of product.
    ///   - subject: its holder; none takes a usual one.
    ///   - start: the first second of its validity.
    ///   - days: how long it is valid; none takes what the real ones have.
    public init(
        _ kind: Kind, environment: TestPKI.Environment, subject: NameTemplate? = nil, from start: Timestamp,
        days: Int? = nil
    ) {
        let natural =
            switch kind {
            case .server: start.adding(years: 2)
            case .organisationSignature, .personSignature: start.adding(years: 3, months: 1)
            default: start.adding(years: 3)
            }
        self.init(
            subject: subject ?? kind.usualSubject, notBefore: start,
            notAfter: days.map { start.adding(days: $0) } ?? natural)
        policy = environment == .test ? Self.testPolicy : kind.productionPolicy
        let category: UInt8 = kind == .cardAuthentication || kind == .cardSignature ? 0x00 : 0x03
        productCategory = environment == .test ? category | 0x80 : category
        // The orders in which each kind was seen in real certificates.
        switch kind {
        case .organisationClient, .server, .personAuthentication, .personSignature: order = .since2022
        case .organisationSignature, .organisationConfidentiality, .cardAuthentication, .cardSignature:
            order = .before2022
        }
        describe(kind)
    }

    /// Every certificate of the TEST environment has this policy, whatever its kind.
    private static let testPolicy: ObjectIdentifier = "1.2.250.1.213.1.7.2.1.1.1.1"

    private mutating func describe(_ kind: Kind) {
        switch kind {
        case .organisationClient:
            extendedKeyUsage = [OID.clientAuth]
        case .organisationSignature:
            keyUsage = [.digitalSignature, .nonRepudiation]
            extendedKeyUsage = [OID.emailProtection]
            keyUsageEnd = min(notAfter, notBefore.adding(years: 3))
        case .organisationConfidentiality:
            keyUsage = [.keyEncipherment]
            extendedKeyUsage = [OID.emailProtection, OID.anyExtendedKeyUsage]
        case .server:
            keyUsage = [.digitalSignature, .keyEncipherment]
            extendedKeyUsage = [OID.serverAuth, OID.clientAuth]
            alternativeNames = subject.first(OID.commonName).map { [.host($0)] } ?? []
        case .personAuthentication:
            extendedKeyUsage = [OID.clientAuth, OID.smartcardLogin]
            alternativeNames = principalName
            profession = 10
            knowHow = ["SM26"]
        case .personSignature:
            keyUsage = [.nonRepudiation]
            extendedKeyUsage = [OID.emailProtection]
            keyUsageEnd = min(notAfter, notBefore.adding(years: 3))
            profession = 10
        case .cardAuthentication:
            extendedKeyUsage = [OID.clientAuth, OID.smartcardLogin]
            alternativeNames = principalName
            cardType = 2
            cardNumber = "8025000001/2600999901"
        case .cardSignature:
            keyUsage = [.nonRepudiation]
            extendedKeyUsage = [OID.emailProtection]
            keyUsageEnd = min(notAfter, notBefore.adding(years: 3))
            cardType = 0
            cardNumber = "8025000001/2800999901"
            profession = 10
        }
    }

    private var principalName: [AlternativeName] {
        subject.first(OID.commonName).map { [.userPrincipalName($0 + "@carte-cps.invalid")] } ?? []
    }
}

extension LeafTemplate.Kind {
    /// The policy in production, of the kinds for which it is known from real certificates.
    ///
    /// The others get one below
    /// 2.999, the arc for examples, rather than one derived by guess.
    fileprivate var productionPolicy: ObjectIdentifier {
        switch self {
        case .organisationClient: "1.2.250.1.213.1.7.1.1.2.4.1"
        case .server: "1.2.250.1.213.1.7.1.1.2.5.1"
        case .personAuthentication: "1.2.250.1.213.1.7.1.1.1.5.1"
        case .personSignature: "1.2.250.1.213.1.7.1.1.1.4.1"
        case .organisationSignature: "2.999.1"
        case .organisationConfidentiality: "2.999.2"
        case .cardAuthentication: "2.999.3"
        case .cardSignature: "2.999.4"
        }
    }

    fileprivate var usualSubject: NameTemplate {
        switch self {
        case .organisationClient: .organisation("POTERNE-DEMO")
        case .organisationSignature: .organisation("cachet.poterne.example")
        case .organisationConfidentiality: .organisation("POTERNE-CONF")
        case .server:
            .organisation(
                "api.poterne.example", structure: "399999999900013", organization: "AGENCE FICTIVE DE LA POTERNE",
                department: "Paris (75)")
        case .personAuthentication, .personSignature:
            .person("899900000017", title: "Médecin", givenName: "CAMILLE", surname: "FICTIF-RPPS99901")
        case .cardSignature:
            .person("899900000025", title: "Médecin", givenName: "ALIX", surname: "FICTIF-RPPS99902")
        case .cardAuthentication:
            NameTemplate(relativeNames: [
                [.france], [.state("Paris (75)")], [.organization("HOPITAL FICTIF DES 3 DAMES")],
                [.organizationalUnit("10B0999901")], [.title("Personnel santé ou social")],
                [.givenName("CHARLES"), .commonName("30B0999901/CPET0002"), .surname("ADMINISTRATIF-FICTIF")],
            ])
        }
    }
}
