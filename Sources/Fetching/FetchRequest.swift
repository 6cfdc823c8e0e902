/// What is asked of a server, once.
package struct FetchRequest: Sendable {
    /// What is done there.
    enum Errand: Sendable {
        /// A document is got over HTTP, on condition that it is another one than before if the validators are known.
        case document(Validators?, redirects: Redirects)
        /// An entry of a directory is read over LDAP.
        case entry
        /// Something is sent over HTTP. No redirect is followed: what is sent is for that server.
        case post([UInt8], mediaType: String)
    }

    /// Where redirects may lead.
    enum Redirects: Sendable {
        case anywhere
        /// Not from TLS into the clear.
        case secureOnly
    }

    let url: String
    let errand: Errand
    /// For the whole of it, the connection included.
    let timeoutSeconds: Int64
    /// Bytes of the answer's body.
    let limit: Int
    /// A file of CAs to trust instead of the system's.
    var authorities: String?
    /// The URL of a proxy for HTTP.
    var proxy: String?
    var fields: [FetchField] = []
}

extension FetchRequest {
    /// A document that proves by itself whose it is, such as a CRL: wherever a redirect leads is good enough.
    package init(
        signedDocument url: String, proxy: String?, timeoutSeconds: Int64, limit: Int, validators: Validators?
    ) {
        self.init(
            url: url, errand: .document(validators, redirects: .anywhere), timeoutSeconds: timeoutSeconds,
            limit: limit, proxy: proxy)
    }

    /// A document of a web server's, which is believed because of where it comes from.
    package init(
        document url: String, authorities: String?, timeoutSeconds: Int64, limit: Int, validators: Validators?
    ) {
        let isSecure = url.lowercased().hasPrefix("https:")
        self.init(
            url: url, errand: .document(validators, redirects: isSecure ? .secureOnly : .anywhere),
            timeoutSeconds: timeoutSeconds, limit: limit, authorities: authorities)
    }

    /// An entry of a directory, by its `ldap:` or `ldaps:` URL.
    package init(entry url: String, timeoutSeconds: Int64, limit: Int) {
        self.init(url: url, errand: .entry, timeoutSeconds: timeoutSeconds, limit: limit)
    }

    /// A POST of a body to an `http:` or `https:` URL; a status of 2xx means that it was taken.
    ///
    /// - Parameters:
    ///   - body: what is sent.
    ///   - mediaType: its Content-Type.
    ///   - url: where to.
    ///   - fields: more header fields, such as Authorization.
    ///   - authorities: a PEM file of the CAs to trust instead of the system's.
    ///   - timeoutSeconds: for the whole of it.
    ///   - limit: bytes of the answer's body.
    package init(
        post body: [UInt8], mediaType: String, to url: String, fields: [FetchField] = [], authorities: String?,
        timeoutSeconds: Int64, limit: Int
    ) {
        self.init(
            url: url, errand: .post(body, mediaType: mediaType), timeoutSeconds: timeoutSeconds, limit: limit,
            authorities: authorities, fields: fields)
    }
}

/// A header field that is sent.
package struct FetchField: Hashable, Sendable {
    let name: String
    let value: String

    /// A field; nil for a name that is no token and a value with control characters, neither of which may reach a server
    /// (RFC 9110 §5.5, §5.6.2).
    package init?(_ name: String, _ value: String) {
        let marks = Array("!#$%&'*+-.^_`|~".utf8)
        guard !name.isEmpty,
            name.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || marks.contains(byte)
            }), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
        else { return nil }
        self.name = name
        self.value = value
    }

    /// As libcurl wants it: a name alone has another mark, since a colon with nothing behind it takes a field away.
    var line: String { value.isEmpty ? "\(name);" : "\(name): \(value)" }
}

/// What a server said of a body so that we may ask whether there is another (RFC 9110 §8.8).
package struct Validators: Hashable, Sendable {
    var entityTag: String?
    var lastModified: String?

    /// Of a body of which nothing was said.
    package init() {}

    /// Whether nothing was said.
    package var isEmpty: Bool { entityTag == nil && lastModified == nil }
}

/// What a fetch came to.
package enum FetchOutcome: Sendable {
    /// The document, the entry, or what was answered to something that was sent and taken.
    case body([UInt8], Validators)
    /// The document is the one that is known.
    case notModified
    case failed(FetchError)
}
