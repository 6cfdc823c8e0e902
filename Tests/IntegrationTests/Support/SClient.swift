import Foundation

/// A conversation of the real `openssl s_client` with a gateway.
struct SClient {
    let output: String
    let errors: String

    /// The number of the fatal alert that it was sent, if any.
    var alert: Int? {
        guard let range = errors.range(of: "SSL alert number ") else { return nil }
        return Int(errors[range.upperBound...].prefix { $0.isNumber })
    }

    /// Whether a session was resumed.
    var isResumed: Bool { output.contains("Reused, ") }

    /// The status of the answer, if there was one.
    var status: Int? {
        guard let range = output.range(of: "HTTP/1.1 ") else { return nil }
        return Int(output[range.upperBound...].prefix { $0.isNumber })
    }

    /// Which certificates are sent.
    enum Chain {
        /// The first of the file.
        case leafAlone
        /// All of the file.
        case whole
        /// The leaf, then what is in another file.
        case others(String)
    }

    /// Connects, sends `request`, and waits for the end.
    init(
        _ gateway: Gateway, as caller: String? = "callers/org-auth-cli", chain: Chain = .whole,
        version: String = "-tls1_3", request: String = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        name: String? = "localhost", _ arguments: [String] = []
    ) throws {
        var all = ["s_client", "-connect", "127.0.0.1:\(gateway.port)", "-ign_eof", version]
        all += ["-CAfile", "\(gateway.setup.folder)/trust/root.pem"]
        all += name.map { ["-servername", $0] } ?? ["-noservername"]
        // The callers' side may be as weak as a test needs.
        if !arguments.contains("-cipher") { all += ["-cipher", "DEFAULT@SECLEVEL=0"] }
        if let caller {
            let file = "\(gateway.setup.folder)/\(caller)"
            all += ["-cert", "\(file).pem", "-key", "\(file).key"]
            switch chain {
            case .leafAlone: break
            case .whole: all += ["-cert_chain", "\(file).pem"]
            case .others(let path): all += ["-cert_chain", path]
            }
        }
        let result = try run("openssl", all + arguments, input: Array(request.utf8))
        output = result.text
        errors = result.errors
    }
}
