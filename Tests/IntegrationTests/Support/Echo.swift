import Foundation

/// A running `poterne echo`.
final class Echo {
    let process: ChildProcess
    let port: UInt16
    private let folder: TestFolder

    /// Starts one and waits until it listens.
    init() throws {
        folder = try TestFolder()
        process = try ChildProcess(
            Product.path, ["echo", "--address", "127.0.0.1:0"], output: folder["output"], errors: folder["errors"])
        let (folder, process) = (folder, process)
        port = try eventually("the echo upstream listens") {
            guard process.isRunning else { throw Gateway.CannotServe(log: folder.text("errors")) }
            let line = folder.text("output").split(separator: "\n").first { $0.contains("listening on") }
            return line?.split(separator: ":").last.flatMap { UInt16($0) }
        }
    }

    /// What it says of a request.
    struct Reply {
        let method: String
        let path: String
        let fields: [Field]
        let bodyBytes: Int

        init?(_ json: String) {
            guard let object = LogLine(json), let method = object["method"], let path = object["path"] else {
                return nil
            }
            self.method = method
            self.path = path
            fields = object.pairs("headers")
            bodyBytes = object["body_bytes"].flatMap { Int($0) } ?? -1
        }
    }
}
