/// Brings a path into the one form that routes are compared in (RFC 3986 §6.2.2).
///
/// For comparison only: what is forwarded is the path as it was sent. Percent-encoded unreserved characters
/// are decoded, other percent-encodings get upper-case digits, characters that no URI may hold are encoded,
/// dot segments are removed, and empty segments are merged, because most upstreams merge them and a rule
/// for `/admin` must hold for `//admin`.
public enum PathNormalizer {
    /// What is remarkable about a path, for the router to decide on.
    public struct Findings: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt8

        /// A set of bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// `%2F`: a slash to some upstreams, a character of a segment to others.
        public static var encodedSlash: Findings { Findings(rawValue: 1) }
        /// `\` or `%5C`: a slash to some upstreams.
        public static var backslash: Findings { Findings(rawValue: 2) }
        /// A control character, percent-encoded: a line break to an upstream that decodes into a head or a log.
        public static var encodedControl: Findings { Findings(rawValue: 4) }
        /// A dot segment with parameters (`..;x`), which servlet containers take for a dot segment.
        public static var disguisedDotSegment: Findings { Findings(rawValue: 8) }
        /// A `..` with nothing left to leave.
        public static var aboveRoot: Findings { Findings(rawValue: 16) }
        /// A dot segment, plain or encoded.
        public static var dotSegment: Findings { Findings(rawValue: 32) }
        /// An empty segment before the last.
        public static var emptySegment: Findings { Findings(rawValue: 64) }

