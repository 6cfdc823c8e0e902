import Crypto
import DER
import TestPKI
import Testing
import X509

/// One small folder for all tests: CAs of 2048 bits, since seconds would go into keys of 4096.
enum SharedFolder {
    static let now = Timestamp(secondsSinceEpoch: 1_780_000_000)

    static let folder = Result { () throws -> (TemporaryFolder, GeneratedPKI) in
        let folder = try TemporaryFolder()
        var options = TestPKI.Options(folder: "\(folder.path)/deep/generated", now: now)
        options.callerCount = 12
        options.revocationEntryCount = 20
        options.authorityKeyBits = 2_048
        return (folder, try TestPKI.generate(options))
    }

    static func path(_ name: String) throws -> String { "\(try folder.get().0.path)/deep/generated/\(name)" }

    static func key(_ name: String) throws -> PrivateKey {
        let pem = try contents(of: path(name))
        return try PrivateKey(pem: pem.span)
    }

    static func chain(_ name: String) throws -> [Certificate] {
        try CertificateFile.certificates(in: contents(of: path(name)))
    }
}

@Suite("A generated folder")
struct GenerationTests {
    static let callers = [
        "org-auth-cli", "org-sign", "org-conf", "serv-ssl", "pro-auth", "ps-auth", "ps-sign", "card-auth", "card-sign",
        "legacy", "revoked-by-delta",
    ]

    static var holders: [String] {
        let wrong = WrongCertificate.allCases.map { "wrong/\($0.rawValue)" }
        let production = WrongCertificate.allCases.filter(\.hasProductionForm).map { "prod/wrong/\($0.rawValue)" }
        return callers.flatMap { ["callers/\($0)", "prod/callers/\($0)"] } + wrong + production
    }

    @Test("Every caller has a chain, leaf first, and the key of the leaf", arguments: holders)
    func callers(name: String) throws {
        let chain = try SharedFolder.chain("\(name).pem")
        let leaf = try #require(chain.first)
        let key = try SharedFolder.key("\(name).key")
        let info = Array(leaf.der[leaf.subjectPublicKeyInfo])
        #expect(try key.publicKeyInfo == info)
        #expect(mode(of: try SharedFolder.path("\(name).key")) == 0o600)
        if chain.count > 1 { #expect(leaf.issuer == chain[1].subject) }
        #expect(chain.count == (name.hasSuffix("self-signed") ? 1 : 2))
    }

    @Test(
        "The layout that others rely on is there, in both environments",
        arguments: [
            "trust/root.pem", "trust/organisations.pem", "trust/personnes.pem", "server/fullchain.pem",
            "server/key.pem", "server/serv-ssl.p12", "callers/org-auth-cli.p12", "crl/root.crl",
            "crl/organisations.crl", "crl/personnes.crl", "crl/organisations-delta.crl", "poterne.yaml",
        ])
    func layout(name: String) throws {
        #expect(try !contents(of: SharedFolder.path(name)).isEmpty)
        #expect(try !contents(of: SharedFolder.path("prod/\(name)")).isEmpty)
    }

    @Test("The PKCS#12 of a caller holds leaf, intermediate and root")
    func container() throws {
        let passphrase = try contents(of: SharedFolder.path("passphrase")).filter { $0 != UInt8(ascii: "\n") }
        let container = try contents(of: SharedFolder.path("callers/org-auth-cli.p12"))
        let held = try PKCS12.read(container.span, passphrase: passphrase)
        let expected = try SharedFolder.chain("callers/org-auth-cli.pem") + SharedFolder.chain("trust/root.pem")
        #expect(held.certificates == expected.map(\.der))
    }

    @Test("The server is named for localhost and for its own name, which comes first")
    func server() throws {
        let leaf = try #require(SharedFolder.chain("server/fullchain.pem").first)
        #expect(leaf.subjectAlternativeNames?.map { "\($0)" }.count == 2)
        #expect(leaf.subject.values(of: "2.5.4.3") == ["api.poterne.example"])
    }

    @Test("The two environments have no key in common")
    func separation() throws {
        for name in ["trust/root.pem", "trust/organisations.pem", "trust/personnes.pem", "callers/org-auth-cli.pem"] {
            let test = try #require(SharedFolder.chain(name).first)
            let production = try #require(SharedFolder.chain("prod/\(name)").first)
            #expect(test.der[test.subjectPublicKey] != production.der[production.subjectPublicKey])
        }
    }

    @Test("Load callers differ in serial, name and structure, and share a key")
    func load() throws {
        let leaves = try (1...12).map { number in
            try #require(SharedFolder.chain("load/client-000\(number < 10 ? "0" : "")\(number).pem").first)
        }
        #expect(Set(leaves.map(\.serial.hex)).count == 12)
        #expect(Set(leaves.flatMap { $0.subject.values(of: "2.5.4.11") }).count == 12)
        #expect(Set(leaves.map { Array($0.der[$0.subjectPublicKey]) }).count == 1)
        #expect(leaves.allSatisfy { $0.subject.values(of: "2.5.4.11").first?.utf8.count == 15 })
        let key = try SharedFolder.key("load/client.key")
        #expect(try key.publicKeyInfo == Array(leaves[0].der[leaves[0].subjectPublicKeyInfo]))
    }

    @Test("The folder's README names every caller and every wrong one")
    func documentation() throws {
        let package = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = String(decoding: try contents(of: "/\(package)/certs-test/README.md"), as: UTF8.self)
        for name in Self.callers + WrongCertificate.allCases.map(\.rawValue) {
            #expect(text.contains("`\(name)`"), "\(name)")
        }
    }
}

@Suite("What is wrong with the wrong ones")
struct WrongCertificateTests {
    private func leaf(_ wrong: WrongCertificate) throws -> Certificate {
        try #require(SharedFolder.chain("wrong/\(wrong.rawValue).pem").first)
    }

