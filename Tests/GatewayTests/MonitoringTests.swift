import Foundation
import Testing

/// What `conf/monitoring` asks of Prometheus: an alert on a metric that nobody exports never fires, and no one notices.
@Suite("Alert rules and dashboard")
struct MonitoringTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..")
    private static let files = ["poterne.rules.yaml", "poterne.rules.test.yaml", "poterne-dashboard.json"]

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The sources of the gateway that declare metrics, one after the other.
    private static func declarations() throws -> String {
        let folder = root.appending(path: "Sources/Gateway")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return try (files?.allObjects ?? []).compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
            .map { try String(contentsOf: $0, encoding: .utf8) }.filter { $0.contains("MetricFamily(") }.joined()
    }

    /// The names under which samples are exported; a histogram has three.
    private static func exportedNames() throws -> Set<String> {
        var names: Set<String> = []
        for family in try declarations().matches(
            of: /MetricFamily\(\s*"((?:poterne|process)_[a-z0-9_]+)",\s*\.([a-z]+)/)
        {
            let name = String(family.output.1)
            names.formUnion(
                family.output.2 == "histogram" ? ["_bucket", "_sum", "_count"].map { name + $0 } : [name])
        }
        return names
    }

    @Test("name only metrics that are exported", arguments: files)
    func metricsExist(_ file: String) throws {
        let exported = try Self.exportedNames()
        let text = try Self.text("conf/monitoring/\(file)")
        let named = Set(text.matches(of: /\b(?:poterne|process)_[a-z0-9_]+/).map { String($0.output) })
        #expect(!named.isEmpty)
        #expect(named.subtracting(exported).sorted() == [])
    }

    @Test("compare reasons with codes that exist", arguments: files)
    func reasonsExist(_ file: String) throws {
        let manual = try Self.text("docs/refusals.md")
        for match in try Self.text("conf/monitoring/\(file)").matches(of: /reason=~?\\?"([a-z_|]+)\\?"/) {
            for reason in match.output.1.split(separator: "|") {
                #expect(manual.contains("### \(reason)\n") || manual.contains("<a id=\"\(reason)\"></a>"), "\(reason)")
            }
        }
    }

    @Test("point at sections of the manual that exist")
    func runbooksExist() throws {
        let headings = try Self.text("docs/operations.md").matches(of: /(?m)^#+ (.*)$/).map {
            String($0.output.1).lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
                .replacing(" ", with: "-")
        }
        let links = try Self.text("conf/monitoring/poterne.rules.yaml").matches(of: /operations\.md#([a-z0-9-]+)/)
        #expect(!links.isEmpty)
        for link in links { #expect(headings.contains(String(link.output.1)), "\(link.output.1)") }
    }

    @Test("are valid JSON, the dashboard is")
    func dashboardIsJSON() throws {
        let data = try Data(contentsOf: Self.root.appending(path: "conf/monitoring/poterne-dashboard.json"))
        let dashboard = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect((dashboard["panels"] as? [Any])?.isEmpty == false)
    }
}
