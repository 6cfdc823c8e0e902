internal import Crypto
internal import X509

/// The encodings that identity headers use.
enum IdentityEncoding {
    /// Printable ASCII as it is, everything else and `%` as percent-encoded UTF-8 (RFC 3986 §2.1).
    static func percentEncoded(_ text: String) -> String {
        escaping(text) { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "%") }
    }

    /// The certificate as PEM, escaped like nginx's `$ssl_client_escaped_cert`: all but RFC 3986's unreserved characters.
    ///
    /// `kept` are those that stay as they are beside them.
    static func escapedPEM(_ der: [UInt8], keeping kept: [UInt8] = []) -> String {
        escaping(pem(der)) { isUnreserved($0) || kept.contains($0) }
    }

    /// The escapes of a query's values, a space as `+`, as Go's `url.QueryEscape` writes them.
    static func queryEscaped(_ text: String) -> String {
        escaping(text) { isUnreserved($0) || $0 == UInt8(ascii: " ") }.replacing(" ", with: "+")
    }

    /// RFC 3986 §2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    /// The certificate as PEM with spaces for line ends, as Apache's `RequestHeader` writes it.
    static func singleLinePEM(_ der: [UInt8]) -> String {
        pem(der).split(separator: "\n").joined(separator: " ")
    }

    /// A Structured Fields byte sequence (RFC 8941 §3.3.5): base64 between colons.
    static func byteSequence(_ bytes: [UInt8]) -> String {
        ":\(Base64.encode(bytes.span)):"
    }

    private static func pem(_ der: [UInt8]) -> String {
        PEM.encode(PEMBlock(label: "CERTIFICATE", bytes: der))
    }

    /// Percent-encodes every octet that is not plain.
    static func escaping(_ text: String, unless isPlain: (UInt8) -> Bool) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 5 / 4)
        for byte in text.utf8 {
            if isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                Hexadecimal.append([byte].span, to: &bytes, letters: .uppercase)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
