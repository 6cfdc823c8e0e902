import Foundation

/// A running `otlp_collector.py`: takes spans, reads them by OpenTelemetry's own protocol, and says what they are.
final class Collector {
    private let server: PythonServer

    /// Starts one that answers in this manner: `take`, or another of `otlp_collector.py`.
    init(_ manner: String = "take") throws {
        guard let packages = Python.openTelemetry else {
            throw NotInTime(description: "opentelemetry-proto cannot be had from PyPI")
        }
        server = try PythonServer("otlp_collector.py", packages: packages, [manner])
    }

    var endpoint: String { "http://127.0.0.1:\(server.port)/v1/traces" }

    /// A span that it has taken.
    struct Span {
        let trace: String
        let span: String
        /// Empty for the first one of a trace.
        let parent: String
        let state: String
        let flags: Int
        let name: String
        let isServer: Bool
        let start: UInt64
        let end: UInt64
        let isError: Bool
        let authorization: String
        private let attributes: [String: Any]
        private let resource: [String: Any]

        init?(_ event: [String: Any]) {
            guard let trace = event["trace"] as? String, let span = event["span"] as? String,
                let kind = event["kind"] as? Int, kind == 2 || kind == 3, let start = event["start"] as? UInt64,
                let end = event["end"] as? UInt64, let status = event["status"] as? Int
            else { return nil }
            self.trace = trace
            self.span = span
            self.start = start
            self.end = end
            isServer = kind == 2
            isError = status == 2
            parent = event["parent"] as? String ?? ""
            state = event["state"] as? String ?? ""
            flags = event["flags"] as? Int ?? 0
            name = event["name"] as? String ?? ""
            authorization = event["authorization"] as? String ?? ""
            attributes = event["attributes"] as? [String: Any] ?? [:]
            resource = event["resource"] as? [String: Any] ?? [:]
        }

        /// An attribute as text.
        subscript(key: String) -> String? { attributes[key].map { "\($0)" } }

        /// An attribute of whose span it is.
        func resource(_ key: String) -> String? { resource[key].map { "\($0)" } }
    }

    private var events: [[String: Any]] {
        server.lines.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    }

    var spans: [Span] { events.compactMap(Span.init) }

    /// What it could not make sense of.
    var faults: [String] { events.compactMap { $0["error"] as? String } }

    /// How many requests it did not take.
    var refusals: Int { events.count { $0["refused"] != nil } }

    /// Waits until it has so many spans.
    func spans(_ count: Int) throws -> [Span] {
        try eventually("\(count) spans") {
            let spans = self.spans
            return spans.count >= count ? spans : nil
        }
    }
}
