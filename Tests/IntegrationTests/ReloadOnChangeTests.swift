import Foundation
import Glibc
import TLS
import Testing
import X509

extension Integration {
    @Suite("A changed file")
    struct ReloadOnChangeTests {
        private func reloads(_ gateway: Gateway) -> Int {
            gateway.operatorLog.split(separator: "\n").count { $0.contains("configuration reloaded") }
        }

        /// The names of the certificate that a caller is shown.
        private func shown(by gateway: Gateway, host: String) throws -> Bool {
            let result = try run(
                "openssl",
                ["s_client", "-connect", "127.0.0.1:\(gateway.port)", "-servername", host, "-verify_hostname", host],
                input: [], within: 20)
            return result.text.contains("Verification: OK") || !result.text.contains("hostname mismatch")
        }

        @Test("a chain and its key, replaced one after the other, are taken by one reload that nobody asked for")
        func renewed() throws {
            let authority = try OwnAuthority()
            let gateway = try Gateway(authority.setup())
            let open = try gateway.caller(host: "localhost", named: authority)
            #expect(try open.exchange("GET", "/").status == 200)
            #expect(try !shown(by: gateway, host: "renewed.example"))
            try authority.issueServer("server/next", key: "server/next.key", hosts: ["localhost", "renewed.example"])
            try authority.write(contents(of: authority.folder["server/next.pem"]), to: "server/fullchain.pem")
            try authority.write(contents(of: authority.folder["server/next.key"]), to: "server/key.pem")
            try eventually("the new certificate is shown") { try shown(by: gateway, host: "renewed.example") }
            #expect(reloads(gateway) == 1)
            #expect(gateway.operatorLog.contains("fullchain.pem"))
            #expect(!gateway.operatorLog.contains("reload refused"))
            #expect(try open.exchange("GET", "/").status == 200, "the open connection goes on")
        }

        @Test("links that are swapped, as Kubernetes does with a Secret, are seen")
        func swapped() throws {
            let authority = try OwnAuthority()
            let folder = authority.folder
            try authority.issueServer("first/tls", key: "first/tls.key", hosts: ["localhost"])
            try authority.issueServer("second/tls", key: "second/tls.key", hosts: ["localhost", "renewed.example"])
            let files = FileManager.default
            try files.createDirectory(atPath: folder["secret"], withIntermediateDirectories: true)
            #expect(unsafe symlink("../first", folder["secret/..data"]) == 0)
            for name in ["tls.pem", "tls.key"] {
                #expect(unsafe symlink("..data/\(name)", folder["secret/\(name)"]) == 0)
            }
            var setup = authority.setup()
            setup.certificates = ["{chain: secret/tls.pem, key: secret/tls.key}"]
            let gateway = try Gateway(setup)
            #expect(try !shown(by: gateway, host: "renewed.example"))
            #expect(unsafe symlink("../second", folder["secret/..data_tmp"]) == 0)
            #expect(unsafe rename(folder["secret/..data_tmp"], folder["secret/..data"]) == 0)
            try eventually("the new certificate is shown") { try shown(by: gateway, host: "renewed.example") }
            #expect(reloads(gateway) == 1)
        }

        @Test("what cannot be used changes nothing, raises an alarm, and check says the same")
        func unusable() throws {
            let authority = try OwnAuthority()
            var setup = authority.setup()
            setup.top = ["admin: {address: \"127.0.0.1:0\"}"]
            let gateway = try Gateway(setup)
            try authority.issueServer("server/other", key: "server/other.key", hosts: ["localhost"])
            let original = try contents(of: authority.folder["server/key.pem"])
            // The key of another certificate.
            try authority.write(contents(of: authority.folder["server/other.key"]), to: "server/key.pem")
            try eventually("the reload is refused") { gateway.operatorLog.contains("reload refused") }
            let check = try run(Product.path, ["check", "--config", gateway.folder["poterne.yaml"]])
            #expect(check.exitCode == 1)
            #expect(check.text.contains("the key is not that of the certificate"), "\(check.text)")
            #expect(try gateway.caller(host: "localhost", named: authority).exchange("GET", "/").status == 200)
            try eventually("the alarm is raised") {
                let metrics = try gateway.metrics()
                return metrics.contains("poterne_reload_failures_total 1")
                    && metrics.contains("poterne_last_reload_successful 0")
            }
            try authority.write(original, to: "server/key.pem")
            try eventually("the alarm is over") { try gateway.metrics().contains("poterne_last_reload_successful 1") }
        }

