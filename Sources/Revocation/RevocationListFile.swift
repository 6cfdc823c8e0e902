internal import Crypto
internal import DER

/// The forms that CRLs come in: DER with one, PEM with one or several.
public enum RevocationListFile {
    /// The CRLs of a file, each in DER, unread.
    ///
    /// What else a PEM file holds is passed over.
    ///
    /// - Throws: `CRLError` when there is none, and says what there is instead as far as it can be told.
    public static func lists(in bytes: [UInt8]) throws(CRLError) -> [[UInt8]] {
        if bytes.first == DERTag.sequence.rawValue {
            try recognise(bytes.span)
            return [bytes]
        }
        guard let first = begin(in: bytes.span, from: 0) else {
            try recognise(bytes.span)
            throw .notARevocationList
        }
        var lists: [[UInt8]] = []
        var next: Int? = first
        while let start = next {
            guard lists.count < RevocationLimits.listsPerFile else {
                throw .tooManyLists(limit: RevocationLimits.listsPerFile)
            }
            let (list, end) = try body(in: bytes.span, from: start)
            lists.append(list)
            next = begin(in: bytes.span, from: end)
        }
        return lists
    }

    /// Bytes that a file may have so that its CRL, even in PEM, stays within a limit.
    static func fileSize(forListsOf size: Int) -> Int {
        let (product, overflow) = size.multipliedReportingOverflow(by: 3)
        return overflow ? size : product / 2 + 4096
    }

    /// Tells what is clearly no CRL from what may be one, in words that an operator can act on.
    static func recognise(_ bytes: Span<UInt8>) throws(CRLError) {
        var start = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
        while start < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[start]) { start += 1 }
        guard start < bytes.count else { throw .empty }
        guard bytes[start] != UInt8(ascii: "<") else { throw .html }
        guard bytes[0] == DERTag.sequence.rawValue else { throw .notARevocationList }
        guard let length = declaredLength(of: bytes), length > bytes.count else { return }
        throw .truncated(expected: length, found: bytes.count)
    }

    /// How long the outermost element says it is, head included; nil when its length is cut or not of DER.
    private static func declaredLength(of bytes: Span<UInt8>) -> Int? {
        guard bytes.count >= 2 else { return 2 }
        guard bytes[1] >= 0x80 else { return 2 + Int(bytes[1]) }
        let octets = Int(bytes[1] & 0x7F)
        guard (1...4).contains(octets) else { return nil }
        guard bytes.count >= 2 + octets else { return 2 + octets }
        var length = 0
        for index in 2..<(2 + octets) { length = length << 8 | Int(bytes[index]) }
        return 2 + octets + length
    }

    /// Where the line after the next `-----BEGIN X509 CRL-----` begins.
    private static func begin(in bytes: Span<UInt8>, from start: Int) -> Int? {
        find(Array("-----BEGIN X509 CRL-----".utf8), in: bytes, from: start)?.upperBound
    }

    /// Decodes what stands before the next boundary, and says where that ends.
    private static func body(in bytes: Span<UInt8>, from start: Int) throws(CRLError) -> (list: [UInt8], end: Int) {
        guard let end = find(Array("-----END ".utf8), in: bytes, from: start) else { throw .malformedPEM }
        guard let list = decode(bytes.extracting(start..<end.lowerBound)), !list.isEmpty else { throw .malformedPEM }
        return (list, end.upperBound)
    }

    /// Decodes base64 that is broken into lines.
    static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        var letters: [UInt8] = []
        letters.reserveCapacity(text.count)
        for index in text.indices {
            let letter = text[index]
            if letter != 0x0A, letter != 0x0D, letter != 0x20, letter != 0x09 { letters.append(letter) }
        }
        return Base64.decode(letters.span)
    }

    private static func find(_ pattern: [UInt8], in bytes: Span<UInt8>, from start: Int) -> Range<Int>? {
        guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
        var index = start
        let last = bytes.count - pattern.count
        while index <= last {
            if bytes[index] == first, bytes.equals(pattern, in: index..<(index + pattern.count)) {
                return index..<(index + pattern.count)
            }
            index += 1
        }
        return nil
    }
}
