import Foundation

/// A running `h2_server.py`: an upstream of HTTP/2 that records what it is sent, and does what the path says.
final class H2Server {
    private let server: PythonServer

    /// Starts one.
    init(_ arguments: [String] = []) throws {
        guard let packages = Python.h2 else { throw NotInTime(description: "h2 cannot be had from PyPI") }
        server = try PythonServer("h2_server.py", packages: packages, arguments)
    }

    var port: UInt16 { server.port }

    /// Ends it, without a word to those who are connected.
    func stop() { server.process.kill() }

    /// A request that came whole.
    struct Request {
        let fields: [Field]
        let bodyBytes: Int
        let trailers: [Field]
    }

    var requests: [Request] {
        events.compactMap { event in
            guard let request = event["request"] as? [String: Any] else { return nil }
            return Request(
                fields: Self.fields(request["headers"]), bodyBytes: request["body"] as? Int ?? -1,
                trailers: Self.fields(request["trailers"]))
        }
    }

    /// The codes of the streams that the gateway reset.
    var resets: [Int] { events.compactMap { $0["reset"] as? Int } }

    /// How many connections were made, handshakes included.
    var connections: Int { events.count { $0["connection"] != nil } }

    /// Whether a request to this path has begun.
    func hasBegun(_ path: String) -> Bool { events.contains { $0["begun"] as? String == path } }

    /// The common names of the certificates that the gateway showed.
    var clients: [String] { events.flatMap { $0["client"] as? [String] ?? [] } }

    /// What it could not make sense of.
    var faults: [String] { events.compactMap { $0["error"] as? String } }

    private var events: [[String: Any]] {
        server.lines.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    }

    private static func fields(_ pairs: Any?) -> [Field] {
        (pairs as? [[String]] ?? []).map { Field(name: $0[0], value: $0[1]) }
    }
}
