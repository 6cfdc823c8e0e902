import Foundation
import Glibc
import TLS
import TestPKI
import Testing

extension Integration {
    @Suite("When the machine does its worst")
    struct HardConditionsTests {
        private let admin = "admin: {address: \"127.0.0.1:0\"}"

        @Test("killed without a word, it starts again with the CRLs it had, and its door is open")
        func killed() throws {
            let authority = try OwnAuthority()
            let state = try TestFolder()
            var setup = authority.setup()
            setup.stateDirectory = state.path
            let first = try Gateway(setup)
            #expect(try first.caller(named: authority).exchange("GET", "/").status == 200)
            try eventually("CRLs are kept") { try !files(in: state["crl-igc-sante"]).isEmpty }
            first.process.kill()
            #expect(first.process.ended == .killed(signal: SIGKILL))
            // Nothing but the state directory has CRLs now.
            try FileManager.default.removeItem(atPath: authority.folder["crl"])
            try authority.folder.write("", to: "crl/.keep")
            let second = try Gateway(setup)
            #expect(try second.caller(named: authority).exchange("GET", "/").status == 200)
            let reload = try run(Product.path, ["reload", "--state-directory", state.path])
            #expect(reload.exitCode == 0, "\(reload.errors)")
        }

        private func files(in folder: String) throws -> [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        }

