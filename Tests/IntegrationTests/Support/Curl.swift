import Foundation

/// A call of the real curl.
struct Curl {
    /// curl's exit code; 0 when there was an answer.
    let exitCode: Int32
    let status: Int
    let fields: [Field]
    let body: [UInt8]
    /// What it said on standard error; a TLS alert by its name.
    let errors: String

    var text: String { String(decoding: body, as: UTF8.self) }

    /// Calls a gateway with a caller's certificate, or none, and more arguments of curl's own.
    init(
        _ gateway: Gateway, _ path: String = "/", as caller: String? = "callers/org-auth-cli",
        host: String = "localhost", _ arguments: [String] = []
    ) throws {
        let folder = try TestFolder()
        var all = [
            "--silent", "--show-error", "--noproxy", "*", "--max-time", "50", "--path-as-is", "--http1.1",
            "--resolve", "\(host):\(gateway.port):127.0.0.1", "--cacert", "\(gateway.setup.folder)/trust/root.pem",
            "--dump-header", folder["head"], "--output", folder["body"],
        ]
        if let caller {
            let file = caller.hasPrefix("/") ? caller : "\(gateway.setup.folder)/\(caller)"
            all += ["--cert", "\(file).pem", "--key", "\(file).key"]
        }
        let result = try run("curl", all + arguments + ["https://\(host):\(gateway.port)\(path)"])
        exitCode = result.exitCode ?? -1
        errors = result.errors
        body = (try? contents(of: folder["body"])) ?? []
        // The last head counts: informational ones come before it.
        let heads = folder.text("head").components(separatedBy: "\r\n\r\n").filter { !$0.isEmpty }
        let lines = (heads.last ?? "").components(separatedBy: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        fields = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            return Field(
                name: String(line[..<colon]),
                value: line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
        }
    }
}
