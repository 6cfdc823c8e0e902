import Foundation
import Glibc
import Testing

extension Integration {
    @Suite("poterne check")
    struct CheckTests {
        private let pki = TestCertificates.folder

        /// A change to a good setup, and what is to be said of it.
        struct Fault: CustomTestStringConvertible, Sendable {
            let testDescription: String
            let severity: String
            /// Part of the message.
            let message: String
            /// The line of the configuration that is named, by what it holds; nil for no line.
            let line: String?
            let change: @Sendable (inout Setup, TestFolder) throws -> Void

            init(
                _ description: String, _ severity: String = "error", says message: String, at line: String? = nil,
                _ change: @escaping @Sendable (inout Setup, TestFolder) throws -> Void
            ) {
                testDescription = description
                self.severity = severity
                self.message = message
                self.line = line
                self.change = change
            }
        }

        static let faults = [
            Fault("a chain without its intermediate", says: "the chain ends at", at: "chain:") { setup, folder in
                let leaf = try run("openssl", ["x509", "-in", "\(setup.folder)/server/fullchain.pem"])
                let path = try folder.write(leaf.output, to: "leaf.pem")
                setup.certificates = ["{chain: \(path), key: server/key.pem}"]
            },
            Fault("another certificate's key", says: "the key is not that of", at: "key:") { setup, _ in
                setup.certificates = ["{chain: server/fullchain.pem, key: callers/org-auth-cli.key}"]
            },
            Fault("a certificate that is not a server's", says: "lack serverAuth", at: "chain:") { setup, _ in
                setup.certificates = ["{chain: callers/org-auth-cli.pem, key: callers/org-auth-cli.key}"]
            },
            Fault("a host that no certificate is for", says: "is for other.example", at: "other.example") { setup, _ in
                setup.routes = ["{host: other.example, path: /, respond: {status: 200, body: ok}}"]
            },
            Fault("a certificate of the other hierarchy", "warning", says: "SERV SSL of the production") { setup, _ in
                setup.certificates = ["{chain: prod/server/fullchain.pem, key: prod/server/key.pem}"]
            },
            Fault("an expired certificate", says: "expired at", at: "chain:") { setup, _ in
                setup.certificates = ["{chain: wrong/expired.pem, key: wrong/expired.key}"]
            },
            Fault("a SIREN that nobody has", "warning", says: "siren:187512752 is no identifier", at: "siren:") {
                setup, _ in
                setup.folder += "/prod"
                setup.environment = "production"
                setup.routes = [
                    "{path: /, structures: [\"siren:187512752\", \"318751275100020\"], respond: {status: 200, body: ok}}"
                ]
            },
            Fault("an enrolment list with a caller twice", says: "is enrolled already", at: "callers_file") {
                setup, folder in
                let list = try folder.write("structure,name\n1,x\n1,x\n", to: "callers.csv")
                setup.routes = ["{path: /, callers_file: \(list), respond: {status: 200, body: ok}}"]
            },
            Fault("no CRL of the root", says: "there is no CRL of CN=TEST AC RACINE", at: "igc-sante:") { setup, _ in
                setup.revocationLists = ["crl/organisations.crl"]
            },
            Fault("a CRL that is not there", says: "No such file", at: "nothing.crl") { setup, _ in
                setup.revocationLists = ["crl/root.crl", "crl/organisations.crl", "crl/nothing.crl"]
            },
            Fault("a CRL of a CA that is not trusted", "warning", says: "is not used", at: "personnes") { setup, _ in
                setup.revocationLists = ["crl/root.crl", "crl/organisations.crl", "crl/personnes.crl"]
            },
            Fault("something else in a CRL's place", says: "is refused", at: "root.pem") { setup, _ in
                setup.revocationLists = ["crl/root.crl", "crl/organisations.crl", "trust/root.pem"]
            },
            Fault("an issuer that leads to no anchor", says: "does not lead to an anchor", at: "issuers") { setup, _ in
                setup.issuers = ["prod/trust/organisations.pem"]
            },
            Fault("an anchor that is not there", says: "No such file", at: "anchors") { setup, _ in
                setup.anchors = ["trust/nothing.pem"]
            },
            Fault("CAs that are not official, in production", "warning", says: "none of the official CAs") { setup, _ in
                (setup.environment, setup.anchors) = ("production", ["prod/trust/root.pem"])
                setup.issuers = ["prod/trust/organisations.pem"]
                setup.revocationLists = ["prod/crl/root.crl", "prod/crl/organisations.crl"]
            },
            Fault("what ends within expiry_warning", "warning", says: "expires in") { setup, folder in
                let made = try run(
                    "openssl",
                    [
                        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "5", "-subj", "/CN=localhost",
                        "-keyout", folder["key.pem"], "-out", folder["own.pem"],
                    ])
                #expect(made.exitCode == 0, "\(made.errors)")
                setup.certificates = ["{chain: \(folder["own.pem"]), key: \(folder["key.pem"])}"]
            },
        ]

