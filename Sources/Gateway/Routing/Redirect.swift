internal import Configuration
internal import HTTP

/// Where a route sends its callers instead, as a worker composes it.
///
/// What a caller wrote comes in as a host that was parsed, a path that was normalised, and a query whose bytes are
/// encoded where a URI may not hold them: no byte of it can end the field or change the host.
struct Redirect: Sendable {
    private enum Piece: Sendable {
        case text([UInt8])
        case host
        case path
        case query
    }

    let status: Status
    private let pieces: [Piece]

    init(_ configuration: RedirectConfiguration) {
        status = Status(rawValue: UInt16(clamping: configuration.status))
        pieces = configuration.target.map { piece in
            switch piece {
            case .text(let text): .text(Array(text.utf8))
            case .host: .host
            case .path: .path
            case .query: .query
            }
        }
    }

    /// The value of Location for a request; nil when a host is needed and the request names none.
    func location(of request: RequestHead, path: Span<UInt8>, without prefix: [UInt8]) -> [UInt8]? {
        let arena = request.fields.arena.span
        var location: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .text(let text):
                location.append(contentsOf: text)
            case .host:
                guard let range = request.authority, let authority = Authority(range, in: arena),
                    !authority.host.isEmpty
                else { return nil }
                location.append(copying: arena.extracting(authority.host))
            case .path:
                append(path, without: prefix, to: &location)
            case .query:
                guard let query = request.query else { continue }
                location.append(UInt8(ascii: "?"))
                Self.append(query: arena.extracting(query), to: &location)
            }
        }
        return location
    }

    private func append(_ path: Span<UInt8>, without prefix: [UInt8], to location: inout [UInt8]) {
        var start = 0
        if path.count >= prefix.count {
            var isPrefixed = true
            for index in prefix.indices where path[index] != prefix[index] { isPrefixed = false }
            if isPrefixed { start = prefix.count }
        }
        // What stands behind a host must not run into its name.
        if start == path.count || path[start] != UInt8(ascii: "/") { location.append(UInt8(ascii: "/")) }
        location.append(copying: path.extracting(start..<path.count))
    }

    /// RFC 3986 §3.4: what may not stand in a query is percent-encoded; what is encoded already stays.
    private static func append(query: Span<UInt8>, to location: inout [UInt8]) {
        for index in 0..<query.count {
            let byte = query[index]
            if Octet.isUnreserved(byte) || isQueryCharacter(byte) {
                location.append(byte)
            } else {
                location.append(UInt8(ascii: "%"))
                location.append(Octet.hexDigit(byte >> 4))
                location.append(Octet.hexDigit(byte & 0xF))
            }
        }
    }

    private static func isQueryCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "%"), UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "/"), UInt8(ascii: "?"),
            UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "="):
            true
        default: false
        }
    }
}