        /// What makes a path mean different things to different servers: refused unless a route allows it.
        public static var ambiguous: Findings {
            [.encodedSlash, .backslash, .encodedControl, .disguisedDotSegment, .aboveRoot]
        }
    }

    /// Why a path is no path.
    public enum Fault: Error, Hashable, Sendable {
        /// It does not begin with `/`.
        case notAbsolute
        /// A `%` without two hexadecimal digits.
        case malformedPercentEncoding
        /// `%00`.
        case null
        /// The octets encoded are not UTF-8: overlong, cut off, a surrogate or no such sequence.
        case invalidUTF8
        /// A character that may not stand in a request target at all.
        case forbiddenCharacter
    }

    /// Writes the normal form of `path` into `buffer`, which is emptied first.
    public static func normalize(_ path: Span<UInt8>, into buffer: inout [UInt8]) throws(Fault) -> Findings {
        buffer.removeAll(keepingCapacity: true)
        guard path.count > 0, path[0] == 0x2F else { throw .notAbsolute }
        if isNormal(path) {
            buffer.append(copying: path)
            return []
        }
        var findings: Findings = []
        var utf8 = UTF8Check()
        var segmentStart = 0
        var index = 0
        while index < path.count {
            let byte = path[index]
            if byte == 0x2F {
                guard utf8.isComplete else { throw .invalidUTF8 }
                closeSegment(from: &segmentStart, in: &buffer, isLast: false, &findings)
                index += 1
                continue
            }
            if byte == 0x25 {
                guard index + 2 < path.count, let high = Octet.hexValue(path[index + 1]),
                    let low = Octet.hexValue(path[index + 2])
                else { throw .malformedPercentEncoding }
                let octet = high << 4 | low
                guard utf8.accepts(octet) else { throw .invalidUTF8 }
                index += 3
                try appendDecoded(octet, to: &buffer, &findings)
                continue
            }
            guard Octet.isVisible(byte) else { throw .forbiddenCharacter }
            guard utf8.isComplete else { throw .invalidUTF8 }
            if byte == 0x5C { findings.insert(.backslash) }
            if isPathCharacter(byte) { buffer.append(byte) } else { appendEncoded(byte, to: &buffer) }
            index += 1
        }
        guard utf8.isComplete else { throw .invalidUTF8 }
        closeSegment(from: &segmentStart, in: &buffer, isLast: true, &findings)
        return findings
    }

    /// The normalised `path` as servlet containers read it, which cut `;x` off every segment; nil when there is none.
    ///
    /// Some decode before they cut, so `%3B` counts too.
    public static func withoutParameters(_ path: Span<UInt8>) -> [UInt8]? {
        guard mayHoldParameters(path) else { return nil }
        var kept: [UInt8] = []
        var isParameter = false
        for index in 0..<path.count {
            let byte = path[index]
            if byte == 0x2F {
                isParameter = false
                // What is cut may leave an empty segment, which they merge.
                if kept.last == 0x2F { continue }
            } else if byte == 0x3B || isEncodedSemicolon(path, at: index) {
                isParameter = true
            }
            if !isParameter { kept.append(byte) }
        }
        return kept.count == path.count ? nil : kept
    }

    /// Whether there is anything that `withoutParameters` could take away: nearly always not, which costs no copy to see.
    private static func mayHoldParameters(_ path: Span<UInt8>) -> Bool {
        for index in 0..<path.count {
            switch path[index] {
            case 0x3B, 0x25: return true
            case 0x2F where index > 0 && path[index - 1] == 0x2F: return true
            default: continue
            }
        }
        return false
    }

    private static func isEncodedSemicolon(_ path: Span<UInt8>, at index: Int) -> Bool {
        path[index] == 0x25 && index + 2 < path.count && path[index + 1] == 0x33 && path[index + 2] == 0x42
    }

    /// Whether nothing needs to be done to `path`, as is so for almost every one.
    private static func isNormal(_ path: Span<UInt8>) -> Bool {
        var previous: UInt8 = 0
        for index in 0..<path.count {
            let byte = path[index]
            if byte == 0x2F || byte == 0x2E {
                // An empty segment, or one that begins with a dot and may be a dot segment.
                if previous == 0x2F { return false }
            } else if !isPathCharacter(byte) {
                return false
            }
            previous = byte
        }
        return true
    }

    private static func appendDecoded(
        _ octet: UInt8, to buffer: inout [UInt8], _ findings: inout Findings
    ) throws(Fault) {
        switch octet {
        case 0: throw .null
        case 0x2F: findings.insert(.encodedSlash)
        case 0x5C: findings.insert(.backslash)
        case 0x01...0x1F, 0x7F: findings.insert(.encodedControl)
        default: break
        }
        if Octet.isUnreserved(octet) { buffer.append(octet) } else { appendEncoded(octet, to: &buffer) }
    }

    private static func appendEncoded(_ octet: UInt8, to buffer: inout [UInt8]) {
        buffer.append(0x25)
        buffer.append(Octet.hexDigit(octet >> 4))
        buffer.append(Octet.hexDigit(octet))
    }

    /// Whether `byte` is a `pchar` other than a percent-encoding (RFC 3986 §3.3).
    @inline(__always)
    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        // Bits ! $ &-. digits : ; = of the first half of ASCII; @ A-Z _ a-z ~ of the second.
        let word: UInt64 = byte < 64 ? 0x2FFF_7FD2_0000_0000 : 0x47FF_FFFE_87FF_FFFF
        return byte < 128 && (word &>> UInt64(byte & 63)) & 1 == 1
    }

    /// Ends the segment begun at `start` (after its slash) and begins the next one, or ends the path.
    ///
    /// Invariant: before `start`, `buffer` holds a path without dot segments that ends with `/`, or nothing.
    private static func closeSegment(
        from start: inout Int, in buffer: inout [UInt8], isLast: Bool, _ findings: inout Findings
    ) {
        let count = buffer.count - start
        if start == 0 {
            // Nothing stands before the first slash.
            buffer.append(0x2F)
        } else if count == 0 {
            if !isLast { findings.insert(.emptySegment) }
        } else if let dots = dotCount(buffer.span.extracting(start..<buffer.count), &findings) {
            buffer.removeLast(count)
            if dots == 2 { leaveSegment(in: &buffer, &findings) }
        } else if !isLast {
            buffer.append(0x2F)
        }
        start = buffer.count
    }

    /// Removes the last segment and the slash after it, and keeps the one before it.
    private static func leaveSegment(in buffer: inout [UInt8], _ findings: inout Findings) {
        guard buffer.count > 1 else {
            findings.insert(.aboveRoot)
            return
        }
        buffer.removeLast()
        while let last = buffer.last, last != 0x2F { buffer.removeLast() }
    }

    /// 1 for `.`, 2 for `..`, nil for any other segment.
    private static func dotCount(_ segment: Span<UInt8>, _ findings: inout Findings) -> Int? {
        var dots = 0
        while dots < segment.count, segment[dots] == 0x2E { dots += 1 }
        guard dots == 1 || dots == 2 else { return nil }
        if dots == segment.count {
            findings.insert(.dotSegment)
            return dots
        }
        if segment[dots] == 0x3B || segment.extracting(dots..<segment.count).begins(with: "%3B") {
            findings.insert(.disguisedDotSegment)
        }
        return nil
    }
}

extension Span where Element == UInt8 {
    fileprivate func begins(with text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount && extracting(0..<text.utf8CodeUnitCount).equals(text)
    }
}

/// Follows a sequence of octets and tells whether it is well-formed UTF-8 (RFC 3629 §4).
private struct UTF8Check {
    private var missing = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xBF

    var isComplete: Bool { missing == 0 }

    /// Whether `octet` may come next.
    mutating func accepts(_ octet: UInt8) -> Bool {
        if missing > 0 {
            guard octet >= lowest, octet <= highest else { return false }
            missing -= 1
            (lowest, highest) = (0x80, 0xBF)
            return true
        }
        switch octet {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: missing = 1
        // The second octet's range keeps overlong forms, surrogates and what is beyond U+10FFFF out.
        case 0xE0: (missing, lowest) = (2, 0xA0)
        case 0xED: (missing, highest) = (2, 0x9F)
        case 0xE1...0xEC, 0xEE, 0xEF: missing = 2
        case 0xF0: (missing, lowest) = (3, 0x90)
        case 0xF4: (missing, highest) = (3, 0x8F)
        case 0xF1...0xF3: missing = 3
        default: return false
        }
        return true
    }
}