        @Test("says what is wrong, where, and how to mend it", arguments: faults)
        func fault(_ fault: Fault) throws {
            let folder = try TestFolder()
            var setup = Setup()
            try fault.change(&setup, folder)
            let yaml = setup.yaml
            let command = try Command("check", "--json", "--config", try folder.write(yaml, to: "poterne.yaml"))
            let findings = try command.objects("findings")
            let finding = findings.first {
                $0["severity"] as? String == fault.severity
                    && ($0["message"] as? String)?.contains(fault.message) == true
            }
            let found = try #require(finding, "\(command.text) \(command.errors)")
            #expect((found["remedy"] as? String)?.isEmpty == false)
            if let line = fault.line, let number = found["line"] as? Int {
                let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
                #expect(lines[number - 1].contains(line))
            }
            #expect(command.exitCode == (findings.contains { $0["severity"] as? String == "error" } ? 1 : 0))
        }

        @Test("is content with what the test PKI serves, and with a good setup")
        func content() throws {
            let served = try Command("check", "--config", "\(pki)/poterne.yaml")
            #expect(served.exitCode == 0, "\(served.text)")
            #expect(served.text.hasSuffix("0 errors, 0 warnings: fit to be served\n"))
            let folder = try TestFolder()
            let path = try folder.write(Setup().yaml, to: "poterne.yaml")
            let command = try Command("check", "--json", "--config", path)
            #expect(command.exitCode == 0)
            #expect(try command.object()["result"] as? String == "ok")
            // A check writes nothing.
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["poterne.yaml"])
        }

        @Test("a key that others may read is refused, one that its group may read is warned of")
        func permissions() throws {
            let folder = try TestFolder()
            let key = try folder.write(try contents(of: "\(pki)/server/key.pem"), to: "key.pem")
            var setup = Setup()
            setup.certificates = ["{chain: server/fullchain.pem, key: \(key)}"]
            let path = try folder.write(setup.yaml, to: "poterne.yaml")
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
            let loose = try Command("check", "--config", path)
            #expect(loose.exitCode == 1 && loose.text.contains("mode 0644") && loose.text.contains("chmod 0600 \(key)"))
            // A start says the same.
            let start = try Command("run", "--config", path)
            #expect(start.exitCode == 1 && start.errors.contains("chmod 0600 \(key)"), "\(start.errors)")
            if getuid() == 0 {
                try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: key)
                #expect(try !Command("check", "--config", path).text.contains("warning  "), "root gives it to a group")
                #expect(unsafe chown(key, 65_534, 65_534) == 0)
                let group = try Command("check", "--config", path)
                #expect(group.exitCode == 0 && group.text.contains("mode 0640"))
                #expect(unsafe chown(key, 0, 0) == 0)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
            #expect(try !Command("check", "--config", path).text.contains("warning  "))
        }

        @Test("warns of a path whose bare form goes to a wider route, and of no other")
        func slashes() throws {
            let folder = try TestFolder()
            var setup = Setup()
            setup.routes = [
                "{path: /, respond: {body: ok}}", "{path: /admin/, respond: {body: ok}}",
                "{path: /x/, respond: {body: ok}}", "{path: /x, respond: {body: ok}}",
                "{host: other.example, path: /y/, respond: {body: ok}}",
            ]
            let path = try folder.write(setup.yaml, to: "poterne.yaml")
            let command = try Command("check", "--json", "--config", path)
            let warnings = try command.objects("findings").filter { $0["severity"] as? String == "warning" }
            let messages = warnings.compactMap { $0["message"] as? String }.filter { $0.contains("govern") }
            #expect(messages.count == 1 && messages[0].contains("\"/admin\""), "\(messages)")
        }

        @Test("a start names every file that it cannot use, not the first one only")
        func faultsOfAStart() throws {
            let folder = try TestFolder()
            var setup = Setup()
            setup.certificates = [
                "{chain: server/no-chain.pem, key: server/key.pem}",
                "{chain: server/fullchain.pem, key: server/no-key.pem}",
            ]
            setup.anchors = ["trust/no-root.pem"]
            let path = try folder.write(setup.yaml, to: "poterne.yaml")
            let command = try Command("run", "--config", path)
            #expect(command.exitCode == 1)
            for file in ["no-root.pem", "no-chain.pem", "no-key.pem"] {
                #expect(command.errors.contains(file), "\(file): \(command.errors)")
            }
        }

        @Test("a configuration that cannot be read is shown with its lines, and is 1")
        func unreadable() throws {
            let folder = try TestFolder()
            let path = try folder.write("wrokers: 2\n", to: "poterne.yaml")
            let command = try Command("check", "--config", path)
            #expect(command.exitCode == 1)
            #expect(command.text.contains("\(path):1:1") && command.text.contains("workers"))
            let json = try Command("check", "--json", "--config", path)
            #expect(try json.objects("findings").contains { $0["line"] as? Int == 1 })
            #expect(try Command("check", "--config", folder["nothing.yaml"]).exitCode == 1)
        }
    }
}
