internal import Crypto
internal import Token

/// How an issuer is asked about tokens that only it can read (RFC 7662), compiled for the workers.
struct IntrospectionPlan: Sendable {
    /// The authorization server.
    let upstream: UpstreamPlan
    /// The head of the question, but for the length of its body and the empty line.
    let head: [UInt8]
    /// How long one question may take, all servers together.
    let timeout: Duration
    /// How long an answer is relied upon at the most.
    let cacheSeconds: Int64

    // The client is for HTTP Basic; nil where the upstream knows the gateway by its TLS certificate.
    init(
        upstream: UpstreamPlan, host: String, path: String, client: (identifier: String, secret: [UInt8])?,
        timeout: Duration, cacheSeconds: Int64
    ) {
        self.upstream = upstream
        self.timeout = timeout
        self.cacheSeconds = cacheSeconds
        var lines = [
            "POST \(path) HTTP/1.1", "Host: \(host)", "User-Agent: poterne", "Accept: application/json",
            "Content-Type: application/x-www-form-urlencoded", "Connection: close",
        ]
        if let client {
            // RFC 6749 §2.3.1: id and secret are form-encoded before they are joined.
            var credentials: [UInt8] = []
            Self.append(Array(client.identifier.utf8).span, formEncodedTo: &credentials)
            credentials.append(UInt8(ascii: ":"))
            Self.append(client.secret.span, formEncodedTo: &credentials)
            lines.append("Authorization: Basic \(Base64.encode(credentials.span))")
        }
        head = Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
    }

    /// The question about a token.
    func request(about token: [UInt8]) -> [UInt8] {
        var body = Array("token_type_hint=access_token&token=".utf8)
        Self.append(token.span, formEncodedTo: &body)
        return head + Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
    }

    /// Letters and digits as they are, everything else as `%XX`.
    private static func append(_ bytes: Span<UInt8>, formEncodedTo text: inout [UInt8]) {
        for index in bytes.indices {
            switch bytes[index] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                text.append(bytes[index])
            default:
                text.append(UInt8(ascii: "%"))
                Hexadecimal.append(bytes.extracting(index..<(index + 1)), to: &text, letters: .uppercase)
            }
        }
    }
}
