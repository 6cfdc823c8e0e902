/// Frames of HTTP/2 written by hand, to say what no library would.
enum Frame {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static let endStream: UInt8 = 0x1
    static let endHeaders: UInt8 = 0x4
    static let acknowledgement: UInt8 = 0x1

    static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        [
            UInt8(truncatingIfNeeded: payload.count >> 16), UInt8(truncatingIfNeeded: payload.count >> 8),
            UInt8(truncatingIfNeeded: payload.count), type, flags,
        ] + octets(stream) + payload
    }

    static func settings(_ entries: [(UInt16, UInt32)] = []) -> [UInt8] {
        frame(0x4, entries.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] + octets($1) })
    }

    static let settingsAcknowledgement = frame(0x4, flags: acknowledgement)

    static func headers(
        _ fields: [(String, String)], stream: UInt32 = 1, flags: UInt8 = endStream | endHeaders
    ) -> [UInt8] {
        frame(0x1, flags: flags, stream: stream, block(fields))
    }

    static func continuation(_ block: [UInt8], stream: UInt32 = 1, flags: UInt8 = 0) -> [UInt8] {
        frame(0x9, flags: flags, stream: stream, block)
    }

    static func data(_ bytes: [UInt8], stream: UInt32 = 1, flags: UInt8 = 0) -> [UInt8] {
        frame(0x0, flags: flags, stream: stream, bytes)
    }

    static func reset(stream: UInt32, code: UInt32 = 0x8) -> [UInt8] { frame(0x3, stream: stream, octets(code)) }

    static func ping(flags: UInt8 = 0) -> [UInt8] { frame(0x6, flags: flags, [UInt8](repeating: 7, count: 8)) }

    static func priority(stream: UInt32, on parent: UInt32 = 0) -> [UInt8] {
        frame(0x2, stream: stream, octets(parent) + [15])
    }

    static func windowUpdate(_ increment: UInt32, stream: UInt32 = 0) -> [UInt8] {
        frame(0x8, stream: stream, octets(increment))
    }

    /// A field block of literals that are neither indexed nor compressed (RFC 7541 §6.2.2).
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + string($0) + string($1) }
    }

    static let getFields = [
        (":method", "GET"), (":scheme", "https"), (":authority", "api.example.fr"), (":path", "/"),
    ]

    /// A string of any length with a prefix of seven bits (RFC 7541 §5.1, §5.2).
    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var encoded: [UInt8] = []
        if bytes.count < 127 {
            encoded.append(UInt8(bytes.count))
        } else {
            encoded.append(127)
            var rest = bytes.count - 127
            while rest >= 128 {
                encoded.append(UInt8(rest & 127) | 128)
                rest >>= 7
            }
            encoded.append(UInt8(rest))
        }
        return encoded + bytes
    }

    private static func octets(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

/// A frame that a session wrote.
struct WrittenFrame: Equatable {
    let type: UInt8
    let flags: UInt8
    let stream: UInt32
    let payload: [UInt8]

    /// The frames of an output.
    static func all(in bytes: [UInt8]) -> [WrittenFrame] {
        var frames: [WrittenFrame] = []
        var position = 0
        while position + 9 <= bytes.count {
            let length = Int(bytes[position]) << 16 | Int(bytes[position + 1]) << 8 | Int(bytes[position + 2])
            let end = min(position + 9 + length, bytes.count)
            frames.append(
                WrittenFrame(
                    type: bytes[position + 3], flags: bytes[position + 4],
                    stream: number(bytes[(position + 5)..<(position + 9)]),
                    payload: Array(bytes[(position + 9)..<end])))
            position = end
        }
        return frames
    }

    /// The error code of RST_STREAM or GOAWAY.
    var code: UInt32? {
        switch type {
        case 0x3 where payload.count == 4: Self.number(payload[...])
        case 0x7 where payload.count >= 8: Self.number(payload[4..<8])
        default: nil
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
