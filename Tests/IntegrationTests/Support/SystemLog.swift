import Foundation
import Glibc
import Synchronization

/// The socket of a syslog daemon or of systemd's journal, as a test plays it: it keeps what it is sent.
final class SystemLog: Sendable {
    let path: String
    private let descriptor: Int32
    private let received = Mutex<[[UInt8]]>([])
    private let isStopped = Atomic<Bool>(false)
    /// Set by the thread that reads, when it is done with the descriptor.
    private let hasEnded = Atomic<Bool>(false)

    /// Listens on a path, and reads what comes unless it is to be deaf.
    init(_ path: String, isDeaf: Bool = false) throws {
        self.path = path
        _ = unsafe unlink(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < 108 else { throw NotInTime(description: "\(path) is too long for a socket") }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let bound = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw NotInTime(description: "cannot listen on \(path)") }
        guard !isDeaf else {
            hasEnded.store(true, ordering: .releasing)
            return
        }
        Thread.detachNewThread { self.read() }
    }

    private func read() {
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        while !isStopped.load(ordering: .acquiring) {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&wait, 1, 20) > 0 else { continue }
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { continue }
            received.withLock { $0.append(Array(buffer[..<count])) }
        }
        hasEnded.store(true, ordering: .releasing)
    }

    /// Goes away, as a daemon does that is restarted.
    func stop() throws {
        isStopped.store(true, ordering: .releasing)
        try eventually("the reader has ended") { hasEnded.load(ordering: .acquiring) }
        close(descriptor)
        _ = unsafe unlink(path)
    }

    /// What came, datagram by datagram.
    var datagrams: [[UInt8]] { received.withLock { $0 } }

    /// A message of syslog.
    struct Message {
        let facility: Int
        let severity: Int
        let time: Date
        let host: String
        let identifier: String
        let process: String
        let kind: String
        let text: String

        /// Reads one strictly by RFC 5424 §6.
        init?(_ datagram: [UInt8]) {
            let text = String(decoding: datagram, as: UTF8.self)
            let printable = "[\\x21-\\x7e]"
            let pattern =
                "<([0-9]{1,3})>1 ([0-9T:.Z-]{20,32}) (\(printable){1,255}) (\(printable){1,48}) (\(printable){1,128}) "
                + "(\(printable){1,32}) - ([^\\n]*)"
            guard let expression = try? Regex<AnyRegexOutput>(pattern, as: AnyRegexOutput.self),
                let match = text.wholeMatch(of: expression)
            else { return nil }
            let parts = (1..<8).map { String(match.output[$0].substring ?? "") }
            let formatter = ISO8601DateFormatter()
            formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
            guard let priority = Int(parts[0]), priority < 192, parts[0] == "\(priority)",
                let time = formatter.date(from: parts[1])
            else { return nil }
            (facility, severity) = (priority / 8, priority % 8)
            self.time = time
            (host, identifier, process, kind) = (parts[2], parts[3], parts[4], parts[5])
            self.text = parts[6]
        }
    }

    /// What came as messages of syslog; nothing that is none.
    var messages: [Message] { datagrams.compactMap(Message.init) }

    /// The fields of an entry of the journal, by systemd's native protocol; nil for what is none.
    static func entry(_ datagram: [UInt8]) -> [String: String]? {
        var entry: [String: String] = [:]
        var rest = datagram[...]
        while !rest.isEmpty {
            let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\n") }
            let text = String(decoding: name, as: UTF8.self)
            guard text.wholeMatch(of: /[A-Z][A-Z0-9_]{0,63}/) != nil, entry[text] == nil else { return nil }
            rest = rest.dropFirst(name.count)
            var value: ArraySlice<UInt8>
            if rest.popFirst() == UInt8(ascii: "=") {
                value = rest.prefix { $0 != UInt8(ascii: "\n") }
            } else {
                guard rest.count >= 8 else { return nil }
                let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(8)
                value = rest.prefix(length)
                guard value.count == length else { return nil }
            }
            rest = rest.dropFirst(value.count)
            guard rest.popFirst() == UInt8(ascii: "\n") else { return nil }
            entry[text] = String(decoding: value, as: UTF8.self)
        }
        return entry
    }

    /// What came as entries of the journal; nothing that is none.
    var entries: [[String: String]] { datagrams.compactMap(Self.entry) }
}
