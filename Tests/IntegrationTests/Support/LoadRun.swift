import Foundation

/// A run of `poterne load` to its end, and its report.
struct LoadRun {
    let exitCode: Int32?
    let errors: String
    private let report: [String: Any]

    /// Runs it against a gateway, with callers of the gateway's folder of certificates.
    init(_ mode: String, _ gateway: Gateway, _ arguments: [String]) throws {
        let result = try run(
            Product.path,
            [
                "load", mode, "127.0.0.1:\(gateway.port)", "--server-name", "localhost", "--pki", gateway.setup.folder,
                "--callers", "20", "--json",
            ] + arguments)
        exitCode = result.exitCode
        errors = result.errors
        guard !result.output.isEmpty else { throw NoReport(description: result.errors) }
        report = try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any] ?? [:]
    }

    /// A run that ended before it measured anything.
    struct NoReport: Error, CustomStringConvertible {
        let description: String
    }

    /// One of the report's numbers; -1 if there is none.
    subscript(name: String) -> Int { report[name] as? Int ?? -1 }

    /// What attempts of a role came to, and how often.
    func outcomes(of role: String) -> [String: Int] {
        let all = report["outcomes"] as? [[String: Any]] ?? []
        let pairs = all.filter { $0["role"] as? String == role }.compactMap { entry in
            (entry["outcome"] as? String).map { ($0, entry["count"] as? Int ?? -1) }
        }
        return Dictionary(pairs) { $0 + $1 }
    }

    /// GOAWAY frames by their codes.
    var goaways: [String: Int] { report["goaways"] as? [String: Int] ?? [:] }

    /// Attempts in each second.
    var course: [Double] {
        (report["timeline"] as? [[String: Any]] ?? []).map { $0["attemptsPerSecond"] as? Double ?? -1 }
    }
}
