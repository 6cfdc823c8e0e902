import Foundation
import Glibc
import TLS
import Testing

extension Integration {
    @Suite("A key in a PKCS#11 token", .enabled(if: SoftToken.isInstalled, "softhsm2 is not installed"))
    struct TokenKeyTests {
        @Test("signs handshakes, and is found again by a reload", arguments: TLSVersion.allCases)
        func serves(_ version: TLSVersion) throws {
            let token = try SoftToken(key: "\(TestCertificates.folder)/server/key.pem")
            var setup = Setup()
            setup.certificates = [
                "{chain: server/fullchain.pem, key: \"pkcs11:token=poterne;object=server;type=private"
                    + "?pin-source=file:\(token.pinFile)\"}"
            ]
            let gateway = try Gateway(setup, environment: token.environment)
            for _ in 0..<4 { #expect(try gateway.caller(over: version).exchange("GET", "/").status == 200) }
            try gateway.reload()
            #expect(gateway.operatorLog.contains("configuration reloaded"), "\(gateway.operatorLog)")
            #expect(try gateway.caller(over: version).exchange("GET", "/").status == 200)
            let curl = try Curl(gateway)
            #expect(curl.status == 200, "a client that verifies the certificate is content with the signature")
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("that is not there, or that the PIN does not open, is said with its place; check says the same")
        func missing() throws {
            let token = try SoftToken(key: "\(TestCertificates.folder)/server/key.pem")
            for (object, pin) in [("nothing", token.pinFile), ("server", try token.folder.write("918273", to: "pin2"))]
            {
                var setup = Setup()
                setup.certificates = [
                    "{chain: server/fullchain.pem, key: \"pkcs11:token=poterne;object=\(object)\", "
                        + "key_passphrase_file: \(pin)}"
                ]
                try token.folder.write(setup.yaml, to: "poterne.yaml")
                for command in ["check", "run"] {
                    let child = try ChildProcess(
                        Product.path, [command, "--config", token.folder["poterne.yaml"]],
                        output: token.folder["\(command)-\(object)"], errors: token.folder["\(command)-\(object)"],
                        environment: token.environment)
                    #expect(try child.wait() == .exited(1))
                    let said = token.folder.text("\(command)-\(object)")
                    #expect(said.contains("token") && said.contains("poterne.yaml:"), "\(said)")
                    #expect(!said.contains("918273"))
                }
            }
        }
    }
}

/// A token of SoftHSM with one key in it.
final class SoftToken {
    static let isInstalled = (try? run("softhsm2-util", ["--version"]))?.exitCode == 0

    let folder: TestFolder
    let pinFile: String
    private static let pin = "123456"

    var environment: [String: String] { ["SOFTHSM2_CONF": folder["softhsm2.conf"]] }

    /// Makes one, and puts the key of a PEM file into it.
    init(key: String) throws {
        folder = try TestFolder()
        try folder.write("", to: "tokens/.keep")
        try folder.write(
            "directories.tokendir = \(folder["tokens"])\nobjectstore.backend = file\n", to: "softhsm2.conf")
        pinFile = try folder.write(Self.pin + "\n", to: "pin")
        let plain = folder["pkcs8.key"]
        let converted = try run("openssl", ["pkcs8", "-topk8", "-nocrypt", "-in", key, "-out", plain])
        #expect(converted.exitCode == 0)
        try command("--init-token", "--free", "--label", "poterne", "--pin", Self.pin, "--so-pin", Self.pin)
        try command("--import", plain, "--token", "poterne", "--label", "server", "--id", "01", "--pin", Self.pin)
    }

    private func command(_ arguments: String...) throws {
        let child = try ChildProcess(
            "softhsm2-util", arguments, output: folder["softhsm2.log"], errors: folder["softhsm2.log"],
            environment: environment)
        #expect(try child.wait() == .exited(0), "\(folder.text("softhsm2.log"))")
    }
}
