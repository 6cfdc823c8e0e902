import Foundation
import Glibc
import Synchronization

/// A process started by a test, known by its process id; it is killed at the latest when its owner goes.
///
/// The corresponding C function is `posix_spawn`. Foundation's `Process` would hand the blocked signal mask of the
/// test's thread on to the child, which then never hears of SIGTERM.
final class ChildProcess: Sendable {
    /// How a process ended.
    enum End: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    struct CannotStart: Error {
        let executable: String
        let number: Int32
    }

    let pid: pid_t
    private let end = Mutex<End?>(nil)

    /// Starts a program: a path, or a name looked up in PATH.
    ///
    /// Its input is a file, none the empty one; standard output and standard error are appended to files.
    init(
        _ executable: String, _ arguments: [String], input: String? = nil, output: String, errors: String,
        environment: [String: String] = [:]
    ) throws {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        let append = O_WRONLY | O_CREAT | O_APPEND
        unsafe posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, append, 0o644)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, append, 0o644)
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        pid = try unsafe Self.withCStrings([executable] + arguments) { arguments in
            try unsafe Self.withCStrings(variables) { variables in
                var pid: pid_t = 0
                let number = unsafe posix_spawnp(&pid, executable, &actions, &attributes, arguments, variables)
                guard number == 0 else { throw CannotStart(executable: executable, number: number) }
                return pid
            }
        }
    }

    deinit { kill() }

    private static func withCStrings<Value>(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) throws -> Value
    ) rethrows -> Value {
        var pointers = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe try body(pointers)
    }

    /// How it ended; nothing while it runs.
    var ended: End? {
        end.withLock { end in
            if let end { return end }
            var status: Int32 = 0
            guard unsafe waitpid(pid, &status, WNOHANG) == pid else { return nil }
            end = status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: status & 0x7F)
            return end
        }
    }

    var isRunning: Bool { ended == nil }

    /// Sends a signal, unless the process has ended and its id may be another's.
    func send(_ signal: Int32) {
        guard isRunning else { return }
        Glibc.kill(pid, signal)
    }

    /// Waits for its end.
    @discardableResult
    func wait(within seconds: Double = 30) throws -> End {
        try eventually("the end of process \(pid)", within: seconds) { ended }
    }

    /// Ends it without ceremony.
    func kill() {
        guard isRunning else { return }
        Glibc.kill(pid, SIGKILL)
        _ = try? wait(within: 10)
    }

    /// The memory it has in RAM, in KiB.
    var residentKiB: Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            .flatMap { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first }.flatMap { Int($0) }
    }
}

/// What a program that ran to its end had to say.
struct CommandResult {
    let end: ChildProcess.End
    let output: [UInt8]
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    var exitCode: Int32? {
        if case .exited(let code) = end { code } else { nil }
    }
}

/// Runs a program to its end.
func run(
    _ executable: String, _ arguments: [String], input: [UInt8]? = nil, within seconds: Double = 60
) throws -> CommandResult {
    let folder = try TestFolder()
    let child = try ChildProcess(
        executable, arguments, input: input.map { try folder.write($0, to: "input") }, output: folder["output"],
        errors: folder["errors"])
    let end = try child.wait(within: seconds)
    return CommandResult(end: end, output: try contents(of: folder["output"]), errors: folder.text("errors"))
}
