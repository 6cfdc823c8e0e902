/// Bytes under a label, as they stand between `-----BEGIN …-----` and `-----END …-----` (RFC 7468).
public struct PEMBlock: Hashable, Sendable {
    /// What the bytes are, such as `CERTIFICATE`.
    public let label: String
    /// The decoded bytes.
    public let bytes: [UInt8]
    /// Whether headers precede the bytes, as in private keys that old tools encrypted: the bytes are then not DER.
    public let hasHeaders: Bool

    /// Makes a block without headers.
    public init(label: String, bytes: [UInt8]) {
        self.init(label: label, bytes: bytes, hasHeaders: false)
    }

    init(label: String, bytes: [UInt8], hasHeaders: Bool) {
        self.label = label
        self.bytes = bytes
        self.hasHeaders = hasHeaders
    }
}

/// Why a text is not PEM; lines are counted from 1.
public enum PEMError: Error, Hashable, Sendable {
    /// The text is larger than `PEM.Limits.maxSize`.
    case tooLarge(count: Int)
    /// There are more blocks than `PEM.Limits.maxBlocks`.
    case tooManyBlocks
    /// A block has no end, or an end with another label.
    case unterminated(label: String, line: Int)
    /// A block holds something other than base64.
    case invalidBase64(label: String, line: Int)
}

extension PEMError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .tooLarge(let count): "\(count) bytes are more than a PEM file may have"
        case .tooManyBlocks: "the file holds more than \(PEM.Limits.maxBlocks) PEM blocks"
        case .unterminated(let label, let line): "the \(label) block that begins at line \(line) does not end"
        case .invalidBase64(let label, let line): "the \(label) block that begins at line \(line) is not base64"
        }
    }
}

/// Reading and writing of PEM text.
public enum PEM {
    /// The bounds of a file an operator gives.
    public enum Limits {
        /// Bytes of the text; room for the bundles of every CA of an operating system, not for a disk image.
        public static var maxSize: Int { 16 * 1024 * 1024 }
        /// Blocks of one text.
        public static var maxBlocks: Int { 10_000 }
    }

    /// The blocks of a text in order; whatever stands around them is passed over.
    ///
    /// - Throws: `PEMError` for a block that begins and is not well-formed, rather than to lose what it held.
    public static func blocks(in text: [UInt8]) throws(PEMError) -> [PEMBlock] {
        guard text.count <= Limits.maxSize else { throw .tooLarge(count: text.count) }
        var blocks: [PEMBlock] = []
        var lines = PEMLines(text)
        while let line = lines.next() {
            guard let label = PEM.label(of: line, after: "-----BEGIN ") else { continue }
            guard blocks.count < Limits.maxBlocks else { throw .tooManyBlocks }
            blocks.append(try block(labelled: label, in: &lines))
        }
        return blocks
    }

    /// A block as text, with lines of 64 characters.
    public static func encode(_ block: PEMBlock) -> String {
        var text = Array("-----BEGIN \(block.label)-----\n".utf8)
        let body = Base64.encode(block.bytes)
        for start in stride(from: 0, to: body.count, by: 64) {
            text += body[start..<min(start + 64, body.count)]
            text.append(UInt8(ascii: "\n"))
        }
        text += Array("-----END \(block.label)-----\n".utf8)
        return String(decoding: text, as: UTF8.self)
    }

    private static func block(labelled label: String, in lines: inout PEMLines) throws(PEMError) -> PEMBlock {
        let start = lines.number
        var body: [UInt8] = []
        var hasHeaders = false
        while let line = lines.next() {
            if line.starts(with: "-----".utf8) {
                guard PEM.label(of: line, after: "-----END ") == label else {
                    throw .unterminated(label: label, line: start)
                }
                guard let bytes = Base64.decode(body) else { throw .invalidBase64(label: label, line: start) }
                return PEMBlock(label: label, bytes: bytes, hasHeaders: hasHeaders)
            }
            // RFC 1421 §4.4: headers precede the body and hold a colon, which base64 never does; the next line of a
            // folded header begins with a space.
            if line.contains(UInt8(ascii: ":")) || hasHeaders && body.isEmpty && line.first == UInt8(ascii: " ") {
                guard body.isEmpty else { throw .invalidBase64(label: label, line: start) }
                hasHeaders = true
            } else {
                body += line
            }
        }
        throw .unterminated(label: label, line: start)
    }

    /// The label of an encapsulation boundary; nil for any other line.
    private static func label(of line: ArraySlice<UInt8>, after prefix: StaticString) -> String? {
        let prefix = Array(prefix.description.utf8)
        guard line.starts(with: prefix) else { return nil }
        var label = line.dropFirst(prefix.count)
        while let last = label.last, PEM.isBlank(last) { label.removeLast() }
        guard label.suffix(5).elementsEqual("-----".utf8) else { return nil }
        label.removeLast(5)
        guard label.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return nil }
        return String(decoding: label, as: UTF8.self)
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }
}

/// The lines of a text, ended by LF or CR LF, without blanks before them.
private struct PEMLines {
    private let text: [UInt8]
    private var offset: Int
    /// The number of the line last returned, from 1.
    private(set) var number = 0

    init(_ text: [UInt8]) {
        self.text = text
        // A byte order mark, which editors of some systems write, would hide the first boundary.
        offset = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func next() -> ArraySlice<UInt8>? {
        guard offset < text.count else { return nil }
        let end = text[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
        defer { offset = end + 1 }
        number += 1
        return text[offset..<end]
    }
}
