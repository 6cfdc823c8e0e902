import CLinux
import Foundation
import Glibc
import TLS
import Testing

extension Integration {
    @Suite("What the process gives up")
    struct HardeningTests {
        private static let hasLandlock = clinux_landlock_version() > 0

        /// A field of the kernel's account of a process.
        private func field(_ name: String, of process: pid_t) throws -> String {
            let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            return line.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) } ?? ""
        }

        @Test("core dumps, new privileges and, as an option, system calls, and serves all the same")
        func calls() throws {
            var setup = Setup()
            setup.top = ["hardening: {seccomp: on}", "drain_timeout: 1s"]
            let gateway = try Gateway(setup)
            #expect(try field("NoNewPrivs", of: gateway.process.pid) == "1")
            #expect(try field("Seccomp", of: gateway.process.pid) == "2")
            let limits = try String(contentsOfFile: "/proc/\(gateway.process.pid)/limits", encoding: .utf8)
            #expect(limits.split(separator: "\n").contains { $0.hasPrefix("Max core file size        0  ") })
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
            try gateway.reload()
            #expect(gateway.operatorLog.contains("configuration reloaded"))
            let told = try run(Product.path, ["upgrade", "--config", gateway.folder["poterne.yaml"]])
            #expect(told.exitCode == 0, "\(told.errors)")
            let next = try #require(told.text.split(separator: " ").compactMap { pid_t($0) }.first)
            defer { kill(next, SIGTERM) }
            #expect(try field("Seccomp", of: next) == "2")
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
        }

        @Test(
            "files elsewhere than its configuration names: a reload that names one is refused, and says why",
            .enabled(if: hasLandlock, "this kernel has no Landlock"))
        func files() throws {
            var setup = Setup()
            setup.top = ["hardening: {landlock: required}"]
            let gateway = try Gateway(setup)
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
            let elsewhere = try TestFolder()
            for name in ["fullchain.pem", "key.pem"] {
                try elsewhere.write(contents(of: "\(setup.folder)/server/\(name)"), to: name)
            }
            setup.certificates = ["{chain: \(elsewhere["fullchain.pem"]), key: \(elsewhere["key.pem"])}"]
            try gateway.rewrite(setup.yaml)
            let told = try run(Product.path, ["reload", "--config", gateway.folder["poterne.yaml"]])
            #expect(told.exitCode == 1)
            #expect(told.errors.contains("Permission denied") && told.errors.contains("Landlock"), "\(told.errors)")
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
            // What logrotate does is not elsewhere.
            try FileManager.default.moveItem(
                atPath: gateway.folder["access.log"], toPath: gateway.folder["access.log.1"])
            gateway.process.send(SIGUSR1)
            try eventually("a new file is there") { () throws -> Bool in
                #expect(try gateway.caller().exchange("GET", "/").status == 200)
                return !gateway.accessLog.isEmpty
            }
        }

        @Test(
            "root, for its user: port, keys and logs are had, and had again by reload, logrotate and upgrade",
            .enabled(if: getuid() == 0, "only root can give root up"))
        func root() throws {
            let folder = try TestFolder()
            guard let entry = unsafe getpwnam("nobody") else { return }
            let (user, group) = unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
            let copy = try run("cp", ["-r", "\(TestCertificates.folder)/.", folder["pki"]])
            #expect(copy.exitCode == 0)
            // As a package would install them.
            #expect(unsafe chown(folder["pki/server/key.pem"], 0, group) == 0)
            #expect(unsafe chmod(folder["pki/server/key.pem"], 0o640) == 0)
            for name in ["state", "logs"] {
                try folder.write("", to: "\(name)/.keep")
                #expect(unsafe chown(folder[name], user, group) == 0)
            }
            var setup = Setup(folder: folder["pki"])
            setup.stateDirectory = folder["state"]
            setup.top = ["user: nobody", "drain_timeout: 1s"]
            let yaml = setup.yaml.replacing("path: access.log", with: "path: \(folder["logs/access.log"])")
                .replacing("path: audit.log", with: "path: \(folder["logs/audit.log"])")
            let gateway = try Gateway(setup, yaml: yaml)
            var process = gateway.process.pid
            for isUpgraded in [false, true] {
                if isUpgraded {
                    let told = try run(Product.path, ["upgrade", "--state-directory", folder["state"]])
                    #expect(told.exitCode == 0, "\(told.errors) \(gateway.operatorLog)")
                    process = try #require(told.text.split(separator: " ").compactMap { pid_t($0) }.first)
                }
                for field in ["CapEff", "CapPrm", "CapBnd", "CapAmb"] {
                    #expect(try self.field(field, of: process) == "0000000000000000")
                }
                #expect(try field("Uid", of: process).hasPrefix("\(user)"))
                #expect(try gateway.caller().exchange("GET", "/").status == 200)
                let told = try run(Product.path, ["reload", "--state-directory", folder["state"]])
                #expect(told.exitCode == 0, "\(told.errors)")
            }
            defer { kill(process, SIGTERM) }
            try FileManager.default.moveItem(atPath: folder["logs/access.log"], toPath: folder["logs/access.log.1"])
            kill(process, SIGUSR1)
            try eventually("a new file is there") { () throws -> Bool in
                #expect(try gateway.caller().exchange("GET", "/").status == 200)
                return !folder.text("logs/access.log").isEmpty
            }
        }
    }
}
