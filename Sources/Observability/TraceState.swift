/// The `tracestate` of W3C Trace Context: what tracing systems on the way have noted in a trace, the last one first.
///
/// It is passed on as far as it is well formed and of reasonable length, never added to, and never interpreted.
public struct TraceState: Sendable {
    private var text: [UInt8] = []
    private var members: [Range<Int>] = []
    private var isMalformed = false

    /// Nothing noted.
    public init() {}

    /// Takes the value of a field line; several are one list, in their order (Trace Context §3.3.1).
    public mutating func add(_ value: Span<UInt8>) {
        var start = 0
        while start <= value.count {
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ",") { end += 1 }
            add(member: value.extracting(start..<end))
            start = end + 1
        }
    }

    /// What is passed on: nil where there is nothing, or where anything in it is malformed, which spoils the whole (§3.3.1.3).
    public var value: [UInt8]? {
        guard !isMalformed, !members.isEmpty else { return nil }
        var kept = members
        // §3.3.1.5: the long ones first, then from the end.
        while length(of: kept) > ObservabilityLimits.traceState {
            let long = kept.lastIndex { $0.count > ObservabilityLimits.longTraceStateMember }
            kept.remove(at: long ?? kept.count - 1)
        }
        guard !kept.isEmpty else { return nil }
        var value: [UInt8] = []
        value.reserveCapacity(length(of: kept))
        for member in kept {
            if !value.isEmpty { value.append(UInt8(ascii: ",")) }
            value.append(contentsOf: text[member])
        }
        return value
    }

    private func length(of members: [Range<Int>]) -> Int {
        members.reduce(max(0, members.count - 1)) { $0 + $1.count }
    }

    private mutating func add(member: Span<UInt8>) {
        guard !isMalformed else { return }
        var (start, end) = (0, member.count)
        while start < end, Self.isBlank(member[start]) { start += 1 }
        while end > start, Self.isBlank(member[end - 1]) { end -= 1 }
        // Empty members are allowed, and mean nothing.
        guard start < end else { return }
        let member = member.extracting(start..<end)
        var equals = 0
        while equals < member.count, member[equals] != UInt8(ascii: "=") { equals += 1 }
        guard members.count < ObservabilityLimits.traceStateMembers, equals < member.count,
            Self.isKey(member.extracting(0..<equals)),
            Self.isValue(member.extracting((equals + 1)..<member.count)),
            !hasKey(member.extracting(0..<(equals + 1)))
        else {
            isMalformed = true
            return
        }
        let first = text.count
        text.append(member)
        members.append(first..<text.count)
    }

    /// Whether there is a member of this key, which is given with its `=`: keys stand once (§3.3.1.3).
    private func hasKey(_ key: Span<UInt8>) -> Bool {
        for member in members where member.count >= key.count {
            var isSame = true
            for index in 0..<key.count where text[member.lowerBound + index] != key[index] { isSame = false }
            if isSame { return true }
        }
        return false
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// §3.3.1.3.1, in the wider form of level 2: a lower-case letter or digit, then those, `_-*/`, and `@` for a tenant.
    private static func isKey(_ key: Span<UInt8>) -> Bool {
        guard key.count > 0, key.count <= 256, isLowerCaseOrDigit(key[0]) else { return false }
        for index in 1..<max(1, key.count) {
            let byte = key[index]
            guard isLowerCaseOrDigit(byte) || "_-*/@".utf8.contains(byte) else { return false }
        }
        return true
    }

    private static func isLowerCaseOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// §3.3.1.3.2: printable ASCII but `,` and `=`, not ending in a blank.
    private static func isValue(_ value: Span<UInt8>) -> Bool {
        guard value.count > 0, value.count <= 256, value[value.count - 1] != 0x20 else { return false }
        for index in 0..<value.count {
            let byte = value[index]
            guard (0x20...0x7E).contains(byte), byte != UInt8(ascii: ","), byte != UInt8(ascii: "=") else {
                return false
            }
        }
        return true
    }
}
