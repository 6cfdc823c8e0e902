internal import Crypto

/// The text that libcurl makes of an LDAP entry: `attribute: value` lines, or `attribute:: base64` for binary values.
enum LDAPAnswer {
    /// The values of the attributes that hold CRLs, each in DER.
    ///
    /// They are certificateRevocationList, authorityRevocationList and deltaRevocationList (RFC 4523 §4), whatever
    /// options such as `;binary` follow their names.
    static func lists(in text: [UInt8]) -> [[UInt8]] {
        var lists: [[UInt8]] = []
        var attribute = ""
        // An attribute's name stands once, before its values; libcurl begins each with a tab.
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            let line = trimmed(line)
            guard let colons = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = line[..<colons]
            if !name.isEmpty {
                attribute = String(decoding: name, as: UTF8.self).lowercased()
            }
            let type = attribute.prefix { $0 != ";" }
            guard type.hasSuffix("revocationlist"), lists.count < RevocationLimits.listsPerFile else { continue }
            let afterColon = line[(colons + 1)...]
            guard afterColon.first == UInt8(ascii: ":") else { continue }
            let value = Array(trimmed(afterColon.dropFirst()))
            if let list = Base64.decode(value.span), !list.isEmpty { lists.append(list) }
        }
        return lists
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var line = line.drop(while: isBlank)
        while let last = line.last, isBlank(last) { line.removeLast() }
        return line
    }
}
