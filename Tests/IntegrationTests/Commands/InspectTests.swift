import Foundation
import Testing

extension Integration {
    @Suite("poterne inspect")
    struct InspectTests {
        private let pki = TestCertificates.folder

        /// The only certificate of a report.
        private func certificate(_ arguments: String...) throws -> (exitCode: Int32?, members: [String: Any]) {
            let command = try Command(["inspect", "--json"] + arguments)
            let certificates = try command.objects("certificates")
            #expect(certificates.count == 1)
            return (command.exitCode, try #require(certificates.first))
        }

        private func verdict(of file: String, under configuration: String) throws -> (Int32?, String?, String?) {
            let (exitCode, members) = try certificate("--config", configuration, "\(pki)/\(file).pem")
            let listener = try #require((members["listeners"] as? [[String: Any]])?.first)
            if listener["result"] as? String == "refused" {
                #expect((listener["message"] as? String)?.isEmpty == false)
                #expect((listener["remedy"] as? String)?.isEmpty == false)
            }
            return (exitCode, listener["result"] as? String, listener["reason"] as? String)
        }

        @Test(
            "the listener of a configuration refuses the wrong ones, each for its reason",
            arguments: [
                ("wrong/revoked", "certificate_revoked"), ("callers/revoked-by-delta", "certificate_revoked"),
                ("wrong/expired", "certificate_expired"), ("wrong/not-yet-valid", "certificate_not_yet_valid"),
                ("wrong/other-root", "unknown_issuer"), ("wrong/self-signed", "unknown_issuer"),
                ("wrong/issued-by-personnes", "issuer_not_accepted"), ("wrong/intermediate-revoked", "issuer_revoked"),
                ("wrong/sha1", "weak_signature"), ("wrong/broken-signature", "signature_invalid"),
                ("wrong/two-cn", "profile_violation"), ("wrong/serv-ssl-as-client", "kind_not_accepted"),
                ("callers/org-conf", "kind_not_accepted"), ("callers/pro-auth", "issuer_not_accepted"),
            ])
        func refuses(file: String, reason: String) throws {
            let (exitCode, result, code) = try verdict(of: file, under: "\(pki)/poterne.yaml")
            #expect(exitCode == 1 && result == "refused" && code == reason)
        }

        @Test("and admits the right one, and refuses it under the other hierarchy")
        func admits() throws {
            let (exitCode, result, _) = try verdict(of: "callers/org-auth-cli", under: "\(pki)/poterne.yaml")
            #expect(exitCode == 0 && result == "admitted")
            let (other, _, reason) = try verdict(of: "callers/org-auth-cli", under: "\(pki)/prod/poterne.yaml")
            #expect(other == 1 && reason == "unknown_issuer")
        }

        @Test("a route that the caller may not use is named")
        func routes() throws {
            let folder = try TestFolder()
            var setup = Setup()
            setup.routes = [
                "{path: /a, structures: [\"399999*\"], respond: {status: 200, body: ok}}",
                "{path: /, respond: {status: 200, body: ok}}",
            ]
            let path = try folder.write(setup.yaml, to: "poterne.yaml")
            let (exitCode, members) = try certificate("--config", path, "\(pki)/callers/org-auth-cli.pem")
            let listener = try #require((members["listeners"] as? [[String: Any]])?.first)
            let routes = try #require(listener["routes"] as? [[String: Any]])
            #expect(exitCode == 0 && listener["result"] as? String == "admitted")
            #expect(routes.map { $0["reason"] as? String } == ["structure_not_allowed", nil])
        }

        @Test(
            "names every kind of the test PKI",
            arguments: [
                ("org-auth-cli", "ORG AUTH_CLI"), ("org-sign", "ORG SIGN"), ("org-conf", "ORG CONF"),
                ("serv-ssl", "SERV SSL"), ("pro-auth", "PP AUTH"), ("ps-sign", "PP SIGN"), ("card-auth", "CARD AUTH"),
                ("card-sign", "CARD SIGN"), ("legacy", "LEGACY CPS"),
            ])
        func kinds(file: String, kind: String) throws {
            let (_, members) = try certificate("\(pki)/callers/\(file).pem")
            #expect(members["kind"] as? String == kind)
        }

        @Test("reads PKCS#12 with its passphrase, and says that it needs one")
        func pkcs12() throws {
            let file = "\(pki)/callers/org-auth-cli.p12"
            let (exitCode, members) = try certificate("--passphrase-file", "\(pki)/passphrase", file)
            #expect(exitCode == 0 && members["kind"] as? String == "ORG AUTH_CLI")
            #expect(members["has_private_key"] as? Bool == true)
            let without = try Command("inspect", file)
            #expect(without.exitCode == 2 && without.errors.contains("--passphrase-file"))
        }

        @Test("reads DER and PKCS#7, and names the CAs of a bundle")
        func forms() throws {
            let folder = try TestFolder()
            let leaf = "\(pki)/callers/org-auth-cli.pem"
            let der = folder["leaf.der"]
            #expect(try run("openssl", ["x509", "-in", leaf, "-outform", "DER", "-out", der]).exitCode == 0)
            #expect(try certificate(der).members["structure_type"] as? String == "FINESS")
            let bag = folder["chain.p7b"]
            let made = try run(
                "openssl",
                [
                    "crl2pkcs7", "-nocrl", "-certfile", "\(pki)/trust/root.pem", "-certfile",
                    "\(pki)/trust/organisations.pem", "-out", bag,
                ])
            #expect(made.exitCode == 0)
            let (exitCode, members) = try certificate(bag)
            #expect(exitCode == 0 && members["is_ca"] as? Bool == true && members["chain_is_complete"] as? Bool == true)
        }

        @Test("verifies the chain in hand, with CRLs when they are given")
        func chain() throws {
            let hand = ["--anchor", "\(pki)/trust/root.pem", "--issuer", "\(pki)/trust/organisations.pem"]
            let revoked = "\(pki)/wrong/revoked.pem"
            let plain = try Command(["inspect"] + hand + [revoked])
            #expect(plain.exitCode == 0 && plain.text.contains("revocation was not looked up"))
            let looked = try Command(["inspect", "--crl", "\(pki)/crl"] + hand + [revoked])
            #expect(looked.exitCode == 1 && looked.text.contains("certificate_revoked"))
            // Without the root's CRL nobody says whether the intermediate is revoked.
            let half = try Command(
                ["inspect", "--crl", "\(pki)/crl/organisations.crl"] + hand + ["\(pki)/callers/org-auth-cli.pem"])
            #expect(half.exitCode == 1 && half.text.contains("revocation_unavailable"))
        }

        @Test("a certificate that is none is said to be malformed, and what cannot be used is 2")
        func unusable() throws {
            let folder = try TestFolder()
            let broken = try folder.write(
                "-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n", to: "broken.pem")
            let command = try Command("inspect", "--json", broken)
            #expect(command.exitCode == 1)
            #expect(try command.objects("malformed").count == 1)
            #expect(try Command("inspect", folder["nothing.pem"]).exitCode == 2)
            #expect(try Command("inspect", "--at", "yesterday", "\(pki)/callers/org-auth-cli.pem").exitCode == 2)
            #expect(
                try Command("inspect", "--config", folder["no.yaml"], "\(pki)/callers/org-auth-cli.pem").exitCode == 2)
        }

