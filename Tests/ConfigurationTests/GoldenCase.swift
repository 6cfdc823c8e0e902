import Foundation
import Testing

@testable import Configuration

/// One file of `cases/`: a configuration, a line `---8<---`, and what comes of it.
///
/// Below the line stand, in any order, every diagnostic (`line:column: severity: message (hint)`) and any number of
/// facts about the model (`listeners[0].maxConnections = 10000`). Comments in the configuration may say
/// `# env: NAME=value`, and `# supported: all` to read what this version refuses. Adding a case is adding a file; with
/// `POTERNE_RECORD_CASES` set, cases without anything below their line get what came of them, to be looked at.
struct GoldenCase: CustomTestStringConvertible, Sendable {
    static let divider = "---8<---"

    let url: URL
    let text: String
    let expected: [String]

    var testDescription: String { url.deletingPathExtension().lastPathComponent }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "cases")

    static let all: [GoldenCase] = {
        let urls = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return urls.filter { $0.pathExtension == "yaml" }.sorted { $0.path < $1.path }.compactMap(GoldenCase.init)
    }()

    init?(url: URL) {
        guard let content = try? String(contentsOf: url, encoding: .utf8) else { return nil }
        let halves = content.split(separator: Self.divider + "\n", maxSplits: 1, omittingEmptySubsequences: false)
        self.url = url
        text = String(halves.first ?? "")
        expected = halves.count == 2 ? halves[1].split(separator: "\n").map(String.init) : []
    }

    /// What comes of the configuration.
    func outcome() -> (diagnostics: [String], facts: [String]) {
        var environment: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("# env: ") {
            let pair = line.dropFirst(7).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            environment[String(pair[0])] = pair.count == 2 ? String(pair[1]) : ""
        }
        do throws(ConfigurationErrors) {
            let model = try GatewayConfiguration.parse(
                text, file: "conf/case.yaml", environment: environment,
                unsupported: text.contains("# supported: all\n") ? .none : .current)
            return (model.warnings.map(\.description), ModelFacts.of(model))
        } catch {
            return (error.diagnostics.map(\.description), [])
        }
    }

    func record(_ lines: [String]) throws {
        try (text + Self.divider + "\n" + lines.map { $0 + "\n" }.joined()).write(
            to: url, atomically: true, encoding: .utf8)
    }
}

/// A model as lines `path = value`, so that cases can state facts about it without code.
enum ModelFacts {
    static func of(_ model: GatewayConfiguration) -> [String] { facts(of: model, at: "") }

    private static func facts(of value: Any, at path: String) -> [String] {
        switch value {
        case let file as FileReference: return ["\(path) = \(file.path)"]
        case let duration as Duration: return ["\(path) = \(DurationForm.text(duration))"]
        case let endpoint as Endpoint: return ["\(path) = \(endpoint)"]
        case let raw as any RawRepresentable<String>: return ["\(path) = \(raw.rawValue)"]
        case let conditions as Set<RetryConfiguration.Condition>:
            return ["\(path) = \(conditions.map(\.rawValue).sorted().joined(separator: " "))"]
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional:
            guard let child = mirror.children.first else { return ["\(path) = nil"] }
            return facts(of: child.value, at: path)
        case .collection:
            if mirror.children.isEmpty { return ["\(path) = []"] }
            return mirror.children.enumerated().flatMap { facts(of: $0.element.value, at: "\(path)[\($0.offset)]") }
        case .struct, .enum, .tuple:
            if mirror.children.isEmpty { return ["\(path) = \(value)"] }
            return mirror.children.flatMap { child -> [String] in
                guard let label = child.label, !label.lowercased().hasSuffix("location"), label != "warnings" else {
                    return []
                }
                return facts(of: child.value, at: path.isEmpty ? label : "\(path).\(label)")
            }
        default: return ["\(path) = \(value)"]
        }
    }
}
