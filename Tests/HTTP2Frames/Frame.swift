/// Frames of HTTP/2 written by hand, to say what no library would.
public enum Frame {
    /// What a client's side of a connection begins with (RFC 9113 §3.4).
    public static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// END_STREAM.
    public static let endStream: UInt8 = 0x1
    /// END_HEADERS.
    public static let endHeaders: UInt8 = 0x4
    /// PADDED.
    public static let padded: UInt8 = 0x8
    /// PRIORITY, of HEADERS.
    public static let hasPriority: UInt8 = 0x20
    /// ACK.
    public static let acknowledgement: UInt8 = 0x1

    /// Any frame; `length` is what its header says of the payload, right or wrong.
    public static func frame(
        _ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = [], length: Int? = nil
    ) -> [UInt8] {
        let length = length ?? payload.count
        return [
            UInt8(truncatingIfNeeded: length >> 16), UInt8(truncatingIfNeeded: length >> 8),
            UInt8(truncatingIfNeeded: length), type, flags,
        ] + octets(stream) + payload
    }

    /// SETTINGS.
    public static func settings(_ entries: [(UInt16, UInt32)] = []) -> [UInt8] {
        frame(0x4, entries.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] + octets($1) })
    }

    /// SETTINGS with ACK.
    public static let settingsAcknowledgement = frame(0x4, flags: acknowledgement)

    /// HEADERS with fields that are not compressed; whole, and the end of its stream, unless `flags` say otherwise.
    public static func headers(
        _ fields: [(String, String)], stream: UInt32 = 1, flags: UInt8 = endStream | endHeaders
    ) -> [UInt8] {
        frame(0x1, flags: flags, stream: stream, block(fields))
    }

    /// CONTINUATION.
    public static func continuation(_ block: [UInt8], stream: UInt32 = 1, flags: UInt8 = 0) -> [UInt8] {
        frame(0x9, flags: flags, stream: stream, block)
    }

    /// DATA.
    public static func data(_ bytes: [UInt8], stream: UInt32 = 1, flags: UInt8 = 0) -> [UInt8] {
        frame(0x0, flags: flags, stream: stream, bytes)
    }

    /// RST_STREAM, with CANCEL unless said otherwise.
    public static func reset(stream: UInt32, code: UInt32 = 0x8) -> [UInt8] { frame(0x3, stream: stream, octets(code)) }

    /// PING.
    public static func ping(flags: UInt8 = 0) -> [UInt8] {
        frame(0x6, flags: flags, [UInt8](repeating: 7, count: 8))
    }

    /// PRIORITY (RFC 7540 §6.3).
    public static func priority(stream: UInt32, on parent: UInt32 = 0) -> [UInt8] {
        frame(0x2, stream: stream, octets(parent) + [15])
    }

    /// WINDOW_UPDATE.
    public static func windowUpdate(_ increment: UInt32, stream: UInt32 = 0) -> [UInt8] {
        frame(0x8, stream: stream, octets(increment))
    }

    /// GOAWAY.
    public static func goaway(lastStream: UInt32 = 0, code: UInt32 = 0, stream: UInt32 = 0) -> [UInt8] {
        frame(0x7, stream: stream, octets(lastStream) + octets(code))
    }

    /// A field block of literals that are neither indexed nor compressed (RFC 7541 §6.2.2).
    public static func block(_ fields: [(String, String)]) -> [UInt8] {
        block(octets: fields.map { (Array($0.0.utf8), Array($0.1.utf8)) })
    }

    /// The same of fields that are no text.
    public static func block(octets fields: [(name: [UInt8], value: [UInt8])]) -> [UInt8] {
        fields.flatMap { [0] + string($0.name) + string($0.value) }
    }

    /// What a plain request has to say.
    public static let getFields = [
        (":method", "GET"), (":scheme", "https"), (":authority", "api.example.fr"), (":path", "/"),
    ]

    /// A string of any length with a prefix of seven bits (RFC 7541 §5.1, §5.2).
    private static func string(_ bytes: [UInt8]) -> [UInt8] {
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

    /// A number as four octets, the highest first.
    public static func octets(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