        @Test("what a certificate holds cannot steer the terminal")
        func terminal() throws {
            let folder = try TestFolder()
            let (key, file) = (folder["key.pem"], folder["evil.pem"])
            let made = try run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-utf8", "-keyout", key, "-out", file, "-subj",
                    "/C=FR/O=a\u{202E}b\u{1B}[31mc/OU=3\u{1B}[2J/CN=x\u{7}",
                ])
            #expect(made.exitCode == 0, "\(made.errors)")
            let command = try Command("inspect", file)
            #expect(!command.text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\u{7}" })
        }

        // Skipped where the real certificates are not: they are no part of the project.
        @Test(
            "names kind and structure of the real certificates", .enabled(if: RealFiles.arePresent),
            arguments: [
                ("PROD-SERV_SSL-tops.demo.asipsante.fr-20191010-ebe1d268", "SERV SSL", "318751275100020", "SIRET"),
                ("TEST-ORG_AUTH_CLI-INSI_MANU-20250425-150125b6", "ORG AUTH_CLI", "10B0221636", "FINESS"),
                ("TEST-ORG_AUTH_CLI-Padoa-20211115-b182c665", "ORG AUTH_CLI", "10B0152872", "FINESS"),
                ("TEST-ORG_CONF-Padoa_CONF-20211115-1375ead2", "ORG CONF", "10B0152872", "FINESS"),
                ("TEST-ORG_SIGN-rpps.tra.henix_asipsante.fr-20160707-f50f8dcf", "ORG SIGN", "318751275100020", "SIRET"),
                (
                    "TEST-ORG_SIGN-tomwsrevoque.henix.asipsante.fr-20190614-742d8553", "ORG SIGN", "318751275100020",
                    "SIRET"
                ),
                ("TEST-PP_AUTH-30B0057881_CPET0002-20170323-5da0d21f", "CARD AUTH", "10B0057881", "FINESS"),
                ("TEST-SERV_SSL-carto.hub.esante.gouv.fr-20250220-af05d4e9", "SERV SSL", "318751275100020", "SIRET"),
                (
                    "TEST-SERV_SSL-mock.platines.henix.asipsante.fr-20171106-a78637e7", "SERV SSL", "318751275100020",
                    "SIRET"
                ),
            ])
        func realCertificates(file: String, kind: String, structure: String, type: String) throws {
            let (exitCode, members) = try certificate("\(RealFiles.folder)/ee/\(file).pem")
            #expect(exitCode == 0)
            #expect(members["kind"] as? String == kind)
            #expect(members["structure_id"] as? String == structure)
            #expect(members["structure_type"] as? String == type)
            #expect((members["sha256"] as? String)?.hasPrefix(file.suffix(8)) == true)
        }

        // Skipped where the real certificates are not: they are no part of the project.
        @Test(
            "verifies the real chain with the real CRLs at a moment when they were valid",
            .enabled(if: RealFiles.arePresent),
            arguments: [
                ("TEST-ORG_SIGN-rpps.tra.henix_asipsante.fr-20160707-f50f8dcf", "2019-06-28T12:00:00Z", nil),
                ("TEST-SERV_SSL-mock.platines.henix.asipsante.fr-20171106-a78637e7", "2019-06-28T12:00:00Z", nil),
                (
                    "TEST-ORG_SIGN-tomwsrevoque.henix.asipsante.fr-20190614-742d8553", "2019-06-28T12:00:00Z",
                    "certificate_revoked"
                ),
                (
                    "TEST-SERV_SSL-mock.platines.henix.asipsante.fr-20171106-a78637e7", "2019-07-04T12:00:00Z",
                    "crl_stale"
                ),
                ("TEST-ORG_AUTH_CLI-INSI_MANU-20250425-150125b6", "2019-06-28T12:00:00Z", "certificate_not_yet_valid"),
            ] as [(String, String, String?)])
        func realChain(file: String, moment: String, reason: String?) throws {
            let folder = RealFiles.folder
            let (exitCode, members) = try certificate(
                "--at", moment, "--anchor", "\(folder)/ca/ACR-EL-TEST.pem", "--issuer",
                "\(folder)/ca/ACI-EL-ORG-TEST.pem",
                "--crl", "\(folder)/crl", "\(folder)/ee/\(file).pem")
            let verification = try #require(members["verification"] as? [String: Any])
            #expect(verification["reason"] as? String == reason)
            #expect(exitCode == (reason == nil ? 0 : 1))
            #expect(
                (members["chain"] as? [[String: Any]])?.map { $0["official_ca"] as? String }
                    == ["ACI-EL-ORG-TEST", "ACR-EL-TEST"])
        }
    }
}
