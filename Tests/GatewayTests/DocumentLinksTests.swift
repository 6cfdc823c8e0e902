import Foundation
import Testing

/// The documents lead to each other by file and heading, and both get renamed.
@Suite("Links of the documents")
struct DocumentLinksTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL

    private static let documents: [String] = {
        let manager = FileManager.default
        let top = (try? manager.contentsOfDirectory(atPath: root.path)) ?? []
        let docs = manager.enumerator(atPath: root.appending(path: "docs").path)?.compactMap { $0 as? String } ?? []
        return (top + docs.map { "docs/\($0)" } + ["certs-test/README.md"]).filter { $0.hasSuffix(".md") }.sorted()
    }()

    private static func text(_ file: URL) throws -> String {
        try String(contentsOf: file, encoding: .utf8)
    }

    /// The fragments that a page answers to: its headings, as they are made into fragments everywhere, and anchors.
    private static func fragments(of page: URL) throws -> Set<String> {
        let text = try text(page)
        var times: [String: Int] = [:]
        var fragments = Set(text.matches(of: /<a id="([^"]+)"/).map { String($0.output.1) })
        for heading in text.replacing(/```[\s\S]*?```/, with: "").matches(of: /(?m)^#+ (.*)$/) {
            let words = String(heading.output.1.replacing(/\[([^\]]*)\]\([^)]*\)/) { $0.output.1 }).lowercased()
            let fragment = words.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }
                .replacing(" ", with: "-")
            let count = times[fragment, default: 0]
            times[fragment] = count + 1
            fragments.insert(count == 0 ? fragment : "\(fragment)-\(count)")
        }
        return fragments
    }

    @Test("lead to files and headings that are there", arguments: documents)
    func linksLead(_ document: String) throws {
        let page = Self.root.appending(path: document)
        let prose = try Self.text(page).replacing(/```[\s\S]*?```/, with: "")
        for match in prose.matches(of: /\]\(([^)\s]+)\)/) where !match.output.1.hasPrefix("http") {
            let link = match.output.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let target =
                link[0].isEmpty
                ? page : page.deletingLastPathComponent().appending(path: String(link[0])).standardizedFileURL
            #expect(FileManager.default.fileExists(atPath: target.path), "\(match.output.1)")
            if link.count == 2, target.pathExtension == "md" {
                #expect(try Self.fragments(of: target).contains(String(link[1])), "\(match.output.1)")
            }
        }
    }

    /// What the two READMEs must have in common: configuration, commands, reasons, and how deep their headings are.
    private static let shared: [String] = [
        #"```yaml\n([\s\S]*?)```"#, #"```\n(\$[\s\S]*?)```"#, #"(?m)^\|[^|]*\|[^|]*\| `([a-z_]+)`"#, "(?m)^(##*) ",
    ]

    @Test("and the two READMEs have the same configuration, commands, reasons and sections", arguments: shared)
    func readmes(_ pattern: String) throws {
        let regex = try Regex(pattern, as: (Substring, Substring).self)
        let english = try Self.text(Self.root.appending(path: "README.md")).matches(of: regex).map { $0.output.1 }
        let french = try Self.text(Self.root.appending(path: "README.fr.md")).matches(of: regex).map { $0.output.1 }
        #expect(!english.isEmpty)
        #expect(english == french)
    }
}
