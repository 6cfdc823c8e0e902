/// Where a CRL is got from.
///
/// Always from the configuration, never from a certificate.
public enum RevocationSource: Hashable, Sendable {
    /// An `http:` or `https:` URL.
    case http(String)
    /// An `ldap:` or `ldaps:` URL.
    case ldap(String)
    /// A file, by path.
    case file(String)

    /// Reads a URL with one of the schemes `http`, `https`, `ldap`, `ldaps` and `file`; nil for another, for control
    /// characters and blanks, and for a `file:` URL of another machine.
    public init?(_ url: String) {
        guard !url.isEmpty, url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            let colon = url.utf8.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        let rest = url[url.utf8.index(after: colon)...]
        switch url[..<colon].lowercased() {
        case "http", "https":
            guard rest.hasPrefix("//"), rest.utf8.count > 2 else { return nil }
            self = .http(url)
        case "ldap", "ldaps":
            guard rest.hasPrefix("//"), rest.utf8.count > 2 else { return nil }
            self = .ldap(url)
        case "file":
            // file:crl/x.crl, file:/crl/x.crl and file:///crl/x.crl.
            let path = rest.hasPrefix("//") ? rest.dropFirst(2) : rest
            guard !path.isEmpty, !rest.hasPrefix("//") || path.hasPrefix("/") else { return nil }
            self = .file(String(path))
        default:
            return nil
        }
    }
}

extension RevocationSource: CustomStringConvertible {
    /// The URL.
    public var description: String {
        switch self {
        case .http(let url), .ldap(let url): url
        case .file(let path): "file:\(path)"
        }
    }
}
