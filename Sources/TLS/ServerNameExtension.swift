/// The `server_name` extension of a ClientHello (RFC 6066 §3).
enum ServerNameExtension: Hashable {
    /// There is none.
    case absent
    /// The host name, in lowercase.
    case name(String)
    /// Not the structure it should be.
    case malformed
    /// A name that no host can have.
    case unacceptable

    /// Reads the extension's content: a list of names, of which one type exists.
    init(reading bytes: Span<UInt8>) {
        // struct { NameType name_type; opaque HostName<1..2^16-1>; } ServerName server_name_list<1..2^16-1>
        guard bytes.count > 5 else {
            self = .malformed
            return
        }
        let listLength = Int(bytes[0]) << 8 | Int(bytes[1])
        let nameLength = Int(bytes[3]) << 8 | Int(bytes[4])
        // "The ServerNameList MUST NOT contain more than one name of the same name_type", and there is one type.
        guard listLength == bytes.count - 2, bytes[2] == 0, nameLength == bytes.count - 5 else {
            self = .malformed
            return
        }
        guard nameLength <= Limits.serverName else {
            self = .unacceptable
            return
        }
        var name: [UInt8] = []
        name.reserveCapacity(nameLength)
        for index in 5..<bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): name.append(byte | 0x20)
            // Wider than host names, narrower than what could confuse a log or a comparison.
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"):
                name.append(byte)
            default:
                self = .unacceptable
                return
            }
        }
        self = .name(String(decoding: name, as: UTF8.self))
    }
}