    @Test("Dates are outside of now")
    func dates() throws {
        #expect(try leaf(.expired).notAfter < SharedFolder.now)
        #expect(try leaf(.notYetValid).notBefore > SharedFolder.now)
        for wrong in WrongCertificate.allCases where wrong != .expired && wrong != .notYetValid {
            #expect(try leaf(wrong).isValid(at: SharedFolder.now), "\(wrong)")
        }
    }

    @Test("Names, keys and algorithms deviate as said, and only there")
    func deviations() throws {
        for wrong in WrongCertificate.allCases {
            let leaf = try leaf(wrong)
            #expect(leaf.subject.values(of: "2.5.4.3").count == (wrong == .twoCommonNames ? 2 : 1), "\(wrong)")
            #expect(leaf.subject.values(of: "2.5.4.11").count == (wrong == .twoUnits ? 2 : 1), "\(wrong)")
            #expect(leaf.unhandledCriticalExtensions.isEmpty == (wrong != .unknownCriticalExtension), "\(wrong)")
            #expect(
                (leaf.signatureAlgorithm.algorithm == "1.2.840.113549.1.1.5") == (wrong == .sha1), "\(wrong)")
            let isShort = leaf.subjectPublicKey.count < 200
            #expect(isShort == (wrong == .rsa1024), "\(wrong)")
            #expect(leaf.isSelfIssued == (wrong == .selfSigned), "\(wrong)")
            let isClientOnly = leaf.extendedKeyUsage == ["1.3.6.1.5.5.7.3.2"]
            #expect(isClientOnly == (wrong != .serverAsClient), "\(wrong)")
        }
    }

    @Test("The other root's CAs have the right names and other keys")
    func otherRoot() throws {
        let chain = try SharedFolder.chain("wrong/other-root.pem")
        let trusted = try #require(SharedFolder.chain("trust/organisations.pem").first)
        #expect(chain[1].subject == trusted.subject)
        #expect(chain[1].subjectKeyIdentifier != trusted.subjectKeyIdentifier)
    }

    @Test("The issuers are those that the names of the files say")
    func issuers() throws {
        let organisations = try #require(SharedFolder.chain("trust/organisations.pem").first)
        let personnes = try #require(SharedFolder.chain("trust/personnes.pem").first)
        #expect(try leaf(.issuedByPersonnes).issuer == personnes.subject)
        #expect(try leaf(.intermediateRevoked).issuer != organisations.subject)
        #expect(
            try SharedFolder.chain("wrong/intermediate-revoked.pem")[1].der
                == SharedFolder.chain("trust/organisations-revoked.pem")[0].der)
        #expect(
            try SharedFolder.chain("prod/wrong/test-under-prod.pem")[1].subject == organisations.subject)
    }
}

@Suite("CRLs of a generated folder")
struct GeneratedRevocationTests {
    /// The serials in a CRL, whose signature must be the CA's.
    private func serials(_ name: String, signedBy authority: CertificateAuthority) throws -> Set<[UInt8]> {
        let der = try contents(of: SharedFolder.path("crl/\(name).crl"))
        var outer = DERCursor(all: der.span)
        var envelope = DERCursor(try outer.next(.sequence, in: der.span).content)
        let list = try envelope.next(.sequence, in: der.span)
        let algorithm = Array(der[try envelope.next(.sequence, in: der.span).whole])
        let signature = Array(der[try envelope.next(.bitString, in: der.span).content].dropFirst())
        let message = Array(der[list.whole])
        let isValid = try authority.key.publicKey.accepts(signature, over: message, identifier: algorithm)
        #expect(isValid)

        var fields = DERCursor(list.content)
        _ = try fields.next(.integer, in: der.span)
        for _ in 0..<2 { _ = try fields.next(.sequence, in: der.span) }
        for _ in 0..<2 { _ = try fields.next(.utcTime, in: der.span) }
        guard fields.peek(in: der.span) == .sequence else { return [] }
        var entries = DERCursor(try fields.next(.sequence, in: der.span).content)
        var serials: Set<[UInt8]> = []
        while !entries.isAtEnd {
            var entry = DERCursor(try entries.next(.sequence, in: der.span).content)
            serials.insert(Array(der[try entry.next(.integer, in: der.span).content]))
        }
        return serials
    }

