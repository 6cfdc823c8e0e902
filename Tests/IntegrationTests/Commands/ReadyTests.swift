import Foundation
import Testing

extension Integration {
    @Suite("poterne ready")
    struct ReadyTests {
        @Test("says that a gateway which has its CRLs is ready, by address and by configuration")
        func ready() throws {
            let folder = try TestFolder()
            let gateway = try Gateway(Setup(adminIn: folder))
            let ways = [
                ["--admin", "unix:\(folder["admin.sock"])"], ["--config", gateway.folder["poterne.yaml"]],
            ]
            for arguments in ways {
                let ready = try eventually("it is ready") {
                    let ready = try Command(["ready"] + arguments)
                    return ready.exitCode == 0 ? ready : nil
                }
                #expect(ready.text == "ready\n")
            }
        }

        @Test("asks the gateway though its file has errors by now, and says that too")
        func editedFile() throws {
            let folder = try TestFolder()
            let gateway = try Gateway(Setup(adminIn: folder))
            defer { _ = try? gateway.stop() }
            try gateway.rewrite(Setup(adminIn: folder).yaml + "\nlisteneers: [")
            try eventually("it is ready") {
                try Command("ready", "--config", gateway.folder["poterne.yaml"]).exitCode == 0
            }
            let ready = try Command("ready", "--config", gateway.folder["poterne.yaml"])
            #expect(ready.errors.contains("has errors"), "\(ready.errors)")
        }

        @Test("says what a gateway without a CRL is missing")
        func notReady() throws {
            let folder = try TestFolder()
            var setup = Setup(adminIn: folder)
            setup.revocationLists = ["crl/organisations.crl"]
            let gateway = try Gateway(setup)
            defer { _ = try? gateway.stop() }
            let ready = try Command("ready", "--admin", "unix:\(folder["admin.sock"])")
            #expect(ready.exitCode == 1)
            #expect(ready.errors.contains("AC RACINE"), "\(ready.errors)")
        }

        @Test("says that nobody answers")
        func nobody() throws {
            let folder = try TestFolder()
            let ready = try Command("ready", "--admin", "unix:\(folder["nothing.sock"])")
            #expect(ready.exitCode == 2)
            #expect(ready.errors.contains("no gateway answers"))
        }
    }
}
