import Foundation
import Testing

extension Integration {
    @Suite("poterne anchors")
    struct AnchorsTests {
        @Test("refuses what is not official, by name, and writes nothing")
        func refuses() throws {
            let folder = try TestFolder()
            let root = "\(TestCertificates.folder)/trust/root.pem"
            let command = try Command("anchors", "import", "--out", folder["trust"], root)
            #expect(command.exitCode == 1 && command.text.isEmpty)
            #expect(command.errors.contains("refused") && command.errors.contains("FICTIVE POTERNE"))
            #expect(!FileManager.default.fileExists(atPath: folder["trust"]))
            #expect(try Command("anchors", "import", "--out", folder["trust"], folder["nothing"]).exitCode == 2)
        }

        @Test("refuses a CA that only has an official one's name")
        func impostor() throws {
            let folder = try TestFolder()
            let made = try run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder["key"], "-out", folder["ca.pem"],
                    "-subj", "/C=FR/O=ASIP-SANTE/OU=0002 187512751/OU=IGC-SANTE/CN=AC RACINE IGC-SANTE ELEMENTAIRE",
                ])
            #expect(made.exitCode == 0, "\(made.errors)")
            let command = try Command("anchors", "import", "--out", folder["trust"], folder["ca.pem"])
            #expect(
                command.exitCode == 1 && command.errors.contains("it has the name of ACR-EL and not its fingerprint"))
        }

        @Test("lists the pinned CAs with their addresses")
        func list() throws {
            let command = try Command("anchors", "list", "--json")
            let authorities = try command.objects("authorities")
            #expect(command.exitCode == 0 && authorities.count == 14)
            let root = try #require(authorities.first { $0["file_name"] as? String == "ACR-EL" })
            #expect(
                root["sha256"] as? String == "2d9e22ca19f777c6b745257c723ecb8df3c35fa6f1f6ec36b83600c97346967f")
            #expect(root["crl_url"] as? String == "http://igc-sante.esante.gouv.fr/CRL/ACR-EL.crl")
            #expect(try Command("anchors", "list").text.contains("AC IGC-SANTE ELEMENTAIRE ORGANISATIONS"))
        }

        // Skipped where the real CA certificates are not: they are no part of the project.
        @Test(
            "the block that is printed is one that check reads", .enabled(if: RealFiles.arePresent),
            arguments: [("production", ""), ("test", "-TEST")])
        func block(environment: String, suffix: String) throws {
            let folder = try TestFolder()
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(RealFiles.folder)/ca").sorted()
                .map { "\(RealFiles.folder)/ca/\($0)" }
            let mixed = try Command(["anchors", "import", "--out", folder["trust"]] + files)
            #expect(mixed.exitCode == 2 && mixed.errors.contains("--environment"))
            let command = try Command(
                ["anchors", "import", "--environment", environment, "--out", folder["trust"]] + files)
            // The CAs of the other hierarchy are refused by name; those of this one are kept.
            #expect(command.exitCode == 1)
            #expect(FileManager.default.fileExists(atPath: folder["trust/ACI-EL-ORG\(suffix).pem"]))
            let listeners = Setup().yaml.split(separator: "\n", omittingEmptySubsequences: false)
                .drop { $0 != "listeners:" }.joined(separator: "\n")
            let path = try folder.write("state_directory: state\n\(command.text)\(listeners)", to: "poterne.yaml")
            let check = try Command("check", "--json", "--config", path)
            let findings = try check.objects("findings")
            #expect(
                findings.contains { ($0["message"] as? String)?.contains("trust igc-sante (\(environment))") == true })
            #expect(!findings.contains { $0["severity"] as? String == "error" }, "\(check.text)")
        }

        // Skipped where the real CA certificates are not: they are no part of the project.
        @Test("names what is missing, with its address", .enabled(if: RealFiles.arePresent))
        func missing() throws {
            let folder = try TestFolder()
            let command = try Command(
                "anchors", "import", "--out", folder["trust"], "\(RealFiles.folder)/ca/ACI-EL-ORG.pem")
            #expect(command.exitCode == 1 && command.text.isEmpty)
            #expect(command.errors.contains("http://igc-sante.esante.gouv.fr/AC/ACR-EL.cer"))
        }
    }
}
