/// How far the reading of a head has come, kept by the caller between two calls.
///
/// Whole lines are read once; of the last, incomplete one is remembered how far its end has been looked for,
/// so that a head arriving an octet at a time costs what it costs at once.
public struct ParsePosition: Sendable, Hashable {
    /// The first octet of the first line not yet read.
    var lineStart = 0
    /// Octets before this one hold no end of that line; equal to `lineStart` when nothing was looked at.
    var scanned = 0
    /// Whether the start line has been read.
    var hasStartLine = false

    /// The beginning of a message.
    public init() {}

    /// Whether nothing of a message has been seen: between two messages, silence is no fault.
    public var isAtStart: Bool { self == ParsePosition() }

    /// Whether the line that begins at `lineStart` can be complete: true on the first look, later only when
    /// a new octet is LF.
    mutating func mayHoldWholeLine(_ bytes: Span<UInt8>) -> Bool {
        guard scanned > lineStart else { return true }
        while scanned < bytes.count {
            if bytes[scanned] == 0x0A { return true }
            scanned += 1
        }
        return false
    }
}

/// What a call of a head parser came to.
public enum ParseProgress: Sendable, Hashable {
    /// The head is not complete: call again with the same octets and more.
    case incomplete
    /// The head is complete and was so many octets long; the next octet is the first of the body.
    case complete(consumed: Int)
}
