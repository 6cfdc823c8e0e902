import Foundation
import TLS
import Testing

/// A running gateway: the real binary with a configuration of its own, on a port that the kernel chose.
final class Gateway {
    let process: ChildProcess
    let folder: TestFolder
    let setup: Setup
    let port: UInt16
    private let operatorLogPath: String

    /// Starts one and waits until it listens; through another program that becomes it, such as `prlimit`, if one is given.
    init(
        _ setup: Setup, yaml: String? = nil, environment: [String: String] = [:], through wrapper: [String] = []
    ) throws {
        self.setup = setup
        folder = try TestFolder()
        try folder.write(yaml ?? setup.yaml, to: "poterne.yaml")
        try folder.write("", to: "state/.keep")
        operatorLogPath = folder["operator.log"]
        let command = wrapper + [Product.path, "run", "--config", folder["poterne.yaml"]]
        process = try ChildProcess(
            command[0], Array(command.dropFirst()), output: folder["output.log"], errors: operatorLogPath,
            environment: environment)
        for log in ["operator.log", "audit.log", "access.log", "output.log"] { RunningLogs.shared.add(folder[log]) }
        let (process, path) = (process, operatorLogPath)
        port = try eventually("the gateway listens", within: 30) {
            if let port = Self.boundPort(of: setup.listeners[0], in: path) { return port }
            guard process.isRunning else { throw CannotServe(log: Self.read(path)) }
            return nil
        }
    }

    deinit {
        process.kill()
        for log in ["operator.log", "audit.log", "access.log", "output.log"] { RunningLogs.shared.remove(folder[log]) }
    }

    /// A gateway that ended instead of listening.
    struct CannotServe: Error, CustomStringConvertible {
        let log: String
        var description: String { "the gateway did not start: \(log)" }
    }

    /// The ready line: `… address=127.0.0.1:PORT listener=api … listening`.
    private static func boundPort(of listener: String, in path: String) -> UInt16? {
        for line in read(path).split(separator: "\n")
        where line.contains("listening") && line.contains("listener=\(listener) ") {
            for word in line.split(separator: " ") where word.hasPrefix("address=127.0.0.1:") {
                return word.split(separator: ":").last.flatMap { UInt16($0) }
            }
        }
        return nil
    }

    private static func read(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }

    // MARK: What it says

    /// The operator's log.
    var operatorLog: String { Self.read(operatorLogPath) }
    var accessLog: [LogLine] { lines(of: "access.log") }
    var auditLog: [LogLine] { lines(of: "audit.log") }

    private func lines(of name: String) -> [LogLine] {
        folder.text(name).split(separator: "\n").compactMap { LogLine($0) }
    }

    /// Waits for a line of the access log.
    func accessLine(_ matches: (LogLine) -> Bool) throws -> LogLine {
        try eventually("a line in the access log") { accessLog.first(where: matches) }
    }

    /// Waits for a line of the audit log.
    func auditLine(_ matches: (LogLine) -> Bool) throws -> LogLine {
        try eventually("a line in the audit log") { auditLog.first(where: matches) }
    }

    /// The port of another listener.
    func port(of listener: String) throws -> UInt16 {
        try eventually("\(listener) listens") { Self.boundPort(of: listener, in: operatorLogPath) }
    }

    // MARK: Callers

    /// A connection by a caller of the folder of certificates, `callers/org-auth-cli` for instance.
    func caller(
        _ name: String? = "callers/org-auth-cli", over version: TLSVersion = .tls13, host: String? = "localhost",
        resuming session: TLSSession? = nil, saying preamble: [UInt8] = [], speaking spoken: String = "http/1.1"
    ) throws -> Caller {
        let identity = try name.map { try TLSIdentity(files: "\(setup.folder)/\($0)") }
        return try Caller(
            port: port, as: identity, over: version, name: host, resuming: session, saying: preamble,
            speaking: spoken)
    }

    /// A connection by a caller that an authority of the test's own issues for it.
    func caller(host: String? = "localhost", named authority: OwnAuthority) throws -> Caller {
        let name = "callers/for-the-test"
        if !FileManager.default.fileExists(atPath: authority.folder["\(name).pem"]) {
            try authority.issueCaller("for-the-test")
        }
        return try caller(name, host: host)
    }

    /// What `/metrics` of the listener `admin` says.
    func metrics() throws -> String {
        try run("curl", ["--silent", "--noproxy", "*", "http://127.0.0.1:\(try port(of: "admin"))/metrics"]).text
    }

    /// How late a worker's loop is, in seconds, as the metrics say.
    func lag(ofWorker worker: Int) throws -> Double {
        let prefix = "poterne_event_loop_lag_seconds{worker=\"\(worker)\"} "
        let line = try metrics().split(separator: "\n").first { $0.hasPrefix(prefix) }
        return line.flatMap { Double($0.dropFirst(prefix.count)) } ?? -1
    }

    /// How many descriptors it has open.
    var descriptors: Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.pid)/fd")) ?? []).count
    }

    // MARK: What it is told

    /// Replaces the configuration file, without a word to the gateway.
    func rewrite(_ yaml: String) throws {
        try folder.write(yaml, to: "poterne.yaml")
    }

    /// Asks for a reload of what is in the file, and waits until the log says what came of it.
    func reload() throws {
        let before = Self.reloads(in: operatorLog)
        process.send(SIGHUP)
        try eventually("the reload is told") { Self.reloads(in: operatorLog) > before }
    }

    private static func reloads(in log: String) -> Int {
        log.split(separator: "\n").count { $0.contains("reloaded") || $0.contains("reload refused") }
    }

    /// Asks it to end, and waits for that.
    @discardableResult
    func stop() throws -> ChildProcess.End {
        process.send(SIGTERM)
        return try process.wait()
    }
}
