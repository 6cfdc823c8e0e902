import Foundation
import Glibc
import TLS
import Testing

extension Integration {
    @Suite("SIGUSR2")
    struct ProcessUpgradeTests {
        /// The id of the process that the log says to serve now.
        private func successor(of gateway: Gateway) -> pid_t? {
            let words = gateway.operatorLog.components(separatedBy: "upgrade: process ")
            return words.count > 1
                ? words[words.count - 1].prefix { $0.isNumber }.description.nilIfEmpty.flatMap { pid_t($0) } : nil
        }

        private func end(_ process: pid_t?) {
            guard let process else { return }
            kill(process, SIGTERM)
            _ = try? eventually("process \(process) ends") { kill(process, 0) != 0 }
        }

        private func setup(_ upstream: UInt16? = nil) -> Setup {
            var setup = upstream.map { Setup(upstream: $0) } ?? Setup()
            setup.top = ["drain_timeout: 4s", "admin: {address: \"127.0.0.1:0\"}"]
            return setup
        }

        @Test("under load not one request is lost, whatever the number of workers was, and the process ends")
        func nothingLost() throws {
            let upstream = try Echo()
            var setup = setup(upstream.port)
            let gateway = try Gateway(setup)
            let kept = try Load(gateway, rate: 1_500, seconds: 4)
            let fresh = try Load(gateway, mode: "handshake", rate: 30, seconds: 4, connections: 8)
            try eventually("requests are answered") { gateway.accessLog.count > 100 }
            // What is in the file now is what the new process serves by.
            setup.workers = 3
            try gateway.rewrite(setup.yaml)
            let told = try run(Product.path, ["upgrade", "--config", gateway.folder["poterne.yaml"]])
            let next = successor(of: gateway)
            defer { end(next) }
            #expect(told.exitCode == 0, "\(told.errors)")
            #expect(next != nil)
            for load in [kept, fresh] {
                let report = try load.report()
                #expect(report.unexpected == 0, "\(report)")
                #expect(report.responses > 50, "\(report)")
            }
            #expect(try gateway.process.wait() == .exited(0))
            #expect(try gateway.caller().exchange("GET", "/after").status == 200)
            #expect(try gateway.metrics().contains("poterne_configuration_epoch 1"))
        }

        @Test("an idle connection is served once more, and told that this was the last answer")
        func idle() throws {
            let gateway = try Gateway(setup())
            let idle = try gateway.caller()
            #expect(try idle.exchange("GET", "/").fields["Connection"] == nil)
            gateway.process.send(SIGUSR2)
            let next = try eventually("the new process serves") { successor(of: gateway) }
            defer { end(next) }
            let last = try idle.exchange("GET", "/")
            #expect(last.status == 200)
            #expect(last.fields["Connection"] == "close")
            #expect(try gateway.process.wait() == .exited(0))
            #expect(FileManager.default.fileExists(atPath: gateway.folder["state/control.sock"]))
            #expect(try run(Product.path, ["reload", "--config", gateway.folder["poterne.yaml"]]).exitCode == 0)
        }

        @Test("a new process that cannot serve leaves the old one in place, with an alarm")
        func failing() throws {
            var setup = setup()
            let gateway = try Gateway(setup)
            setup.certificates = ["{chain: server/nothing.pem, key: server/key.pem}"]
            try gateway.rewrite(setup.yaml)
            let told = try run(Product.path, ["upgrade", "--config", gateway.folder["poterne.yaml"]])
            #expect(told.exitCode == 1)
            #expect(told.errors.contains("exit code 1"), "\(told.errors)")
            #expect(gateway.operatorLog.contains("upgrade failed, this process goes on"))
            #expect(gateway.operatorLog.contains("nothing.pem"), "what the new one said is in the log")
            #expect(gateway.process.isRunning)
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
            #expect(try gateway.metrics().contains("poterne_upgrade_failures_total 1"))
        }
    }

    @Suite("Who started it")
    struct ServiceManagerTests {
        /// A manager that passes one socket under a name, listens to what it is told, and prints it.
        private static let manager = """
            import os, socket, sys
            notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); notify.bind(sys.argv[1])
            s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(128)
            print("port", s.getsockname()[1], flush=True)
            pid = os.fork()
            if pid == 0:
                os.dup2(s.fileno(), 3)
                os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="web",
                                  NOTIFY_SOCKET=sys.argv[1], WATCHDOG_USEC="2000000", WATCHDOG_PID=str(os.getpid()))
                os.execv(sys.argv[2], sys.argv[2:])
            print("pid", pid, flush=True)
            notify.settimeout(0.2)
            while True:
                try:
                    print(notify.recv(4096).decode().replace("\\n", " "), flush=True)
                except TimeoutError:
                    ended, status = os.waitpid(pid, os.WNOHANG)
                    if ended: break
            s.setblocking(False)
            try: s.accept(); print("still listening", flush=True)
            except BlockingIOError: print("still listening", flush=True)
            except OSError: print("not listening", flush=True)
            """

        @Test("passes it a socket, and is told: ready, reloading, alive, stopping; the socket goes on without it")
        func systemd() throws {
            let folder = try TestFolder()
            var setup = Setup()
            let yaml = setup.yaml.replacing("\"127.0.0.1:0\"", with: "systemd:web")
            setup.workers = 2
            try folder.write(yaml, to: "poterne.yaml")
            let script = try folder.write(Self.manager, to: "manager.py")
            let process = try ChildProcess(
                "python3", [script, folder["notify"], Product.path, "run", "--config", folder["poterne.yaml"]],
                output: folder["said"], errors: folder["errors"])
            defer { process.kill() }
            func said(_ text: String) throws {
                try eventually("\(text): \(folder.text("errors"))") { folder.text("said").contains(text) }
            }
            func number(after word: String) -> Int? {
                folder.text("said").split(separator: "\n").first { $0.hasPrefix(word) }
                    .flatMap { Int($0.dropFirst(word.count + 1)) }
            }
            try said("READY=1")
            let port = try #require(number(after: "port").map { UInt16($0) })
            let gateway = try #require(number(after: "pid").map { pid_t($0) })
            let identity = try TLSIdentity(files: "\(setup.folder)/callers/org-auth-cli")
            for _ in 0..<8 {
                #expect(try Caller(port: port, as: identity).exchange("GET", "/").status == 200)
            }
            try said("WATCHDOG=1")
            kill(gateway, SIGHUP)
            try said("RELOADING=1 MONOTONIC_USEC=")
            kill(gateway, SIGTERM)
            try said("STOPPING=1")
            try said("still listening")
        }

        @Test("a socket that was not passed is named, with what to do")
        func missing() throws {
            let folder = try TestFolder()
            try folder.write(Setup().yaml.replacing("\"127.0.0.1:0\"", with: "systemd:web"), to: "poterne.yaml")
            let result = try run(Product.path, ["run", "--config", folder["poterne.yaml"]])
            #expect(result.exitCode == 1)
            #expect(result.errors.contains("FileDescriptorName=web"))
            #expect(result.errors.contains("poterne.yaml:"))
        }
    }
}

extension String {
    fileprivate var nilIfEmpty: String? { isEmpty ? nil : self }
}
