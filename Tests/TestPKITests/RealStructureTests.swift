import Crypto
import DER
import Glibc
import TestPKI
import Testing
import X509

/// Real certificates and CRLs that ANS published.
///
/// They are not part of the project: where they are not beside it, these
/// tests are skipped.
enum RealFixtures {
    static let folder: String? = {
        let named = unsafe getenv("POTERNE_IGC_SANTE").map { unsafe String(cString: $0) }
        let path = named ?? "../shared/igc-sante"
        return unsafe access("\(path)/ca", R_OK) == 0 ? path : nil
    }()
}

@Suite("The test PKI beside the real one", .enabled(if: RealFixtures.folder != nil, "no real certificates here"))
struct RealStructureTests {
    static let now = Timestamp(secondsSinceEpoch: 1_780_000_000)

    private func real(_ name: String) throws -> [UInt8] {
        let bytes = try contents(of: "\(try #require(RealFixtures.folder))/\(name)")
        guard name.hasSuffix(".pem") else { return bytes }
        return try #require(PEM.blocks(in: bytes).first).bytes
    }

    private static func hierarchy(_ environment: TestPKI.Environment) throws -> Hierarchy {
        // RSA, so that the shape of keys and algorithms is that of the real ones.
        let key = try PrivateKey.generate(.rsa(bits: 2_048))
        return try Hierarchy(environment: environment, now: now, keys: (key, key, key))
    }

    static let test = Result { try hierarchy(.test) }
    static let production = Result { try hierarchy(.production) }

    @Test("CA certificates have the shape of the real ones")
    func authorities() throws {
        let test = try Self.test.get()
        let production = try Self.production.get()
        #expect(try shape(of: test.root.certificate) == shape(of: real("ca/ACR-EL-TEST.pem")))
        #expect(try shape(of: test.organisations.certificate) == shape(of: real("ca/ACI-EL-ORG-TEST.pem")))
        #expect(try shape(of: test.personnes.certificate) == shape(of: real("ca/ACI-EL-PP-TEST.pem")))
        #expect(try shape(of: production.root.certificate) == shape(of: real("ca/ACR-EL.pem")))
        #expect(try shape(of: production.organisations.certificate) == shape(of: real("ca/ACI-EL-ORG.pem")))
        #expect(try shape(of: production.personnes.certificate) == shape(of: real("ca/ACI-EL-PP.pem")))
    }

    static let leaves: [(LeafTemplate.Kind, TestPKI.Environment, LeafTemplate.ExtensionOrder?, String)] = [
        (.organisationClient, .test, nil, "ee/TEST-ORG_AUTH_CLI-INSI_MANU-20250425-150125b6.pem"),
        (.organisationClient, .test, .before2022, "ee/TEST-ORG_AUTH_CLI-Padoa-20211115-b182c665.pem"),
        (.server, .test, nil, "ee/TEST-SERV_SSL-carto.hub.esante.gouv.fr-20250220-af05d4e9.pem"),
        (.organisationSignature, .test, nil, "ee/TEST-ORG_SIGN-tomwsrevoque.henix.asipsante.fr-20190614-742d8553.pem"),
        (.organisationConfidentiality, .test, nil, "ee/TEST-ORG_CONF-Padoa_CONF-20211115-1375ead2.pem"),
        (.cardAuthentication, .test, nil, "ee/TEST-PP_AUTH-30B0057881_CPET0002-20170323-5da0d21f.pem"),
    ]

    @Test("Certificates have the shape of the real ones of their kind", arguments: leaves)
    func leaf(
        kind: LeafTemplate.Kind, environment: TestPKI.Environment, order: LeafTemplate.ExtensionOrder?, file: String
    ) throws {
        let hierarchy = try Self.test.get()
        var template = LeafTemplate(kind, environment: environment, from: Self.now)
        if let order { template.order = order }
        let authority = kind.issuer.domain == .organisations ? hierarchy.organisations : hierarchy.personnes
        let made = try authority.issue(template, to: authority.key)
        #expect(try shape(of: made) == shape(of: real(file)))
    }

    @Test("A production server certificate has the policy of the real one, and its shape in the older order")
    func productionServer() throws {
        var template = LeafTemplate(.server, environment: .production, from: Self.now)
        template.order = .before2022
        template.alternativeNames.append(.host("second.poterne.example"))
        let authority = try Self.production.get().organisations
        let made = try authority.issue(template, to: authority.key)
        #expect(
            try shape(of: made) == shape(of: real("ee/PROD-SERV_SSL-tops.demo.asipsante.fr-20191010-ebe1d268.pem")))
    }

    @Test("CRLs have the shape of the real ones, up to their entries")
    func revocationLists() throws {
        let hierarchy = try Self.test.get()
        var root = RevocationListTemplate(
            number: 73, thisUpdate: Self.now, nextUpdate: Self.now.adding(seconds: 45 * 86_400))
        root.putsNumberFirst = true
        #expect(
            try shape(of: hierarchy.root.revocationList(root)) == shape(of: real("crl/ACR-EL-TEST-20190601.crl")))

        let realList = try real("crl/ACI-EL-ORG-TEST-20190627.crl")
        var list = RevocationListTemplate(
            number: 1287, thisUpdate: Self.now, nextUpdate: Self.now.adding(seconds: 6 * 86_400))
        list.fillerCount = 1_013
        let made = try hierarchy.organisations.revocationList(list)
        #expect(try shape(of: made) == shape(of: realList))
    }
}
