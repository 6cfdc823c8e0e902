import Testing

@testable import IGCSante

@Suite("Structure identifiers")
struct StructureIdentifierTests {
    @Test(
        "are split after their prefix",
        arguments: [
            ("0123456789", StructureIdentifier.Kind.adeliPractice, "123456789"), ("10B0221636", .finess, "0B0221636"),
            ("2187512751", .siren, "187512751"), ("318751275100020", .siret, "18751275100020"),
            ("410003456789001", .rppsRank, "10003456789001"), ("5690000001", .finessLegalEntity, "690000001"),
            ("6690000001", .finessGeographicEntity, "690000001"), ("499700234190004", .rppsRank, "99700234190004"),
            ("33333333333", .siret, "3333333333"),
        ])
    func split(_ raw: String, _ type: StructureIdentifier.Kind, _ value: String) {
        let identifier = StructureIdentifier(raw)
        #expect(identifier.raw == raw)
        #expect(identifier.type == type)
        #expect(identifier.value == value)
    }

    @Test("of an unknown register are kept whole", arguments: ["", "3", "7123", "9", "éA", "40123", "A1"])
    func other(_ raw: String) {
        let identifier = StructureIdentifier(raw)
        #expect(identifier.type == .other)
        #expect(identifier.value == raw)
        #expect(!identifier.isWellFormed)
    }

    @Test(
        "are well-formed by the rules of their register",
        arguments: [
            "2187512751", "318751275100020", "10B0221636", "12A0000012", "1690000001", "410003456789001", "0123456789",
            // La Poste: the head office passes Luhn, other establishments only their sum of digits.
            "335600000000048", "335600000049837",
        ])
    func wellFormed(_ raw: String) {
        #expect(StructureIdentifier(raw).isWellFormed)
    }

    @Test(
        "are not well-formed otherwise, and are identifiers all the same",
        arguments: [
            "2187512752", "218751275", "318751275100021", "33333333333", "31875127510002A",
            "1C90000001", "10C0000001", "169000000", "16900000012", "41000345678900", "335600000049838", "012",
        ])
    func illFormed(_ raw: String) {
        let identifier = StructureIdentifier(raw)
        #expect(!identifier.isWellFormed)
        #expect(identifier.type != .other)
    }

    @Test(
        "a SIREN is a company's own, or the beginning of a SIRET",
        arguments: [
            ("318751275100020", "187512751"), ("2187512751", "187512751"), ("10B0221636", nil), ("33333333333", nil),
            ("499700234190004", nil), ("", nil),
        ] as [(String, String?)])
    func companies(_ raw: String, _ siren: String?) {
        #expect(StructureIdentifier(raw).siren.map(String.init) == siren)
    }

    @Test(
        "a practice has a holder and a rank, by RPPS and by ADELI",
        arguments: [
            ("499700234190004", "99700234190", "004"), ("012345678901", "123456789", "01"), ("0123456789", nil, nil),
            ("499700234190", nil, nil), ("4997002341900X4", nil, nil), ("318751275100020", nil, nil),
        ] as [(String, String?, String?)])
    func practices(_ raw: String, _ holder: String?, _ rank: String?) {
        let identifier = StructureIdentifier(raw)
        #expect(identifier.practiceHolder.map(String.init) == holder)
        #expect(identifier.practiceRank.map(String.init) == rank)
    }
}

@Suite("Official CAs")
struct OfficialAuthorityTests {
    @Test("are nine in production and five in the test environment, each with its own key and root")
    func all() {
        let all = OfficialAuthority.all
        #expect(all.filter { $0.environment == .production }.count == 9)
        #expect(all.filter { $0.environment == .test }.count == 5)
        #expect(Set(all.map(\.sha256)).count == 14)
        #expect(Set(all.map(\.sha1)).count == 14)
        #expect(Set(all.map(\.subjectKeyIdentifier)).count == 14)
        for authority in all {
            #expect(authority.sha256.count == 32)
            #expect(authority.sha1.count == 20)
            #expect(authority.subjectKeyIdentifier.count == 20)
            #expect(authority.root?.range == authority.range)
            #expect((authority.role == .root) == (authority.domain == nil))
            #expect((authority.role == .root) == (authority.ldapDeltaURL == nil))
            #expect(authority.commonName.hasPrefix("TEST ") == (authority.environment == .test))
        }
    }

    @Test("are published where the ANS's documents say")
    func urls() throws {
        let issuer = try #require(OfficialAuthority.all.first { $0.fileName == "ACI-EL-ORG" })
        #expect(issuer.certificateURL == "http://igc-sante.esante.gouv.fr/AC/ACI-EL-ORG.cer")
        #expect(issuer.crlURL == "http://igc-sante.esante.gouv.fr/CRL/ACI-EL-ORG.crl")
        #expect(
            issuer.ldapCRLURL
                == "ldap://annuaire-igc.esante.gouv.fr/cn=AC%20IGC-SANTE%20ELEMENTAIRE%20ORGANISATIONS,"
                + "ou=AC%20RACINE%20IGC-SANTE%20ELEMENTAIRE,ou=IGC-SANTE,ou=0002%20187512751,o=ASIP-SANTE,c=FR"
                + "?certificaterevocationlist;binary?base?objectClass=pkiCA")
        let test = try #require(OfficialAuthority.all.first { $0.fileName == "ACR-EL-TEST" })
        #expect(test.certificateURL == "http://igc-sante.esante.gouv.fr/AC%20TEST/ACR-EL-TEST.cer")
        #expect(test.crlURL == "http://igc-sante.esante.gouv.fr/CRL/ACR-EL-TEST.crl")
        #expect(
            OfficialAuthority.bundleURL(of: .production)
                == "http://igc-sante.esante.gouv.fr/AC/Chaine_de_certification-IGC-Sante.p7b")
    }
}
