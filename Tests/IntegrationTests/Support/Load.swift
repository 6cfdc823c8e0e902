import Foundation

/// A running `poterne load`, and what it reports at its end.
final class Load {
    private let process: ChildProcess
    private let folder: TestFolder

    /// Starts keep-alive requests of callers of the folder of certificates.
    init(
        _ gateway: Gateway, mode: String = "request", rate: Int, seconds: Int, connections: Int = 16,
        _ arguments: [String] = []
    ) throws {
        folder = try TestFolder()
        process = try ChildProcess(
            Product.path,
            [
                "load", mode, "127.0.0.1:\(gateway.port)", "--server-name", "localhost", "--pki", gateway.setup.folder,
                "--rate", "\(rate)", "--duration", "\(seconds)", "--connections", "\(connections)", "--callers", "50",
                "--json",
            ] + arguments, output: folder["report.json"], errors: folder["errors"])
    }

    /// What came of it.
    struct Report: CustomStringConvertible {
        /// Responses, whatever their status.
        let responses: Int
        /// Attempts that did not come to a good answer.
        let unexpected: Int
        let description: String
    }

    /// Waits for its end.
    func report() throws -> Report {
        _ = try process.wait(within: 60)
        let text = folder.text("report.json")
        guard let line = LogLine(text), let responses = line["responses"].flatMap({ Int($0) }),
            let unexpected = line["unexpected"].flatMap({ Int($0) })
        else { throw NotInTime(description: "a report: \(text) \(folder.text("errors"))") }
        return Report(responses: responses, unexpected: unexpected, description: text)
    }
}
