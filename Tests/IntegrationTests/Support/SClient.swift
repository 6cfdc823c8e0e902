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
    }

    /// One that is under way: several at a time cost less, since after an alert openssl lingers for half a second.
    final class Pending {
        private let folder: TestFolder
        private let child: ChildProcess
        /// An open end of a FIFO is an input that does not end, as a keyboard is.
        private let keyboard: FileHandle?

        /// Connects, and sends `request` once the handshake is over.
        init(
            _ gateway: Gateway, as caller: String? = "callers/org-auth-cli", chain: Chain = .whole,
            version: String = "-tls1_3",
            request: String = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            name: String? = "localhost", isInteractive: Bool = false, _ arguments: [String] = []
        ) throws {
            var all = ["s_client", "-connect", "127.0.0.1:\(gateway.port)", version]
            if !isInteractive { all.append("-ign_eof") }
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
                }
            }
            let folder = try TestFolder()
            let input = folder["input"]
            if isInteractive {
                guard unsafe mkfifo(input, 0o600) == 0 else { throw SystemCallFailed(call: "mkfifo", number: errno) }
                keyboard = FileHandle(forUpdatingAtPath: input)
                try keyboard?.write(contentsOf: Data(request.utf8))
            } else {
                keyboard = nil
                try folder.write(request, to: "input")
            }
            self.folder = folder
            child = try ChildProcess(
                "openssl", all + arguments, input: input, output: folder["output"], errors: folder["errors"])
        }

        /// Waits for the end.
        func finish() throws -> SClient {
            try child.wait()
            let output = String(decoding: try contents(of: folder["output"]), as: UTF8.self)
            return SClient(output: output, errors: folder.text("errors"))
        }
    }

    private init(output: String, errors: String) {
        self.output = output
        self.errors = errors
    }

    /// Connects, sends `request`, and waits for the end.
    init(
        _ gateway: Gateway, as caller: String? = "callers/org-auth-cli", chain: Chain = .whole,
        version: String = "-tls1_3", request: String = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        name: String? = "localhost", isInteractive: Bool = false, _ arguments: [String] = []
    ) throws {
        self = try Pending(
            gateway, as: caller, chain: chain, version: version, request: request, name: name,
            isInteractive: isInteractive, arguments
        ).finish()
    }
}