        @Test("a disk that takes no log line stops no request, and is counted")
        func fullLog() throws {
            var setup = Setup()
            setup.top = [admin]
            let yaml = setup.yaml.replacing("path: access.log", with: "path: /dev/full")
            let gateway = try Gateway(setup, yaml: yaml)
            let caller = try gateway.caller()
            for _ in 0..<20 { #expect(try caller.exchange("GET", "/").status == 200) }
            try eventually("the failures are counted") {
                try gateway.metrics().split(separator: "\n").contains {
                    $0.hasPrefix("poterne_log_failures_total ") && !$0.hasSuffix(" 0")
                }
            }
            #expect(try gateway.auditLine { $0["event"] == "admitted" }["reason"] == nil)
        }

        @Test("a disk that is full in the middle of a CRL and of a log: the CRL is in force, requests are answered")
        func fullState() throws {
            let authority = try OwnAuthority()
            var template = authority.template()
            template.revoked = (0..<4_000).map { number in
                .init(serial: [0x10, UInt8(number >> 8), UInt8(number & 0xFF)], date: authority.ago(60), reason: nil)
            }
            try authority.publish(template)
            // As large a file as may be written: the CRL is larger.
            let gateway = try Gateway(authority.setup(), through: ["prlimit", "--fsize=65536"])
            let caller = try gateway.caller(named: authority)
            for _ in 0..<300 { #expect(try caller.exchange("GET", "/").status == 200) }
            #expect(gateway.process.isRunning)
            #expect(gateway.operatorLog.contains("could not be kept"))
        }

        @Test("no descriptor left: who is there is served, and others are when there is room again")
        func descriptors() throws {
            var setup = Setup()
            setup.top = [admin]
            let gateway = try Gateway(setup, through: ["prlimit", "--nofile=72"])
            let early = try gateway.caller()
            #expect(try early.exchange("GET", "/").status == 200)
            var waiting: [Wire] = []
            for _ in 0..<80 { waiting.append(try Wire(port: gateway.port)) }
            try eventually("accepting is put off") {
                gateway.descriptors >= 70
            }
            #expect(try early.exchange("GET", "/").status == 200)
            waiting = []
            try eventually("a new caller is served") { (try? gateway.caller().exchange("GET", "/").status) == 200 }
        }

        @Test("a worker that is stalled is told of and not vouched for, and comes back", .enabled(if: getuid() == 0))
        func stalled() throws {
            let folder = try TestFolder()
            var setup = Setup()
            setup.top = [admin]
            let listener = try folder.write(Self.listening, to: "listen.py")
            let heard = try ChildProcess(
                "python3", [listener, folder["notify"]], output: folder["heard"], errors: folder["errors"])
            defer { heard.kill() }
            try eventually("the manager listens") { FileManager.default.fileExists(atPath: folder["notify"]) }
            let gateway = try Gateway(
                setup, environment: ["NOTIFY_SOCKET": folder["notify"], "WATCHDOG_USEC": "1500000"])
            func fed() -> Int { folder.text("heard").components(separatedBy: "WATCHDOG=1").count }
            try eventually("it is vouched for") { fed() > 2 }
            let stop = try folder.write(Self.stopping, to: "stop.py")
            let tracer = try ChildProcess(
                "python3", [stop, "\(gateway.process.pid)", "worker-0"], output: folder["tracer"],
                errors: folder["tracer"])
            try eventually("the operator is told: \(folder.text("tracer"))") {
                gateway.operatorLog.contains("worker 0 has not turned")
            }
            let count = fed()
            #expect(try gateway.metrics().contains("poterne_event_loop_lag_seconds"))
            try eventually("time passes") { try gateway.lag(ofWorker: 0) > 1.5 }
            #expect(fed() <= count + 1, "no word while it is stalled")
            tracer.kill()
            try eventually("it turns again") { gateway.operatorLog.contains("worker 0 turns again") }
            try eventually("it is vouched for again") { fed() > count + 1 }
        }

        private static let listening = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1])
            while True: print(s.recv(4096).decode().replace("\\n", " "), flush=True)
            """

        /// Stops one thread of a process, as no signal can, until it is killed itself.
        private static let stopping = """
            import ctypes, os, signal, sys
            pid, name = sys.argv[1], sys.argv[2]
            tid = next(t for t in os.listdir(f"/proc/{pid}/task")
                       if open(f"/proc/{pid}/task/{t}/comm").read().strip() == name)
            libc = ctypes.CDLL(None, use_errno=True)
            SEIZE, INTERRUPT = 0x4206, 0x4207
            for request in (SEIZE, INTERRUPT):
                if libc.ptrace(request, int(tid), None, None) != 0: sys.exit(os.strerror(ctypes.get_errno()))
            print("stopped", tid, flush=True)
            signal.alarm(60)  # Ends it if nobody does.
            signal.pause()
            """
    }

    @Suite("The admin address")
    struct AdminAddressTests {
        @Test("survives bytes of any kind, and goes on answering")
        func fuzzed() throws {
            var setup = Setup()
            setup.top = ["admin: {address: \"127.0.0.1:0\"}"]
            let gateway = try Gateway(setup)
            let port = try gateway.port(of: "admin")
            var random = SystemRandomNumberGenerator()
            let heads = [
                "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /readyz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET /livez HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "GET /?lang=fr&lang=&&%00 HTTP/1.1\r\nHost: x\r\nAccept-Language: fr;q=1e999,en;q=nan\r\n\r\n",
                "GET /status.json?\(String(repeating: "a", count: 3_000)) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: \(String(repeating: ",;q=", count: 5_000))\r\n\r\n",
                "BREW / HTTP/1.1\r\nHost: x\r\n\r\n", "HEAD /status.json HTTP/1.0\r\n\r\n",
                "GET /status.json HTTP/1.0\r\nHost: a, b\r\n\r\n",
                "GET http://evil.example/status.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: [::1\r\nX: \(String(repeating: "y", count: 100_000))\r\n\r\n",
            ].map { Array($0.utf8) }
            for round in 0..<300 {
                var bytes = heads[round % heads.count]
                if round % 3 == 0 {
                    bytes = (0..<Int.random(in: 1...2_000, using: &random)).map { _ in
                        UInt8.random(in: 0...255, using: &random)
                    }
                } else {
                    for _ in 0..<(round % 7) {
                        bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
                    }
                    bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random) / 4)
                }
                let wire = try Wire(port: port)
                try? wire.write(bytes)
            }
            #expect(gateway.process.isRunning)
            #expect(try gateway.metrics().contains("poterne_configuration_epoch"))
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
        }

        @Test("is not reached through a listener, by whatever name or form of target")
        func notThroughAListener() throws {
            var setup = Setup()
            setup.top = ["admin: {address: \"127.0.0.1:0\"}"]
            setup.routes = ["{path: /api/, respond: {status: 200, body: ok}}"]
            let gateway = try Gateway(setup)
            let port = try gateway.port(of: "admin")
            for target in [
                "/metrics", "/livez", "/readyz", "/status.json", "/api/../metrics", "/api/%2e%2e/metrics",
                "http://127.0.0.1:\(port)/metrics", "/api/..;/metrics",
            ] {
                for host in ["localhost", "127.0.0.1:\(port)"] {
                    let caller = try gateway.caller()
                    let answer = try caller.exchange("GET", target, fields: [Field(name: "Host", value: host)])
                    #expect(!answer.text.contains("poterne_"), "\(target) \(host): \(answer)")
                    #expect(!answer.text.contains("alive"), "\(target) \(host): \(answer)")
                }
            }
        }
    }
}