        @Test("of the configuration itself counts where reload_on_change is all, and only there")
        func configuration() throws {
            var setup = Setup()
            setup.routes = ["{path: /old, respond: {status: 200, body: old}}"]
            setup.top = ["reload_on_change: all"]
            let gateway = try Gateway(setup)
            setup.routes = ["{path: /new, respond: {status: 200, body: new}}"]
            // From now on only who asks gets a reload.
            setup.top = ["reload_on_change: files"]
            try gateway.rewrite(setup.yaml)
            try eventually("the new routes are in force") {
                try gateway.caller().exchange("GET", "/new").status == 200
            }
            setup.routes = ["{path: /newest, respond: {status: 200, body: new}}"]
            try gateway.rewrite(setup.yaml)
            let before = reloads(gateway)
            // Another file changes meanwhile: what is reloaded is by the configuration in force.
            try gateway.reload()
            #expect(reloads(gateway) == before + 1)
        }
    }

    @Suite("poterne reload")
    struct ReloadCommandTests {
        private func reload(_ gateway: Gateway) throws -> CommandResult {
            try run(Product.path, ["reload", "--config", gateway.folder["poterne.yaml"]])
        }

        @Test("says that the configuration is in force, and what only a restart changes")
        func taken() throws {
            var setup = Setup()
            let gateway = try Gateway(setup)
            setup.workers = 3
            setup.top = ["user: nobody"]
            setup.routes = ["{path: /new, respond: {status: 200, body: new}}"]
            try gateway.rewrite(setup.yaml)
            let result = try reload(gateway)
            #expect(result.exitCode == 0)
            #expect(result.text.contains("epoch 2 is in force"))
            #expect(result.text.contains("not changed by a reload: workers"))
            #expect(result.text.contains("not changed by a reload: user"))
            try eventually("the new route is served") {
                try gateway.caller().exchange("GET", "/new").text == "new"
            }
        }

        @Test("shows what is wrong, with its line, and exits with 1")
        func refused() throws {
            var setup = Setup()
            let gateway = try Gateway(setup)
            setup.certificates = ["{chain: server/nothing.pem, key: server/key.pem}"]
            try gateway.rewrite(setup.yaml)
            let result = try reload(gateway)
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("nothing.pem"))
            #expect(result.errors.contains("poterne.yaml:"))
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
        }

        @Test(
            "reaches the gateway though the file is no configuration, and the gateway says what stays in force",
            arguments: ["{path: /new, upstreem: app}", "{path: /new"])
        func unreadable(_ route: String) throws {
            var setup = Setup()
            let gateway = try Gateway(setup)
            setup.routes = [route]
            try gateway.rewrite(setup.yaml)
            let result = try reload(gateway)
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("poterne.yaml:"), "\(result.errors)")
            #expect(gateway.operatorLog.contains("reload refused"))
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
        }

        @Test("without a file to read names the option to give instead, and exits with 2")
        func noFile() throws {
            let folder = try TestFolder()
            let result = try run(Product.path, ["reload", "--config", folder["nothing.yaml"]])
            #expect(result.exitCode == 2)
            #expect(result.errors.contains("ask with --state-directory"), "\(result.errors)")
        }

        @Test("says where nobody answers, and exits with 2")
        func nobody() throws {
            let folder = try TestFolder()
            let result = try run(Product.path, ["reload", "--state-directory", folder.path])
            #expect(result.exitCode == 2)
            #expect(result.errors.contains("control.sock"))
        }

        @Test("the door is closed to others, goes with the process, and understands nothing else")
        func door() throws {
            let gateway = try Gateway(Setup())
            let path = gateway.folder["state/control.sock"]
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
            for request in ["shutdown\n", String(repeating: "x", count: 4_000), "reload", "\u{0}\n", "\n"] {
                let result = try run(
                    "python3",
                    [
                        "-c",
                        "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); "
                            + "s.sendall(sys.stdin.buffer.read()); s.shutdown(1); print(s.recv(999).decode()[:6])",
                        path,
                    ], input: Array(request.utf8))
                #expect(!result.text.contains("ok"), "\(request.prefix(20)): \(result.text)")
            }
            #expect(!gateway.operatorLog.contains("reloaded"))
            try gateway.stop()
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Suite("Reloading under load")
    struct ReloadUnderLoadTests {
        @Test("loses not one request of keep-alive callers and of new ones")
        func nothingLost() throws {
            let upstream = try Echo()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let kept = try Load(gateway, rate: 1_500, seconds: 3)
            let fresh = try Load(gateway, mode: "handshake", rate: 30, seconds: 3, connections: 8)
            try eventually("requests are answered") { gateway.accessLog.count > 100 }
            for _ in 0..<5 { try gateway.reload() }
            for load in [kept, fresh] {
                let report = try load.report()
                #expect(report.unexpected == 0, "\(report)")
                #expect(report.responses > 50, "\(report)")
            }
        }
    }
}
