import Foundation
import TLS
import Testing

extension Integration {
    @Suite("The system's log")
    struct SystemLogTests {
        /// A gateway whose logs go there, the operator's too; its port is the test's choice, since nobody tells it.
        private final class Logging {
            let folder: TestFolder
            let process: ChildProcess
            let port: UInt16
            let setup: Setup
            let yaml: String

            init(access: String, audit: String, operatorLog: String, _ more: String = "") throws {
                folder = try TestFolder()
                var setup = Setup()
                setup.workers = 1
                self.setup = setup
                let port = try Wire.closedPort()
                self.port = port
                var lines = setup.yaml.replacing("\"127.0.0.1:0\"", with: "\"127.0.0.1:\(port)\"")
                    .split(separator: "\n").map(String.init)
                lines.removeLast(lines.count - (lines.firstIndex(of: "logging:") ?? lines.count))
                lines += ["logging:", "  path: \(operatorLog)", "  access: {path: \(access)}"]
                lines += ["  audit: {path: \(audit)}"] + (more.isEmpty ? [] : ["  " + more])
                yaml = lines.joined(separator: "\n") + "\n"
                try folder.write(yaml, to: "poterne.yaml")
                try folder.write("", to: "state/.keep")
                process = try ChildProcess(
                    Product.path, ["run", "--config", folder["poterne.yaml"]], output: folder["output.log"],
                    errors: folder["errors.log"])
            }

            deinit { process.kill() }

            func caller() throws -> Caller {
                try Caller(port: port, as: TLSIdentity(files: "\(setup.folder)/callers/org-auth-cli"))
            }
        }

        @Test("syslog gets each line as a message of RFC 5424, by log, facility and severity")
        func syslog() throws {
            let sockets = try TestFolder()
            let daemon = try SystemLog(sockets["log"])
            let place = "\"syslog:\(daemon.path)\""
            let gateway = try Logging(
                access: place, audit: place, operatorLog: place, "facility: local3\n  identifier: essai")
            try eventually("it says that it listens") { daemon.messages.contains { $0.text.contains("listening") } }
            #expect(try gateway.caller().exchange("GET", "/caf%C3%A9").status == 200)
            try eventually("an access line") { daemon.messages.contains { $0.kind == "access" } }
            try eventually("an audit line") { daemon.messages.contains { $0.kind == "audit" } }
            let messages = daemon.messages
            #expect(messages.count == daemon.datagrams.count)
            for message in messages {
                #expect(message.facility == 19)
                #expect(message.identifier == "essai")
                #expect(message.process == "\(gateway.process.pid)")
                #expect(abs(message.time.timeIntervalSinceNow) < 600)
            }
            let access = try #require(messages.first { $0.kind == "access" })
            #expect(access.severity == 6)
            let line = try #require(LogLine(access.text))
            #expect(line["path"] == "/caf%C3%A9")
            let audit = try #require(messages.first { $0.kind == "audit" })
            #expect(audit.severity == 5)
            #expect(LogLine(audit.text)?["event"] == "admitted")
            let listening = try #require(messages.first { $0.text.contains("listening") })
            #expect(listening.kind == "operator")
            #expect(listening.severity == 5)
            #expect(listening.text.contains("address=127.0.0.1:\(gateway.port)"))
            // What is refused has several lines, and is one message.
            try gateway.folder.write("listeners: 7\nworkers: many\n", to: "poterne.yaml")
            gateway.process.send(SIGHUP)
            let refused = try eventually("the refusal of a reload") {
                daemon.messages.first { $0.text.contains("reload refused") }
            }
            #expect(refused.severity == 3)
            #expect(refused.text.contains("workers"))
            #expect(gateway.folder.text("errors.log") == "")
        }

