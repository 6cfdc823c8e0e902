internal import Glibc

/// Writes messages of syslog (RFC 5424).
struct SyslogText {
    private let stamp: LogStamp
    private var clock = WallClock()
    /// From the host's name to the message.
    private let origin: [UInt8]

    init(_ stamp: LogStamp) {
        self.stamp = stamp
        var name = [CChar](repeating: 0, count: 256)
        _ = unsafe gethostname(&name, name.count - 1)
        var origin: [UInt8] = []
        Self.append(name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, limit: 255, to: &origin)
        Self.append(Array(stamp.identifier.utf8), limit: 48, to: &origin)
        origin.append(decimal: UInt64(clamping: getpid()))
        origin.append(UInt8(ascii: " "))
        Self.append(Array(stamp.log.rawValue.utf8), limit: 32, to: &origin)
        origin.append(literal: "- ")
        self.origin = origin
    }

    /// Appends the message of a line, which has no line feed.
    mutating func append(_ line: Span<UInt8>, at time: WallTime, to datagram: inout [UInt8]) {
        let (severity, start) = stamp.read(line)
        let message = line.extracting(start..<line.count)
        datagram.append(UInt8(ascii: "<"))
        datagram.append(decimal: UInt64(stamp.facility) * 8 + UInt64(severity))
        datagram.append(literal: ">1 ")
        clock.appendRFC3339(time, to: &datagram)
        datagram.append(UInt8(ascii: " "))
        datagram.append(contentsOf: origin)
        var end = min(message.count, ObservabilityLimits.syslogMessage - datagram.count)
        if end < message.count {
            // Not inside a character, and with room for the mark of what is missing.
            end -= 3
            while end > 0, message[end] & 0xC0 == 0x80 { end -= 1 }
        }
        for index in 0..<max(0, end) {
            datagram.append(message[index] == LogStamp.innerLineFeed ? UInt8(ascii: " ") : message[index])
        }
        if end < message.count { datagram.append(literal: "…") }
    }

    /// Appends a field of the head: printable ASCII, or `-` for none.
    private static func append(_ text: [UInt8], limit: Int, to head: inout [UInt8]) {
        let printable = text.filter { (0x21...0x7E).contains($0) }.prefix(limit)
        if printable.isEmpty { head.append(UInt8(ascii: "-")) } else { head.append(contentsOf: printable) }
        head.append(UInt8(ascii: " "))
    }
}
