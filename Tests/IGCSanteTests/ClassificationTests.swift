import DER
import Testing
import X509

@testable import IGCSante

@Suite("A certificate is of a kind when it is exactly as certificates of that kind are")
struct ClassificationTests {
    /// A change to an ORG AUTH_CLI of production, and all the reasons that it brings.
    struct Spoiled: Sendable, CustomTestStringConvertible {
        let what: String
        let reasons: [Classification.Reason]
        let spoil: @Sendable (inout LeafDraft) -> Void
        var testDescription: String { what }

        init(_ what: String, _ reasons: [Classification.Reason], _ spoil: @escaping @Sendable (inout LeafDraft) -> Void)
        {
            self.what = what
            self.reasons = reasons
            self.spoil = spoil
        }
    }

    static let spoiled = [
        Spoiled("a CA", [.isAuthority]) { $0.isAuthority = true },
        Spoiled(
            "another purpose beside",
            [
                .unknownUsage(keyUsage: .digitalSignature, purposes: [.clientAuth, .emailProtection])
            ]
        ) { $0.purposes = [.clientAuth, .emailProtection] },
        Spoiled(
            "a purpose twice",
            [
                .unknownUsage(keyUsage: .digitalSignature, purposes: [.clientAuth, .clientAuth])
            ]
        ) { $0.purposes = [.clientAuth, .clientAuth] },
        Spoiled("any purpose", [.unknownUsage(keyUsage: .digitalSignature, purposes: [.anyExtendedKeyUsage])]) {
            $0.purposes = [.anyExtendedKeyUsage]
        },
        Spoiled("no purposes", [.unknownUsage(keyUsage: .digitalSignature, purposes: nil)]) { $0.purposes = nil },
        Spoiled("no key usage", [.unknownUsage(keyUsage: nil, purposes: [.clientAuth])]) { $0.keyUsage = nil },
        Spoiled(
            "another key usage beside",
            [
                .unknownUsage(keyUsage: [.digitalSignature, .keyAgreement], purposes: [.clientAuth])
            ]
        ) { $0.keyUsage = [0, 4] },
        Spoiled("the policy of SERV SSL", [.policyOfAnotherKind(.servSSL, expected: .orgAuthCli)]) {
            $0.policies = [.policyServSSL]
        },
        Spoiled("SERV SSL's usage under its own policy", [.policyOfAnotherKind(.orgAuthCli, expected: .servSSL)]) {
            $0.keyUsage = [0, 2]
            $0.purposes = [.serverAuth, .clientAuth]
        },
        Spoiled("an unknown policy", [.unknownPolicy("1.2.3", expected: .orgAuthCli)]) { $0.policies = ["1.2.3"] },
        Spoiled("every policy", [.unknownPolicy(.anyPolicy, expected: .orgAuthCli)]) { $0.policies = [.anyPolicy] },
        Spoiled("no policy", [.policies([])]) { $0.policies = [] },
        Spoiled("its policy and another", [.policies([.policyOrgAuthCli, "1.2.3"])]) { $0.policies.append("1.2.3") },
        Spoiled("no category", [.productCategoryAbsent]) { $0.category = nil },
        Spoiled("a category of two octets", [.productCategoryAbsent]) { $0.category = [0x04, 0x02, 0x03, 0x03] },
        Spoiled("a category that is an INTEGER", [.productCategoryAbsent]) { $0.category = [0x02, 0x01, 0x03] },
        Spoiled("the category of a card", [.productCategory(ProductCategory(rawValue: 0x00))]) {
            $0.category = [0x04, 0x01, 0x00]
        },
        Spoiled("a category that does not exist", [.productCategory(ProductCategory(rawValue: 0x7F))]) {
            $0.category = [0x04, 0x01, 0x7F]
        },
        Spoiled(
            "the category of the test environment",
            [
                .environmentsDisagree(test: [.productCategory], production: [.policy])
            ]
        ) { $0.category = [0x04, 0x01, 0x83] },
        Spoiled(
            "the policy of the test environment",
            [
                .environmentsDisagree(test: [.policy], production: [.productCategory])
            ]
        ) { $0.policies = [.policyTest] },
        Spoiled(
            "an issuer of the test environment",
            [
                .environmentsDisagree(test: [.issuer], production: [.policy, .productCategory])
            ]
        ) { $0.issuer[2][0].value = "TEST AC FICTIVE ELEMENTAIRE ORGANISATIONS" },
        Spoiled("an issuer of persons", [.issuerDomain(.persons)]) {
            $0.issuer[2][0].value = "AC FICTIVE ELEMENTAIRE PERSONNES"
        },
        Spoiled("two OUs", [.attribute(.organizationalUnitName, count: 2)]) {
            $0.subject.append([(.organizationalUnitName, "318751275100020")])
        },
        Spoiled("two CNs", [.attribute(.commonName, count: 2)]) { $0.subject.append([(.commonName, "INSI-MANU")]) },
        Spoiled("two CNs in one RDN", [.attribute(.commonName, count: 2), .multiValuedRelativeName]) {
            $0.subject[4].append((.commonName, "INSI-MANU"))
        },
        Spoiled("no OU", [.attribute(.organizationalUnitName, count: 0)]) { $0.subject.remove(at: 3) },
        Spoiled(
            "no subject",
            [
                .attribute(.countryName, count: 0), .attribute(.stateOrProvinceName, count: 0),
                .attribute(.organizationName, count: 0), .attribute(.organizationalUnitName, count: 0),
                .attribute(.commonName, count: 0),
            ]
        ) { $0.subject = [] },
        Spoiled("OU and CN in one RDN", [.multiValuedRelativeName]) {
            $0.subject[3] += $0.subject[4]
            $0.subject.removeLast()
        },
        Spoiled("an empty OU", [.unreadableAttribute(.organizationalUnitName)]) { $0.subject[3][0].value = "" },
        Spoiled("a NUL in the CN", [.unreadableAttribute(.commonName)]) { $0.subject[4][0].value = "INSI-AUTO\0" },
        Spoiled("a line end in the CN", [.unreadableAttribute(.commonName)]) { $0.subject[4][0].value = "a\nb" },
    ]