    @Test("Each holds exactly the serials that it should")
    func contentsOfLists() throws {
        let pki = try SharedFolder.folder.get().1
        let full = try serials("organisations", signedBy: pki.test.organisations)
        let delta = try serials("organisations-delta", signedBy: pki.test.organisations)
        let root = try serials("root", signedBy: pki.test.root)
        #expect(full.count == 21)
        #expect(try full.contains(SharedFolder.chain("wrong/revoked.pem")[0].serial.octets))
        #expect(try delta == [SharedFolder.chain("callers/revoked-by-delta.pem")[0].serial.octets])
        #expect(try root == [SharedFolder.chain("trust/organisations-revoked.pem")[0].serial.octets])
        #expect(try serials("personnes", signedBy: pki.test.personnes).isEmpty)
        #expect(try !full.contains(SharedFolder.chain("callers/org-auth-cli.pem")[0].serial.octets))
    }

    @Test("A large one has as many entries as asked for")
    func large() throws {
        let pki = try SharedFolder.folder.get().1
        var template = RevocationListTemplate(
            number: 1, thisUpdate: SharedFolder.now, nextUpdate: SharedFolder.now.adding(seconds: 86_400))
        template.fillerCount = 10_000
        let der = try pki.test.organisations.revocationList(template)
        #expect(der.count > 350_000)
        #expect(try shape(of: der).filter { $0 == "   INTEGER" || $0 == "    INTEGER" }.count >= 10_000)
    }
}

@Suite("The place of a generated folder")
struct FolderTests {
    private func options(_ folder: String) -> TestPKI.Options {
        var options = TestPKI.Options(folder: folder, now: SharedFolder.now)
        options.authorityKeyBits = 2_048
        options.revocationEntryCount = 0
        options.keyType = .p256
        return options
    }

    @Test("A folder that was not generated is left alone")
    func foreign() throws {
        let folder = try TemporaryFolder()
        try write("mine", to: "\(folder.path)/diary.txt")
        #expect(throws: TestPKIError.notGenerated(path: folder.path)) {
            try TestPKI.generate(options(folder.path))
        }
        #expect(TemporaryFolder.names(in: folder.path) == ["diary.txt"])
    }

    @Test("A folder says until when its CRLs are fresh, and one that was not generated says nothing")
    func freshness() throws {
        let expected = SharedFolder.now.adding(seconds: 6 * 86_400 - 3_600)
        #expect(try TestPKI.freshUntil(folder: SharedFolder.path("")) == expected)
        #expect(TestPKI.freshUntil(folder: "/nonexistent") == nil)
    }

    @Test("A file in its place is left alone")
    func file() throws {
        let folder = try TemporaryFolder()
        try write("mine", to: "\(folder.path)/diary.txt")
        #expect(throws: TestPKIError.self) { try TestPKI.generate(options("\(folder.path)/diary.txt")) }
        #expect(try contents(of: "\(folder.path)/diary.txt") == Array("mine".utf8))
        #expect(TemporaryFolder.names(in: folder.path) == ["diary.txt"])
    }

    @Test("A generated folder is replaced whole, and nothing is left beside it")
    func replaced() throws {
        let folder = try TemporaryFolder()
        let place = "\(folder.path)/generated"
        var options = options(place)
        options.callerCount = 3
        try TestPKI.generate(options)
        let first = try contents(of: "\(place)/trust/root.pem")
        #expect(TemporaryFolder.names(in: "\(place)/load").count == 4)
        options.callerCount = 0
        try TestPKI.generate(options)
        #expect(try contents(of: "\(place)/trust/root.pem") != first)
        #expect(TemporaryFolder.names(in: "\(place)/load").isEmpty)
        #expect(TemporaryFolder.names(in: folder.path) == ["generated"])
        let leaf = try #require(
            CertificateFile.certificates(in: contents(of: "\(place)/callers/org-auth-cli.pem")).first)
        let info = Array(leaf.der[leaf.subjectPublicKeyInfo])
        let kind = try PublicKey(subjectPublicKeyInfo: info.span).kind
        #expect(kind == .ec(curve: "prime256v1"))
    }

    @Test("Options out of bounds are refused by name")
    func bounds() throws {
        let folder = try TemporaryFolder()
        var options = options("\(folder.path)/generated")
        options.callerCount = 100_000
        #expect(throws: TestPKIError.outOfBounds(option: "callers", allowed: 0...99_999)) {
            try TestPKI.generate(options)
        }
        #expect(TemporaryFolder.names(in: folder.path).isEmpty)
    }
}
