internal import X509

/// How a name is compared with a name constraint: RFC 5280 §4.2.1.10, form by form.
enum NameMatching {
    /// Whether a constraint speaks of names of this form.
    ///
    /// otherNames of different types are different forms.
    static func haveSameForm(_ name: GeneralName, _ base: GeneralName) -> Bool {
        switch (name, base) {
        case (.other(let left, _), .other(let right, _)): left == right
        case (.email, .email), (.dns, .dns), (.x400, .x400), (.directory, .directory), (.ediParty, .ediParty),
            (.uri, .uri), (.ipAddress, .ipAddress), (.registeredID, .registeredID):
            true
        default: false
        }
    }

    /// Whether a constraint is well formed, so that something can be within it.
    static func isConstraint(_ base: GeneralName) -> Bool {
        switch base {
        case .dns(let domain): domain.isEmpty || isHost(domain)
        case .email(let text):
            if text.contains("@") { mailbox(text) != nil } else { isHost(text) || isDomain(text) }
        case .uri(let text): isHost(text) || isDomain(text)
        case .ipAddress(let octets): isNetwork(octets)
        case .directory, .other, .x400, .ediParty, .registeredID: true
        }
    }

    /// Whether a name lies within a constraint of its form.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - base: the constraint.
    ///   - whenUnsure: the answer for names that cannot be compared, malformed or of a form that is not processed: they
    ///     are within what is excluded, and not within what is permitted.
    /// - Returns: whether it does.
    static func match(_ name: GeneralName, _ base: GeneralName, whenUnsure: Bool) -> Bool {
        switch (name, base) {
        case (.directory(let name), .directory(let base)):
            name.isWithin(base)
        case (.dns(let name), .dns(let base)):
            dns(name, base, whenUnsure: whenUnsure)
        case (.email(let address), .email(let base)):
            mailbox(address).map { email($0, base) } ?? whenUnsure
        case (.uri(let uri), .uri(let base)):
            host(of: uri).map { host($0, base) } ?? whenUnsure
        case (.ipAddress(let address), .ipAddress(let network)):
            ip(address, network)
        default:
            whenUnsure
        }
    }

    private static func dns(_ name: String, _ base: String, whenUnsure: Bool) -> Bool {
        let name = name.lowercased()
        let base = base.lowercased()
        if let parent = name.wildcardParent {
            guard isHost(parent) else { return whenUnsure }
            if isHost(parent, within: base) { return true }
            // `*.example.com` stands for `mail.example.com` too, which an exclusion of that one host must catch.
            return whenUnsure && base.parentDomain == parent
        }
        guard isHost(name) else { return whenUnsure }
        return isHost(name, within: base)
    }

    private static func email(_ mailbox: (local: Substring, host: String), _ base: String) -> Bool {
        if let wanted = NameMatching.mailbox(base) {
            // The local part is the mail system's own; only the host is known to be without case.
            return mailbox.local == wanted.local && mailbox.host == wanted.host
        }
        return host(mailbox.host, base)
    }

    /// Whether a host is the one named, or, after a leading dot, below the domain named.
    private static func host(_ host: String, _ base: String) -> Bool {
        let base = base.lowercased()
        return base.hasPrefix(".") ? host.hasSuffix(base) && host.utf8.count > base.utf8.count : host == base
    }

    private static func isHost(_ name: String, within base: String) -> Bool {
        base.isEmpty || name == base || name.hasSuffix("." + base)
    }

    private static func ip(_ address: [UInt8], _ network: [UInt8]) -> Bool {
        guard network.count == address.count * 2 else { return false }
        return address.indices.allSatisfy { index in
            let mask = network[address.count + index]
            return address[index] & mask == network[index] & mask
        }
    }

    /// Whether octets are an address and a mask whose ones stand before its zeros (RFC 4632).
    private static func isNetwork(_ octets: [UInt8]) -> Bool {
        guard octets.count == 8 || octets.count == 32 else { return false }
        var hasEnded = false
        for octet in octets.suffix(octets.count / 2) {
            let ones = (~octet).leadingZeroBitCount
            guard octet == (ones == 8 ? 0xFF : ~(0xFF >> UInt8(ones))), !hasEnded || octet == 0 else { return false }
            hasEnded = hasEnded || ones < 8
        }
        return true
    }

    /// The host of a URI in lower case; nil when it has none, or an address: constraints are on names (§4.2.1.10).
    private static func host(of uri: String) -> String? {
        let bytes = Array(uri.utf8)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes.count > colon + 3,
            bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/")
        else { return nil }
        var authority = bytes[(colon + 3)...]
        if let end = authority.firstIndex(where: { "/?#".utf8.contains($0) }) { authority = authority[..<end] }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { authority = authority[(at + 1)...] }
        if let port = authority.firstIndex(of: UInt8(ascii: ":")) { authority = authority[..<port] }
        let host = String(decoding: authority, as: UTF8.self).lowercased()
        let isAddress = host.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") }
        return isHost(host) && !isAddress ? host : nil
    }

    /// The two parts of a mailbox, the host in lower case; nil when there are not exactly two.
    private static func mailbox(_ text: String) -> (local: Substring, host: String)? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty else { return nil }
        let host = parts[1].lowercased()
        return isHost(host) ? (parts[0], host) : nil
    }

    private static func isDomain(_ text: String) -> Bool {
        text.hasPrefix(".") && isHost(String(text.dropFirst()))
    }

    /// Whether a text is a host name: labels of letters, digits, hyphens and, since the field has them, underscores.
    private static func isHost(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253 else { return false }
        return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.count <= 63
                && label.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
    }
}

extension String {
    /// What follows `*.`; nil when there is no such beginning.
    fileprivate var wildcardParent: String? { hasPrefix("*.") ? String(dropFirst(2)) : nil }

    /// What follows the first label.
    fileprivate var parentDomain: String? {
        firstIndex(of: ".").map { String(self[index(after: $0)...]) }
    }
}
