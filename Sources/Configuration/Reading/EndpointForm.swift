extension Value {
    /// What may stand before the colon of an address.
    enum HostForm {
        /// A socket that is listened on: no names, since what they resolve to may change under it.
        case address
        /// A server: an address or a name.
        case addressOrName
    }

    /// `host:port`, `[v6]:port`, `unix:path`, or for a listening socket `systemd:name`.
    func endpoint(_ form: HostForm) -> Endpoint? {
        let expected =
            switch form {
            case .address: "IP:PORT, [IPv6]:PORT, unix:PATH or systemd:NAME"
            case .addressOrName: "HOST:PORT or unix:PATH"
            }
        guard let text = text(expected) else { return nil }
        if text.hasPrefix("unix:") {
            return unixSocket(String(text.dropFirst(5)))
        }
        if text.hasPrefix("systemd:"), form == .address {
            let name = String(text.dropFirst(8))
            guard Grammar.isToken(name) else {
                mismatch("systemd:NAME")
                return nil
            }
            return .systemd(name: name)
        }
        guard let colon = text.lastIndex(of: ":") else {
            mismatch(expected, hint: "the port is missing")
            return nil
        }
        guard let host = host(text[..<colon], form: form, expected: expected) else { return nil }
        let digits = text[text.index(after: colon)...]
        guard !digits.isEmpty, digits.utf8.count <= 5, digits.utf8.allSatisfy(\.isDigit), let port = UInt16(digits),
            port > 0 || form == .address
        else {
            mismatch(expected, hint: "a port is a number from \(form == .address ? 0 : 1) to 65535")
            return nil
        }
        return .tcp(host: host, port: port)
    }

    private func host(_ text: Substring, form: HostForm, expected: String) -> String? {
        if text.hasPrefix("["), text.hasSuffix("]"), Grammar.isIPv6(text.dropFirst().dropLast()) {
            return String(text.dropFirst().dropLast()).lowercased()
        }
        if Grammar.isIPv4(text) { return String(text) }
        if text.contains(":"), !text.hasPrefix("[") {
            mismatch(expected, hint: "an IPv6 address goes between brackets: [::1]:8443")
            return nil
        }
        let looksNumeric = !text.isEmpty && text.utf8.allSatisfy { $0.isDigit || $0 == UInt8(ascii: ".") }
        guard form == .addressOrName, !looksNumeric, Grammar.isHostName(String(text)) else {
            let isName = form == .address && Grammar.isHostName(String(text)) && !looksNumeric
            mismatch(
                expected,
                hint: isName ? "write the IP address: 127.0.0.1 for localhost, 0.0.0.0 for every interface" : nil)
            return nil
        }
        return text.lowercased()
    }

    private func unixSocket(_ path: String) -> Endpoint? {
        guard !path.isEmpty, path != "/" else {
            mismatch("unix:PATH")
            return nil
        }
        let resolved = context.resolve(path)
        // sun_path has 108 bytes, the terminating NUL included.
        guard resolved.utf8.count <= 107 else {
            error("\(key.quoted): a Unix socket's path has at most 107 bytes, this one \(resolved.utf8.count)")
            return nil
        }
        return .unix(path: resolved)
    }
}
