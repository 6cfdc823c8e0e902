/// Writes entries of systemd's journal in its native protocol: `NAME=value` lines, or `NAME`, a length and the value where that
/// has a line feed.
///
/// A line that is a JSON object stands in the entry as it is, and each of its members once more as a field, so that
/// `journalctl POTERNE_STRUCTURE=…` finds it.
struct JournalText {
    private let stamp: LogStamp
    private let head: [UInt8]

    init(_ stamp: LogStamp) {
        self.stamp = stamp
        var head: [UInt8] = []
        Self.append("SYSLOG_IDENTIFIER", Array(stamp.identifier.utf8), to: &head)
        var facility: [UInt8] = []
        facility.append(decimal: UInt64(stamp.facility))
        Self.append("SYSLOG_FACILITY", facility, to: &head)
        Self.append("POTERNE_LOG", Array(stamp.log.rawValue.utf8), to: &head)
        self.head = head
    }

    /// Appends the entry of a line, which has no line feed.
    func append(_ line: Span<UInt8>, to datagram: inout [UInt8]) {
        let (severity, start) = stamp.read(line)
        let message = line.extracting(start..<line.count)
        datagram.append(contentsOf: head)
        datagram.append(literal: "PRIORITY=")
        datagram.append(decimal: UInt64(severity))
        datagram.append(UInt8(ascii: "\n"))
        var text: [UInt8] = []
        text.append(message)
        for index in text.indices where text[index] == LogStamp.innerLineFeed { text[index] = UInt8(ascii: "\n") }
        Self.append("MESSAGE", text, to: &datagram)
        guard stamp.log != .operator else { return }
        var members = JSONMembers(text)
        while let (key, value) = members.next() {
            var name = Array("POTERNE_".utf8)
            for byte in text[key] { name.append((0x61...0x7A).contains(byte) ? byte & 0xDF : byte) }
            Self.append(name, value, to: &datagram)
        }
    }

    private static func append(_ name: StaticString, _ value: [UInt8], to datagram: inout [UInt8]) {
        var bytes: [UInt8] = []
        bytes.append(literal: name)
        append(bytes, value, to: &datagram)
    }

    private static func append(_ name: [UInt8], _ value: [UInt8], to datagram: inout [UInt8]) {
        datagram.append(contentsOf: name)
        if value.contains(UInt8(ascii: "\n")) {
            datagram.append(UInt8(ascii: "\n"))
            let length = UInt64(value.count)
            for shift in stride(from: 0, to: 64, by: 8) { datagram.append(UInt8(truncatingIfNeeded: length >> shift)) }
        } else {
            datagram.append(UInt8(ascii: "="))
        }
        datagram.append(contentsOf: value)
        datagram.append(UInt8(ascii: "\n"))
    }
}
