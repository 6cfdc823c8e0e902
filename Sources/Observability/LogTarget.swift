internal import Glibc

/// Where a log is written.
public enum LogTarget: Hashable, Sendable {
    /// The process's standard output.
    case standardOutput
    /// A file, appended to, made if it does not exist.
    case file(String)
    /// The socket of a syslog daemon, a message for each line (RFC 5424).
    case syslog(String, LogStamp)
    /// The socket of systemd's journal, an entry for each line.
    case journal(String, LogStamp)

    /// A path, or `-` for standard output.
    public init(path: String) {
        self = path == "-" ? .standardOutput : .file(path)
    }

    /// Opens the target anew.
    func open() throws(LogError) -> LogFile {
        switch self {
        case .standardOutput:
            let number = fcntl(1, F_DUPFD_CLOEXEC, 0)
            guard number >= 0 else { throw .cannotOpen(path: "-", errno: errno) }
            return LogFile(number)
        case .file(let path):
            // O_NONBLOCK: opening a named pipe that nobody reads must not hang; it means nothing to a regular file.
            let number = unsafe Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o640)
            guard number >= 0 else { throw .cannotOpen(path: path, errno: errno) }
            return LogFile(number)
        case .syslog(let path, let stamp): return LogFile(try LogSocket(syslog: path, stamp))
        case .journal(let path, let stamp): return LogFile(try LogSocket(journal: path, stamp))
        }
    }
}

/// What can fail in opening a log.
public enum LogError: Error, Hashable, Sendable {
    /// The target cannot be opened.
    case cannotOpen(path: String, errno: Int32)
    /// No descriptor is left for the writer's eventfd.
    case cannotMakeBell(errno: Int32)
}

extension LogError: CustomStringConvertible {
    /// The sentence for a message.
    public var description: String {
        switch self {
        case .cannotOpen(let path, let errno): "cannot open the log \(path): \(LogError.text(errno))"
        case .cannotMakeBell(let errno): "cannot make an eventfd: \(LogError.text(errno))"
        }
    }

    private static func text(_ number: Int32) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, unsafe strerror_r(number, start, buffer.count) == 0 else {
                return "error \(number)"
            }
            return unsafe String(cString: start)
        }
    }
}

/// An open target: a descriptor of a file, a pipe or a terminal, or a socket of the system's log.
struct LogFile: ~Copyable {
    private enum Kind: ~Copyable {
        case descriptor(LogDescriptor)
        case socket(LogSocket)
    }

    private let kind: Kind

    init(_ number: Int32) { kind = .descriptor(LogDescriptor(number)) }

    init(_ socket: LogSocket) { kind = .socket(socket) }

    /// What a write came to.
    enum Outcome: Equatable {
        case wrote(Int)
        /// The target takes nothing for now.
        case stalled
        /// There is nobody for now; it is tried again.
        case lost(errno: Int32)
        /// It takes everything but this line.
        case refused(Int, errno: Int32)
        case failed(errno: Int32)
    }

    /// Whether the file is there and its last line has no line feed: a process was ended while it wrote.
    var endsInsideLine: Bool {
        switch kind {
        case .descriptor(let descriptor): descriptor.endsInsideLine
        case .socket: false
        }
    }

    /// Writes what it can, waiting at most so long for the target to take something.
    func write(_ bytes: Span<UInt8>, patience milliseconds: Int32) -> Outcome {
        switch kind {
        case .descriptor(let descriptor): descriptor.write(bytes, patience: milliseconds)
        case .socket(let socket): socket.write(bytes, patience: milliseconds)
        }
    }
}

/// Owns the descriptor of a file, a pipe or a terminal.
struct LogDescriptor: ~Copyable {
    private let number: Int32
    private let isRegular: Bool

    init(_ number: Int32) {
        self.number = number
        var status = stat()
        isRegular = unsafe fstat(number, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    deinit {
        close(number)
    }

    /// Whether the file is there and its last line has no line feed: a process was ended while it wrote.
    var endsInsideLine: Bool {
        guard isRegular else { return false }
        var link = Array("/proc/self/fd/\(number)".utf8CString)
        let copy = unsafe open(&link, O_RDONLY | O_CLOEXEC)
        guard copy >= 0 else { return false }
        defer { close(copy) }
        let size = lseek(copy, 0, SEEK_END)
        var last: UInt8 = 0
        guard size > 0, unsafe pread(copy, &last, 1, size - 1) == 1 else { return false }
        return last != UInt8(ascii: "\n")
    }

    /// Writes what it can, waiting at most so long for the target to take something.
    func write(_ bytes: Span<UInt8>, patience milliseconds: Int32) -> LogFile.Outcome {
        if !isRegular {
            var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
            let ready = unsafe poll(&request, 1, milliseconds)
            if ready == 0 || ready < 0 && errno == EINTR { return .stalled }
        }
        let limit = isRegular ? bytes.count : min(bytes.count, ObservabilityLimits.pipeWriteSize)
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, limit) }
        if count >= 0 { return .wrote(count) }
        return errno == EAGAIN || errno == EINTR ? .stalled : .failed(errno: errno)
    }
}
