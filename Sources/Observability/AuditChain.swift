internal import Crypto

/// Chains lines by digests, so that a line that is altered, taken out, put in or moved shows.
///
/// Each line of JSON gets a last member `chain`: the SHA-256, in hexadecimal, of the 32 bytes of the digest before it and
/// of the line as it is without that member and its line feed. Whoever can write the whole file can also make a new chain:
/// a digest that is known elsewhere shows that too.
public struct AuditChain: Sendable, Equatable {
    /// The digest of the last line: 32 bytes; zeros before the first.
    public private(set) var head: [UInt8]

    /// A chain that goes on behind a digest; nil for what is none.
    public init?(head: [UInt8]) {
        guard head.count == SHA256Digest.size else { return nil }
        self.head = head
    }

    /// A chain that begins.
    public init() {
        head = [UInt8](repeating: 0, count: SHA256Digest.size)
    }

    /// The digest of the last line, in hexadecimal.
    public var headText: String { Hexadecimal.encode(head.span) }

    /// Chains a line of JSON, which ends in `}` and a line feed, and appends it.
    mutating func append(_ line: Span<UInt8>, to text: inout [UInt8]) {
        guard line.count > 2, line[line.count - 2] == UInt8(ascii: "}") else {
            text.append(line)
            return
        }
        let body = line.extracting(0..<(line.count - 1))
        head = AuditChain.digest(of: body, after: head)
        text.append(body.extracting(0..<(body.count - 1)))
        text.append(literal: AuditChain.member)
        Hexadecimal.append(head.span, to: &text)
        text.append(literal: "\"}\n")
    }

    private static var member: StaticString { ",\"chain\":\"" }

    private static func digest(of line: Span<UInt8>, after head: [UInt8]) -> [UInt8] {
        var bytes = head
        bytes.append(line)
        return SHA256.digest(of: bytes.span).bytes
    }

    /// What a line says its digest is; nil when it is no whole chained line.
    static func claim(of line: Span<UInt8>) -> [UInt8]? {
        let tail = 64 + 2
        let name = Array(",\"chain\":\"".utf8)
        let start = line.count - tail - name.count
        guard start > 0, line[line.count - 1] == UInt8(ascii: "}"), line[line.count - 2] == UInt8(ascii: "\"") else {
            return nil
        }
        for index in name.indices where line[start + index] != name[index] { return nil }
        return Hexadecimal.decode(line.extracting((line.count - tail)..<(line.count - 2)))
    }

    /// Follows a line, without its line feed: whether its digest is the one that it must have here.
    mutating func follow(_ line: Span<UInt8>) -> Bool {
        guard let claim = AuditChain.claim(of: line) else { return false }
        let length = line.count - 64 - 2 - 10
        var body: [UInt8] = []
        body.append(line.extracting(0..<length))
        body.append(UInt8(ascii: "}"))
        guard AuditChain.digest(of: body.span, after: head) == claim else { return false }
        head = claim
        return true
    }
}
