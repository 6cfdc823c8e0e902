/// A frame that came, or that a session wrote.
public struct WrittenFrame: Equatable, Sendable {
    /// Its type (RFC 9113 §6).
    public let type: UInt8
    /// Its flags.
    public let flags: UInt8
    /// Its stream.
    public let stream: UInt32
    /// What follows its header.
    public let payload: [UInt8]

    /// The frames of an output; the last one may be cut short.
    public static func all(in bytes: [UInt8]) -> [WrittenFrame] {
        var rest = bytes
        var frames: [WrittenFrame] = []
        while let frame = first(of: &rest) { frames.append(frame) }
        if rest.count >= 9 {
            frames.append(
                WrittenFrame(
                    type: rest[3], flags: rest[4], stream: number(rest[5..<9]), payload: Array(rest[9...])))
        }
        return frames
    }

    /// Takes the first frame out of `bytes`; nothing while it is not whole.
    public static func first(of bytes: inout [UInt8]) -> WrittenFrame? {
        guard bytes.count >= 9 else { return nil }
        let end = 9 + (Int(bytes[0]) << 16 | Int(bytes[1]) << 8 | Int(bytes[2]))
        guard bytes.count >= end else { return nil }
        let frame = WrittenFrame(
            type: bytes[3], flags: bytes[4], stream: number(bytes[5..<9]), payload: Array(bytes[9..<end]))
        bytes.removeFirst(end)
        return frame
    }

    /// The error code of RST_STREAM or GOAWAY.
    public var code: UInt32? {
        switch type {
        case 0x3 where payload.count == 4: Self.number(payload[...])
        case 0x7 where payload.count >= 8: Self.number(payload[4..<8])
        default: nil
        }
    }

    /// Whether END_STREAM is set, on a frame that can have it.
    public var endsStream: Bool { (type == 0x0 || type == 0x1) && flags & Frame.endStream != 0 }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