    @Test("and of none, with every reason, when it is not", arguments: spoiled)
    func none(_ spoiled: Spoiled) throws {
        var draft = LeafDraft.of(.orgAuthCli, in: .production)
        spoiled.spoil(&draft)
        let classification = try draft.classification
        #expect(classification.reasons == spoiled.reasons)
        #expect(classification.kind == nil)
        #expect(spoiled.reasons.allSatisfy { !$0.description.isEmpty })
    }

    @Test("every kind is known in both environments", arguments: CertificateKind.allCases, Environment.allCases)
    func kinds(_ kind: CertificateKind, _ environment: Environment) throws {
        let classification = try LeafDraft.of(kind, in: environment).classification
        #expect(classification.finding == .kind(kind))
        #expect(classification.environment == environment)
        #expect(classification.range == .elementary)
        #expect(classification.reasons.isEmpty)
    }

    @Test(
        "in the test environment nothing but its own policy and category pass",
        arguments: [
            CertificateKind.orgAuthCli, .servSSL, .orgSign, .cardSign,
        ])
    func testEnvironment(_ kind: CertificateKind) throws {
        var draft = LeafDraft.of(kind, in: .test)
        draft.policies = ["1.2.250.1.213.1.7.1.1.2.9.9"]
        #expect(try draft.classification.reasons == [.unknownPolicy("1.2.250.1.213.1.7.1.1.2.9.9", expected: kind)])
        draft = .of(kind, in: .test)
        draft.category?[2] &= 0x7F
        #expect(
            try draft.classification.reasons
                == [.environmentsDisagree(test: [.issuer, .policy], production: [.productCategory])])
        #expect(try draft.classification.environment == nil)
    }

    @Test("software and card differ by the category alone")
    func cards() throws {
        var draft = LeafDraft.of(.ppAuth, in: .test)
        draft.category = [0x04, 0x01, 0x80]
        #expect(try draft.classification.kind == .cardAuth)
        draft.category = [0x04, 0x01, 0x82]
        #expect(try draft.classification.reasons == [.productCategory(ProductCategory(rawValue: 0x82))])
        // In production the policies of software are known: a card does not have them.
        draft = .of(.ppAuth, in: .production)
        draft.category = [0x04, 0x01, 0x00]
        #expect(try draft.classification.reasons == [.policyOfAnotherKind(.ppAuth, expected: .cardAuth)])
    }

    @Test("a professional's certificate names a person, and needs one name")
    func persons() throws {
        var draft = LeafDraft.of(.ppAuth, in: .production)
        let identity = try draft.classification.identity
        #expect(identity.commonName == "899700000001")
        #expect(identity.surname == "ESSAI")
        #expect(identity.givenName == "ANNE")
        #expect(identity.title == "Médecin")
        #expect(identity.structure == nil)
        draft.subject[2].removeLast()
        #expect(try draft.classification.reasons == [.attribute(.surname, count: 0)])
        draft.subject[1] = [(.pseudonym, "EQUIPE 3")]
        #expect(try draft.classification.kind == .ppAuth)
    }

    @Test("an organisation's issuer does not issue to professionals, and the other way round")
    func domains() throws {
        var draft = LeafDraft.of(.ppSign, in: .production)
        draft.issuer[2][0].value = "AC FICTIVE ELEMENTAIRE ORGANISATIONS"
        #expect(try draft.classification.reasons == [.issuerDomain(.organisations)])
    }

    @Test("the former PKI is known by its policy or by its issuer, whatever else the certificate says")
    func legacy() throws {
        var draft = LeafDraft.of(.orgAuthCli, in: .production)
        draft.policies = ["1.2.250.1.71.3.7.2.1"]
        #expect(try draft.classification.kind == .legacyCPS)
        draft = .of(.orgAuthCli, in: .production)
        draft.issuer[1] = [(.organizationName, "GIP-CPS")]
        #expect(try draft.classification.kind == .legacyCPS)
        draft = .of(.orgAuthCli, in: .production)
        draft.policies = ["1.2.250.1.71.3.70"]
        #expect(try draft.classification.kind == nil)
    }

    @Test("two values of an attribute leave the identity without any")
    func ambiguity() throws {
        var draft = LeafDraft.of(.orgAuthCli, in: .production)
        draft.subject.append([(.organizationalUnitName, "318751275100020")])
        let classification = try draft.classification
        #expect(classification.structure == nil)
        #expect(classification.clientName == "INSI-AUTO")
        #expect(classification.structureName == "CENTRE D'ESSAI")
        #expect(classification.department == "Rhône (69)")
    }

    @Test("the key identifier of an official CA under another name does not make it one")
    func borrowedKeyIdentifier() throws {
        let official = try #require(OfficialAuthority.all.first { $0.fileName == "ACI-EL-ORG-TEST" })
        var draft = LeafDraft.of(.orgAuthCli, in: .production)
        draft.authorityKeyIdentifier = official.subjectKeyIdentifier
        #expect(try draft.classification.kind == .orgAuthCli)
        draft.issuer = [
            [(.countryName, "FR")], [(.organizationName, "ASIP-SANTE")], [(.commonName, official.commonName)],
        ]
        #expect(
            try draft.classification.reasons
                == [.environmentsDisagree(test: [.issuer], production: [.policy, .productCategory])])
    }
}
