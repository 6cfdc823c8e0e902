import Foundation
import TLS
import Testing

extension Integration {
    @Suite("poterne status")
    struct StatusCommandTests {
        @Test("says that all is well, who is connected and who was refused; by address and by configuration")
        func well() throws {
            let folder = try TestFolder()
            let gateway = try Gateway(Setup(adminIn: folder))
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").status == 200)
            #expect(gateway.refusal(of: "wrong/revoked", over: .tls13) != nil)
            let ways = [
                ["--admin", "unix:\(folder["admin.sock"])"], ["--config", gateway.folder["poterne.yaml"]],
            ]
            for arguments in ways {
                let status = try eventually("it has been counted") {
                    let status = try Command(["status"] + arguments)
                    return status.text.contains("certificate_revoked") && status.text.contains("1 of callers")
                        ? status : nil
                }
                #expect(status.exitCode == 0, "\(status.text)\(status.errors)")
                #expect(status.text.hasPrefix("● all is well\n"))
                #expect(!status.text.contains("\u{1B}"), "no colours where no terminal is")
                for part in ["last minute", "connections", "handshakes", "CRLs", "to renew", "refusals"] {
                    #expect(status.text.contains("\n\(part)"), "\(part)")
                }
            }
            let document = try Command(["status", "--json"] + ways[0])
            #expect(document.exitCode == 0)
            let object = try JSONSerialization.jsonObject(with: Data(document.text.utf8)) as? [String: Any]
            #expect(object?["verdict"] as? String == "well")
        }

        @Test("says what needs attention and what to do, by its exit code too")
        func attention() throws {
            let folder = try TestFolder()
            var setup = Setup(adminIn: folder)
            setup.revocationLists = ["crl/organisations.crl"]
            let gateway = try Gateway(setup)
            defer { _ = try? gateway.stop() }
            let status = try Command("status", "--admin", "unix:\(folder["admin.sock"])")
            #expect(status.exitCode == 1)
            #expect(status.text.hasPrefix("■ urgent"), "\(status.text)")
            #expect(status.text.contains("There is no CRL of") && status.text.contains("poterne crl fetch"))
        }

        @Test("says that nobody answers, or that who answers is no gateway")
        func nobody() throws {
            let folder = try TestFolder()
            let status = try Command("status", "--admin", "unix:\(folder["nothing.sock"])")
            #expect(status.exitCode == 2)
            #expect(status.errors.contains("no gateway answers"))
            let other = try Upstream()
            let wrong = try Command("status", "--admin", "127.0.0.1:\(other.port)")
            #expect(wrong.exitCode != 0 && wrong.text.isEmpty, "\(wrong.text)")
        }
    }
}
