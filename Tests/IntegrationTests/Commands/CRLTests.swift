import Foundation
import Testing

extension Integration {
    @Suite("poterne crl")
    struct CRLTests {
        private let pki = TestCertificates.folder

        /// A setup whose CRLs come from a server, below `/`.
        private func setup(fetchingFrom port: UInt16, organisations: String = "organisations.crl") -> Setup {
            var setup = Setup()
            setup.revocationLists = nil
            setup.revocation = [
                "sources:",
                "  - ca: \(pki)/trust/organisations.pem",
                "    base: [http://127.0.0.1:\(port)/\(organisations)]",
                "    delta: [http://127.0.0.1:\(port)/organisations-delta.crl]",
                "  - ca: \(pki)/trust/root.pem",
                "    base: [http://127.0.0.1:\(port)/root.crl]",
            ]
            return setup
        }

        /// Serves the files of the test PKI's `crl/`; for `/html` a page.
        private func server() throws -> Upstream {
            let pki = self.pki
            return try Upstream { visit in
                let reader = MessageReader(visit)
                while let request = try reader.readRequest() {
                    let name = request.target.dropFirst()
                    let body =
                        name == "html" ? Array("<html></html>".utf8) : try contents(of: "\(pki)/crl/\(name)")
                    try visit.write(Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
                }
            }
        }

        private func states(_ command: Command) throws -> [String] {
            let trusts = try command.objects("trusts")
            let authorities = trusts.first?["authorities"] as? [[String: Any]] ?? []
            return authorities.compactMap { $0["state"] as? String }
        }

        @Test("shows the CRLs of files: number, dates, entries, delta")
        func status() throws {
            let command = try Command("crl", "status", "--json", "--config", "\(pki)/poterne.yaml")
            #expect(command.exitCode == 0)
            #expect(try states(command) == ["current", "current"])
            let authorities = try #require(try command.objects("trusts").first?["authorities"] as? [[String: Any]])
            let list = try #require((authorities.first?["lists"] as? [[String: Any]])?.first)
            #expect((list["entries"] as? Int ?? 0) > 1_000)
            #expect((list["origin"] as? String)?.hasSuffix("crl/organisations.crl") == true)
            let delta = try #require(list["delta"] as? [String: Any])
            #expect(delta["base_number"] as? String == list["number"] as? String)
            #expect(try Command("crl", "status", "--config", "\(pki)/poterne.yaml").text.contains("next due"))
        }

        @Test("a CA without a CRL is missing, and that is 1; a look writes nothing")
        func missing() throws {
            let folder = try TestFolder()
            var setup = Setup()
            setup.revocationLists = ["crl/organisations.crl"]
            let path = try folder.write(setup.yaml, to: "poterne.yaml")
            let command = try Command("crl", "status", "--json", "--config", path)
            #expect(command.exitCode == 1)
            #expect(try states(command) == ["current", "missing"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["poterne.yaml"])
            #expect(try Command("crl", "status", "--config", folder["nothing.yaml"]).exitCode == 2)
        }

        @Test("fetches once, keeps what is good, and a start without network has it")
        func fetch() throws {
            let folder = try TestFolder()
            let server = try server()
            let path = try folder.write(setup(fetchingFrom: server.port).yaml, to: "poterne.yaml")
            #expect(try states(Command("crl", "status", "--json", "--config", path)) == ["missing", "missing"])
            let fetched = try Command("crl", "fetch", "--config", path)
            #expect(fetched.exitCode == 0, "\(fetched.text) \(fetched.errors)")
            server.stop()
            let status = try Command("crl", "status", "--json", "--config", path)
            #expect(status.exitCode == 0)
            #expect(try states(status) == ["current", "current"])
            #expect(status.text.contains("\"kept_at\": \"20"))
            // What was kept serves although nothing can be fetched any more, and that is still said.
            let again = try Command("crl", "fetch", "--config", path)
            #expect(again.exitCode == 1 && again.text.contains("failed at"))
            #expect(try Command("check", "--config", path).exitCode == 0)
        }

        @Test("a running gateway notes when it fetched, and when it will again")
        func running() throws {
            let server = try server()
            let gateway = try Gateway(setup(fetchingFrom: server.port))
            let sources = try eventually("the gateway has noted its fetches") { () -> [[String: Any]]? in
                let status = try Command("crl", "status", "--json", "--config", gateway.folder["poterne.yaml"])
                let authorities = try status.objects("trusts").first?["authorities"] as? [[String: Any]] ?? []
                let sources = authorities.flatMap { $0["sources"] as? [[String: Any]] ?? [] }
                let isNoted = sources.allSatisfy { $0["last_success"] is String && $0["next_attempt"] is String }
                return isNoted && status.exitCode == 0 ? sources : nil
            }
            #expect(sources.count == 3)
        }

        @Test("what is no CRL is refused by name and not kept")
        func refused() throws {
            let folder = try TestFolder()
            let server = try server()
            let path = try folder.write(
                setup(fetchingFrom: server.port, organisations: "html").yaml, to: "poterne.yaml")
            let fetched = try Command("crl", "fetch", "--config", path)
            #expect(fetched.exitCode == 1 && fetched.text.contains("HTML page"))
            let check = try Command("check", "--fetch", "--config", path)
            #expect(check.exitCode == 1 && check.text.contains("revocation_unavailable"))
        }
    }
}
