import Crypto
import DER

/// Issues and writes everything of one environment.
struct EnvironmentIssuance {
    let hierarchy: Hierarchy
    let options: TestPKI.Options
    let callerKey: PrivateKey
    let serverKey: PrivateKey
    let strangers: WrongIssuance.Strangers?
    let cards: CardAuthorities?

    /// Since yesterday, so that a clock that is a little behind finds everything valid.
    private var start: Timestamp { options.now.adding(days: -1) }

    func template(_ kind: LeafTemplate.Kind, subject: NameTemplate? = nil) -> LeafTemplate {
        LeafTemplate(
            kind, environment: hierarchy.environment, subject: subject, from: start,
            days: options.validityDays.map { $0 + 1 })
    }

    /// A good certificate of a kind with its issuer.
    func caller(_ kind: LeafTemplate.Kind, subject: NameTemplate? = nil) throws(CryptoError) -> Issued {
        let authority =
            switch kind.issuer {
            case (.standard, _): cards?.standard ?? hierarchy.personnes
            case (.fort, _): cards?.fort ?? hierarchy.personnes
            case (_, .personnes): hierarchy.personnes
            case (_, .organisations): hierarchy.organisations
            }
        let leaf = try authority.issue(template(kind, subject: subject), to: callerKey)
        return Issued(chain: [leaf, authority.certificate], key: callerKey)
    }

    /// Every file of the environment, the load callers apart.
    func files(caller: Issued, foreigner: Issued) throws(CryptoError) -> [GeneratedFile] {
        let late = try self.caller(.organisationClient, subject: .organisation("POTERNE-REVOQUE-DELTA"))
        let wrong = try wrongCallers(foreigner: foreigner)
        var files = try trustFiles() + serverFiles() + callerFiles(caller)
        files += try late.files("callers/revoked-by-delta")
        for one in wrong { files += try one.issued.files("wrong/\(one.kind.rawValue)") }
        files += try revocationListFiles(revoked: wrong, revokedSince: late)
        files.append(GeneratedFile("poterne.yaml", servedConfiguration(for: hierarchy.environment)))
        return files
    }

    private func trustFiles() -> [GeneratedFile] {
        var authorities = [
            ("root", hierarchy.root), ("organisations", hierarchy.organisations), ("personnes", hierarchy.personnes),
        ]
        if let strangers { authorities.append(("organisations-revoked", strangers.revoked)) }
        if let cards {
            authorities += [
                ("standard-root", cards.standardRoot), ("standard-personnes", cards.standard),
                ("fort-root", cards.fortRoot), ("fort-personnes", cards.fort),
            ]
        }
        return authorities.map { name, authority in
            GeneratedFile("trust/\(name).pem", pemText(of: [authority.certificate]))
        }
    }

    /// The server's name comes first, then what a test on one machine calls it.
    private func serverFiles() throws(CryptoError) -> [GeneratedFile] {
        var template = template(.server)
        template.alternativeNames.append(.host("localhost"))
        let leaf = try hierarchy.organisations.issue(template, to: serverKey)
        let server = Issued(chain: [leaf, hierarchy.organisations.certificate], key: serverKey)
        return [
            GeneratedFile("server/fullchain.pem", server.pem),
            GeneratedFile("server/key.pem", try serverKey.pem, isSecret: true),
            try container("server/serv-ssl.p12", of: server),
        ]
    }

    private func callerFiles(_ caller: Issued) throws(CryptoError) -> [GeneratedFile] {
        var files = try caller.files("callers/org-auth-cli")
        files.append(try container("callers/org-auth-cli.p12", of: caller))
        files += try self.caller(.organisationSignature).files("callers/org-sign")
        files += try self.caller(.organisationConfidentiality).files("callers/org-conf")
        files += try self.caller(.server).files("callers/serv-ssl")
        let professional = NameTemplate.person(
            "30B0999901/PROT0001", title: "Personnel santé ou social", givenName: "DOMINIQUE",
            surname: "FICTIF-PRO99901")
        files += try self.caller(.personAuthentication, subject: professional).files("callers/pro-auth")
        files += try self.caller(.personAuthentication).files("callers/ps-auth")
        files += try self.caller(.personSignature).files("callers/ps-sign")
        files += try self.caller(.cardAuthentication).files("callers/card-auth")
        files += try self.caller(.cardSignature).files("callers/card-sign")
        let legacy = try issueLegacyCaller(now: options.now)
        files += try legacy.caller.files("callers/legacy")
        files.append(GeneratedFile("trust/legacy-root.pem", pemText(of: [legacy.root.certificate])))
        return files
    }

    /// As the ANS platform delivers it: leaf, intermediate and root in the clear, the key under PBE-SHA1-3DES.
    private func container(_ name: String, of issued: Issued) throws(CryptoError) -> GeneratedFile {
        let bytes = try PKCS12.write(
            key: issued.key, certificates: issued.chain + [hierarchy.root.certificate],
            passphrase: Array(options.passphrase.utf8), style: .ansPlatform)
        return GeneratedFile(name, bytes, isSecret: true)
    }

    private func wrongCallers(
        foreigner: Issued
    ) throws(CryptoError) -> [(kind: WrongCertificate, issued: Issued)] {
        let issuance = WrongIssuance(
            hierarchy: hierarchy, now: options.now, key: callerKey, strangers: strangers, foreigner: foreigner)
        var wrong: [(kind: WrongCertificate, issued: Issued)] = []
        for kind in WrongCertificate.allCases {
            guard let issued = try issuance.issue(kind, as: template(.organisationClient)) else { continue }
            wrong.append((kind, issued))
        }
        return wrong
    }
}
