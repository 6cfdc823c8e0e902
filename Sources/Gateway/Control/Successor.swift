internal import CLinux
internal import EventLoop
internal import Glibc

/// How the program is started again for an upgrade: what it was started with, and the sockets that it takes over.
struct SuccessorSeed {
    /// The path that the program was started from: what lies there now is started.
    let executable: String
    let arguments: [String]
    let environment: [String: String]

    /// - Parameters:
    ///   - arguments: with the program's name first.
    ///   - environment: as it was at start.
    init(arguments: [String], environment: [String: String]) {
        executable = Self.ownPath ?? arguments.first ?? ""
        self.arguments = arguments
        self.environment = environment
    }

    /// Read at the start: later the kernel may call the file deleted.
    private static var ownPath: String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Starts the program with these descriptors, by sd_listen_fds(3)'s rules.
    ///
    /// - Returns: its process id.
    /// - Throws: `StartupProblem` if it cannot be started.
    func start(passing descriptors: [(name: String, number: Int32)]) throws(StartupProblem) -> Int32 {
        var variables = environment
        // The manager's watchdog is for the process of that id alone; without one it is for whoever is told to feed it.
        variables["WATCHDOG_PID"] = nil
        variables["LISTEN_PID"] = nil
        variables["LISTEN_FDS"] = "\(descriptors.count)"
        variables["LISTEN_FDNAMES"] = descriptors.map(\.name).joined(separator: ":")
        let digits = "LISTEN_PID=0000000000"
        var pid: pid_t = 0
        let outcome = unsafe Self.withCStrings(arguments) { arguments in
            unsafe Self.withCStrings([digits] + variables.map { "\($0)=\($1)" }) { variables in
                guard let first = unsafe variables[0] else { return ENOMEM }
                return unsafe clinux_start_program(
                    executable, arguments, variables, descriptors.map(\.number), Int32(descriptors.count),
                    first + (digits.utf8.count - 10), &pid)
            }
        }
        guard outcome == 0 else {
            throw StartupProblem(
                location: nil, message: "cannot start \(executable): \(unsafe String(cString: strerror(outcome)))",
                remedy: nil)
        }
        return pid
    }

    private static func withCStrings<Value>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value
    ) -> Value {
        var pointers = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe body(pointers)
    }
}

/// An upgrade under way: a new process that has been started, until it says that it serves, ends, or takes too long.
final class Successor: ReadinessHandler, TimerHandler {
    /// What became of it.
    enum Outcome {
        /// It serves; this process may go.
        case ready(Int32)
        /// It is gone, and why.
        case failed(String)
    }

    /// What the new process writes when it serves.
    static let word = Array("ready\n".utf8)

    private let process: Int32
    private let pipe: Descriptor
    private let concluded: (Outcome) -> Void
    private var watcher: Watcher?
    private var deadline: Timer?

    /// Starts it; it gets the sockets beside this process, which keeps them, and may take so long to serve.
    init(
        _ seed: SuccessorSeed, sockets: [(name: String, number: Int32)], patience: Duration, loop: EventLoop,
        concluded: @escaping (Outcome) -> Void
    ) throws(StartupProblem) {
        self.concluded = concluded
        do {
            // A pair of sockets rather than a pipe: what is there for sockets reads it.
            let pair = try Socket.pair()
            let ours = pair.first
            let theirs = pair.second
            process = try seed.start(
                passing: sockets + [(name: InheritedSockets.Name.ready, number: theirs.rawValue)])
            pipe = ours
            _ = consume theirs
        } catch let error as StartupProblem {
            throw error
        } catch {
            throw StartupProblem(location: nil, message: "\(error)", remedy: nil)
        }
        var watcher = Watcher(loop: loop, descriptor: pipe, handler: self)
        watcher.setInterest(.read)
        self.watcher = consume watcher
        deadline = Timer(loop: loop, handler: self)
        deadline?.schedule(after: patience)
    }

    func ready(_ readiness: Readiness) {
        var buffer = [UInt8](repeating: 0, count: Self.word.count)
        var span = buffer.mutableSpan
        switch Socket.read(from: pipe, into: &span) {
        case .done(let count) where Array(buffer.prefix(count)) == Self.word: conclude(.ready(process))
        case .wouldBlock: break
        case .done, .closed, .failed:
            conclude(.failed("the new process, \(process), \(end()); what it said is in this log"))
        }
    }

    func timerFired(_ token: Int) {
        conclude(.failed("the new process, \(process), did not serve in time, and \(end())"))
    }

    /// Ends the process if need be, and says how it ended.
    private func end() -> String {
        var status: Int32 = 0
        // It has closed its end, which it does by ending: a moment later its status is there.
        var ended = unsafe waitpid(process, &status, WNOHANG)
        for _ in 0..<Limits.successorLooks where ended == 0 {
            usleep(10_000)
            ended = unsafe waitpid(process, &status, WNOHANG)
        }
        if ended == 0 {
            kill(process, SIGKILL)
            _ = unsafe waitpid(process, &status, 0)
        }
        return status & 0x7F == 0
            ? "ended with exit code \((status >> 8) & 0xFF)" : "was ended by signal \(status & 0x7F)"
    }

    private func conclude(_ outcome: Outcome) {
        watcher = nil
        deadline = nil
        concluded(outcome)
    }
}
