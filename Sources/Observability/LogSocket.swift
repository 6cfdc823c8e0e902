internal import Glibc

/// A connection to the socket of the system's log, that takes a datagram for each line.
///
/// Whoever listens there may be restarted: then it is connected to anew, and lines wait meanwhile as they do for a slow one.
final class LogSocket {
    private enum Language {
        case syslog(SyslogText)
        case journal(JournalText)
    }

    private let path: String
    private var text: Language
    private var number: Int32
    private var datagram: [UInt8] = []

    convenience init(syslog path: String, _ stamp: LogStamp) throws(LogError) {
        try self.init(path, .syslog(SyslogText(stamp)))
    }

    convenience init(journal path: String, _ stamp: LogStamp) throws(LogError) {
        try self.init(path, .journal(JournalText(stamp)))
    }

    private init(_ path: String, _ text: Language) throws(LogError) {
        self.path = path
        self.text = text
        number = Self.connected(to: path)
        guard number >= 0 else { throw .cannotOpen(path: path, errno: errno) }
    }

    deinit {
        if number >= 0 { close(number) }
    }

    /// Sends the first line of `bytes`, waiting at most so long for room.
    func write(_ bytes: Span<UInt8>, patience milliseconds: Int32) -> LogFile.Outcome {
        var end = 0
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        let taken = min(end + 1, bytes.count)
        if number < 0 {
            number = Self.connected(to: path)
            guard number >= 0 else { return .lost(errno: errno) }
        }
        compose(bytes.extracting(0..<end))
        switch send(patience: milliseconds) {
        case 0: return .wrote(taken)
        case EAGAIN, EINTR, ENOBUFS: return .stalled
        case EMSGSIZE: return .refused(taken, errno: EMSGSIZE)
        case let number:
            close(self.number)
            self.number = -1
            return .lost(errno: number)
        }
    }

    private func compose(_ line: Span<UInt8>) {
        datagram.removeAll(keepingCapacity: true)
        switch text {
        case .syslog(var syslog):
            syslog.append(line, at: .now(), to: &datagram)
            text = .syslog(syslog)
        case .journal(let journal): journal.append(line, to: &datagram)
        }
    }

    /// 0, or what went wrong.
    private func send(patience milliseconds: Int32) -> Int32 {
        for attempt in 0..<2 {
            let count = unsafe datagram.withUnsafeBytes {
                unsafe Glibc.send(number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count >= 0 { return 0 }
            guard attempt == 0, errno == EAGAIN else { return errno }
            var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
            _ = unsafe poll(&request, 1, max(milliseconds, ObservabilityLimits.socketPatience))
        }
        return EAGAIN
    }

    private static func connected(to path: String) -> Int32 {
        let kind = Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = socket(AF_UNIX, kind, 0)
        guard number >= 0 else { return -1 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard path.utf8.count < room.count else { return false }
            unsafe room.copyBytes(from: path.utf8)
            return true
        }
        let outcome = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard fits, outcome == 0 else {
            let reason = fits ? errno : ENAMETOOLONG
            close(number)
            errno = reason
            return -1
        }
        return number
    }
}