        @Test("the journal gets each line as an entry, with its members as fields")
        func journal() throws {
            let sockets = try TestFolder()
            let daemon = try SystemLog(sockets["socket"])
            let place = "\"journald:\(daemon.path)\""
            let gateway = try Logging(access: place, audit: place, operatorLog: place)
            #expect(try eventually("it serves") { try? gateway.caller().exchange("GET", "/x").status } == 200)
            let access = try eventually("an access entry") {
                daemon.entries.first { $0["POTERNE_LOG"] == "access" }
            }
            let line = try #require(access["MESSAGE"].flatMap { LogLine($0) })
            #expect(access["PRIORITY"] == "6")
            #expect(access["SYSLOG_IDENTIFIER"] == "poterne")
            #expect(access["SYSLOG_FACILITY"] == "3")
            #expect(access["POTERNE_PATH"] == "/x")
            #expect(access["POTERNE_STATUS"] == "200")
            #expect(access["POTERNE_STRUCTURE"] == line["structure"])
            #expect(access["POTERNE_REQUEST_ID"] == line["request_id"])
            try eventually("an audit entry") {
                daemon.entries.contains { $0["POTERNE_LOG"] == "audit" && $0["POTERNE_EVENT"] == "admitted" }
            }
            try gateway.folder.write("listeners: 7\nworkers: many\n", to: "poterne.yaml")
            gateway.process.send(SIGHUP)
            let refused = try eventually("the refusal of a reload") {
                daemon.entries.first { $0["MESSAGE"]?.contains("reload refused") == true }
            }
            #expect(refused["PRIORITY"] == "3")
            #expect(refused["MESSAGE"]?.contains("\n") == true)
            #expect(daemon.entries.count == daemon.datagrams.count)
        }

        @Test("a daemon that is restarted gets what was said meanwhile, and no request waits for it")
        func restart() throws {
            let sockets = try TestFolder()
            let first = try SystemLog(sockets["log"])
            let place = "\"syslog:\(first.path)\""
            let gateway = try Logging(access: place, audit: "audit.log", operatorLog: "operator.log")
            let caller = try eventually("it serves") { try? gateway.caller() }
            #expect(try caller.exchange("GET", "/before").status == 200)
            try eventually("the line") { first.messages.contains { $0.text.contains("/before") } }
            try first.stop()
            for number in 0..<20 { #expect(try caller.exchange("GET", "/meanwhile/\(number)").status == 200) }
            let second = try SystemLog(sockets["log"])
            #expect(try caller.exchange("GET", "/after").status == 200)
            try eventually("the line") { second.messages.contains { $0.text.contains("/after") } }
            #expect(second.messages.count { $0.text.contains("/meanwhile/") } == 20)
            #expect(gateway.folder.text("operator.log").contains("notice listening"))
        }

        @Test("a daemon that takes nothing costs lines, which are counted, and no request")
        func deaf() throws {
            let sockets = try TestFolder()
            let daemon = try SystemLog(sockets["log"], isDeaf: true)
            var setup = Setup()
            setup.workers = 1
            setup.top = ["admin: {address: \"127.0.0.1:0\"}"]
            let yaml = setup.yaml.replacing(
                "access: {path: access.log", with: "access: {path: \"syslog:\(daemon.path)\"")
            let gateway = try Gateway(setup, yaml: yaml)
            let caller = try gateway.caller()
            let path = "/" + String(repeating: "x", count: 2000)
            for _ in 0..<1300 { #expect(try caller.exchange("GET", path).status == 200) }
            try eventually("the lines are counted") {
                let line = try gateway.metrics().split(separator: "\n").first {
                    $0.hasPrefix("poterne_log_lines_dropped_total ")
                }
                return line.flatMap { Int($0.split(separator: " ")[1]) }.map { $0 > 0 } ?? false
            }
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("a socket that nobody listens on is said at the start")
        func missing() throws {
            let gateway = try Logging(
                access: "\"syslog:nowhere\"", audit: "audit.log", operatorLog: "operator.log")
            #expect(try gateway.process.wait() == .exited(1))
            let errors = gateway.folder.text("errors.log")
            #expect(errors.contains("cannot open the log"))
            #expect(errors.contains("nowhere"))
        }
    }
}
