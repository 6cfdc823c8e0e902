/// The small languages of values: tokens, hosts, addresses, object identifiers, paths.
enum Grammar {
    /// A token of RFC 9110 §5.6.2: field names and methods.
    static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0.isLetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }

    /// A host name or IPv4 address: labels of letters, digits, `-` and `_`, not empty, up to 253 bytes (RFC 1035).
    static func isHostName(_ text: String) -> Bool {
        guard text.utf8.count <= 253 else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.utf8.first != UInt8(ascii: "-")
                && label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
    }

    /// An IPv4 address in four decimal parts, none with a leading zero (some readers take that for octal).
    static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy(\.isDigit)
                    && (part == "0" || part.first != "0")
                    && (Int(part) ?? 256) <= 255
            }
    }

    /// An IPv6 address (RFC 4291 §2.2), without a zone.
    static func isIPv6(_ text: some StringProtocol) -> Bool {
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let count = groups(of: halves[0], last: halves.count == 1) else { return false }
        guard halves.count == 2 else { return count == 8 }
        guard let rest = groups(of: halves[1], last: true) else { return false }
        return count + rest <= 7
    }

    /// How many groups of 16 bits are written; an IPv4 address at the end counts for two.
    private static func groups(of text: some StringProtocol, last: Bool) -> Int? {
        guard !text.isEmpty else { return 0 }
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        var count = 0
        for (index, group) in groups.enumerated() {
            if last, index == groups.count - 1, group.contains(".") {
                guard isIPv4(group) else { return nil }
                count += 2
            } else {
                guard (1...4).contains(group.utf8.count), group.allSatisfy(\.isHexDigit),
                    group.utf8.allSatisfy({ $0 < 0x80 })
                else { return nil }
                count += 1
            }
        }
        return count
    }

    /// A network as address and prefix length, or one address.
    static func isNetwork(_ text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let bits = isIPv4(parts[0]) ? 32 : isIPv6(parts[0]) ? 128 : -1
        guard bits > 0 else { return false }
        guard parts.count == 2 else { return true }
        guard parts[1].utf8.allSatisfy(\.isDigit), parts[1].utf8.count <= 3, let length = Int(parts[1]) else {
            return false
        }
        return length <= bits
    }

    /// An object identifier in dotted decimal.
    static func isObjectIdentifier(_ text: String) -> Bool {
        let arcs = text.split(separator: ".", omittingEmptySubsequences: false)
        guard arcs.count >= 2, arcs.count <= 32, ["0", "1", "2"].contains(arcs[0]) else { return false }
        let areNumbers = arcs.allSatisfy { arc in
            (1...19).contains(arc.utf8.count) && arc.utf8.allSatisfy(\.isDigit) && (arc == "0" || arc.first != "0")
        }
        // X.660: below 0 and 1 there are forty arcs.
        return areNumbers && (arcs[0] == "2" || (Int(arcs[1]) ?? 40) < 40)
    }

    /// Why a text is no path prefix of a route; `nil` when it is one.
    ///
    /// It must be written as a normalised path is (RFC 3986 §6.2.2), since requests are compared in that form.
    static func faultOfPath(_ path: String) -> String? {
        if !path.hasPrefix("/") { return "must begin with \"/\"" }
        if path.utf8.count > Limits.path { return "is longer than \(Limits.path) bytes" }
        if !path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return "holds characters that must be percent-encoded" }
        if path.utf8.contains(where: { "?#\\*".utf8.contains($0) }) {
            return "is a prefix, without \"?\", \"#\", \"*\" or \"\\\""
        }
        if path.contains("//") { return "holds an empty segment" }
        if path.split(separator: "/").contains(where: { $0 == "." || $0 == ".." }) { return "holds a dot segment" }
        if path.contains("%") { return faultOfEncoding(path) }
        return nil
    }

    /// Percent-encodings must be complete, upper case, and needed.
    private static func faultOfEncoding(_ path: String) -> String? {
        for piece in path.split(separator: "%", omittingEmptySubsequences: false).dropFirst() {
            let digits = piece.prefix(2)
            guard digits.utf8.count == 2, digits.utf8.allSatisfy({ $0.isDigit || (0x41...0x46).contains($0) }),
                let byte = UInt8(digits, radix: 16)
            else { return "holds a \"%\" that is not followed by two digits of 0-9 A-F" }
            if byte.isLetterOrDigit || "-._~".utf8.contains(byte) {
                return "holds \"%\(digits)\", which is not to be encoded"
            }
            if byte == UInt8(ascii: "/") || byte == 0 || byte == UInt8(ascii: "\\") { return "holds \"%\(digits)\"" }
        }
        return nil
    }
}
