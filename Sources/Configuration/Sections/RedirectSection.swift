extension RedirectConfiguration {
    /// What stands under `redirect`; reports what no browser could follow, and what a caller could turn elsewhere.
    static func read(_ section: Section) -> RedirectConfiguration {
        let status = section["status"].map { readStatus($0) } ?? Defaults.redirectStatus
        let target = section.required("to", hint: "https://www.example.fr{path}{query}").flatMap(readTarget) ?? []
        section.finish()
        return RedirectConfiguration(target: target, status: status)
    }

    private static func readStatus(_ value: Value) -> Int {
        // RFC 9110 §15.4: the others are no redirections to another place.
        let known = [301, 302, 303, 307, 308]
        guard let status = value.integer(in: 301...308) else { return Defaults.redirectStatus }
        if !known.contains(status) {
            value.error(
                "\"status\": \(status) sends nobody anywhere",
                hint: "301 and 308 for ever, 302 and 307 for now, 303 to GET something else")
        }
        return status
    }

    private static func readTarget(_ value: Value) -> [Piece]? {
        guard let text = value.text("an address: https://HOST{path}{query}") else { return nil }
        guard text.utf8.count <= Limits.redirectTarget else {
            value.error("\"to\" is longer than \(Limits.redirectTarget) bytes")
            return nil
        }
        guard let pieces = pieces(of: text, in: value) else { return nil }
        if let fault = fault(of: pieces) {
            value.error("\"to\": \(fault)", hint: "for example https://www.example.fr{path}{query}, or /elsewhere")
            return nil
        }
        return pieces
    }

    private static func pieces(of text: String, in value: Value) -> [Piece]? {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { pieces.append(.text(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                value.error("\"to\": a \"{\" is not closed")
                return nil
            }
            let name = String(rest[rest.index(after: open)..<close])
            switch name {
            case "host": pieces.append(.host)
            case "path": pieces.append(.path)
            case "query": pieces.append(.query)
            default:
                value.findings.unknown("placeholder", name, at: value.location, among: ["host", "path", "query"])
                return nil
            }
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        return pieces
    }

    /// Why the pieces make no target; nil when they do.
    private static func fault(of pieces: [Piece]) -> String? {
        var before = ""
        for piece in pieces {
            switch piece {
            case .text(let text):
                guard text.utf8.allSatisfy(isTargetCharacter) else {
                    return "holds characters that must be percent-encoded"
                }
                before += text
            case .host:
                guard before == "https://" || before == "http://" else { return "{host} stands behind https:// only" }
                before += "host"
            case .path:
                // `/{path}` would begin with two slashes, which is another host's name.
                guard !before.hasSuffix("/") else { return "{path} brings its own \"/\", and there is one already" }
                guard !before.contains("#") else { return "{path} cannot stand in a fragment" }
                guard !before.contains("?") else { return "{path} cannot stand in a query" }
                before += "/path"
            case .query:
                guard !before.isEmpty, !before.contains("?"), !before.contains("#") else {
                    return "{query} brings its own \"?\", and there is one already"
                }
                before += "?query"
            }
        }
        return faultOfBeginning(before)
    }

    private static func hostAndRest(of text: String) -> Substring? {
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) { return text.dropFirst(scheme.count) }
        return nil
    }

    private static func faultOfBeginning(_ text: String) -> String? {
        guard let rest = hostAndRest(of: text) else {
            guard text.hasPrefix("/"), !text.hasPrefix("//"), !text.hasPrefix("/\\") else {
                return "begins with https://, http:// or one \"/\""
            }
            return nil
        }
        let authority = rest.prefix { !"/?#".contains($0) }
        var host = String(authority)
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            let port = authority[authority.index(after: colon)...]
            guard let number = Int(port), (1...65_535).contains(number) else {
                return "\(port.debugDescription) is no port"
            }
            host = String(authority[..<colon])
        }
        let isAddress = host.hasPrefix("[") && host.hasSuffix("]") && Grammar.isIPv6(host.dropFirst().dropLast())
        guard isAddress || Grammar.isHostName(host) else { return "\(host.debugDescription) is no host" }
        return nil
    }

    /// RFC 3986 §2: what may stand in a URI.
    private static func isTargetCharacter(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || "-._~:/?#[]@!$&'()*+,;=%".utf8.contains(byte)
    }
}

extension ConcurrencyConfiguration {
    static func read(_ section: Section) -> ConcurrencyConfiguration {
        let limit = ConcurrencyConfiguration(
            requests: section.required("requests")?.integer(in: Limits.counted) ?? 1,
            key: section["by"]?.choice() ?? Defaults.rateLimitKey)
        section.finish()
        return limit
    }
}
