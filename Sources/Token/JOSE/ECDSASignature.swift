internal import DER

/// The two forms of an ECDSA signature on P-256: JOSE's 64 bytes, and the DER that the cryptographic library speaks.
enum ECDSASignature {
    /// Bytes of r, and of s.
    private static let half = 32

    /// The DER form of `r || s` (RFC 7518 §3.4); nil when it is not 64 bytes.
    static func der(of joined: [UInt8]) -> [UInt8]? {
        guard joined.count == 2 * half else { return nil }
        var writer = DERWriter()
        writer.sequence { (writer: inout DERWriter) in
            writer.integer(magnitude: Array(joined.prefix(half)))
            writer.integer(magnitude: Array(joined.suffix(half)))
        }
        return writer.bytes
    }

    /// `r || s` of the DER form; nil when it is none, or not one of P-256.
    static func joined(of der: [UInt8]) -> [UInt8]? {
        let bytes = der.span
        var outer = DERCursor(all: bytes)
        guard let sequence = try? outer.next(.sequence, in: bytes) else { return nil }
        var inner = sequence.children
        var joined: [UInt8] = []
        for _ in 0..<2 {
            guard let element = try? inner.next(.integer, in: bytes), let range = try? element.integer(in: bytes) else {
                return nil
            }
            let magnitude = Array(der[range].drop { $0 == 0 })
            guard magnitude.count <= half else { return nil }
            joined.append(contentsOf: repeatElement(0, count: half - magnitude.count))
            joined.append(contentsOf: magnitude)
        }
        return joined
    }
}
