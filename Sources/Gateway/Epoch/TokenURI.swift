/// A key in a PKCS#11 token, by RFC 7512: `pkcs11:token=…;object=…?pin-source=file:…&module-path=…`.
struct TokenURI: Equatable {
    /// The path of the URI alone: which token, which object.
    let key: String
    /// `pin-source`: the file with the PIN.
    let pinFile: String?
    /// `module-path`: the token's library; nil for the one that the system has configured.
    let module: String?

    /// Reads it; nil where it names no object, or asks in its query for what is not known.
    init?(_ text: String) {
        guard text.hasPrefix("pkcs11:") else { return nil }
        let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        key = String(halves[0])
        let names = key.dropFirst(7).split(separator: ";").map { $0.prefix { $0 != "=" } }
        guard names.contains("object") || names.contains("id") else { return nil }
        var pinFile: String?
        var module: String?
        for item in halves.count > 1 ? halves[1].split(separator: "&") : [] {
            let pair = item.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let value = Self.decoded(pair[1]) else { return nil }
            switch pair[0] {
            // RFC 7512 §2.4: a file's URI or its bare path; `|command` and other schemes are not followed.
            case "pin-source":
                let path = value.hasPrefix("file:") ? String(value.dropFirst(5)) : value
                guard path.hasPrefix("/") else { return nil }
                pinFile = path.hasPrefix("//") ? "/" + path.drop { $0 == "/" } : path
            case "module-path":
                guard value.hasPrefix("/") else { return nil }
                module = value
            default: return nil
            }
        }
        self.pinFile = pinFile
        self.module = module
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let next = rest.popFirst() {
            guard next == UInt8(ascii: "%") else {
                bytes.append(next)
                continue
            }
            guard rest.count >= 2, let byte = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
