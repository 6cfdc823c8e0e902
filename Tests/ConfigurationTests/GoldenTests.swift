import Foundation
import Testing

@testable import Configuration

@Suite struct GoldenTests {
    static let isRecording = ProcessInfo.processInfo.environment["POTERNE_RECORD_CASES"] != nil

    @Test func thereAreCases() {
        #expect(GoldenCase.all.count >= 50)
    }

    @Test(arguments: GoldenCase.all)
    func comesOutAsWritten(_ golden: GoldenCase) throws {
        let (diagnostics, facts) = golden.outcome()
        if Self.isRecording, golden.expected.isEmpty {
            try golden.record(diagnostics.isEmpty ? facts : diagnostics)
            return
        }
        let expectedFacts = golden.expected.filter {
            $0.contains(" = ") && !$0.contains(": error: ") && !$0.contains(": warning: ")
        }
        #expect(diagnostics == golden.expected.filter { !expectedFacts.contains($0) })
        for fact in expectedFacts {
            #expect(facts.contains(fact), "\(facts.joined(separator: "\n"))")
        }
        #expect(!golden.expected.isEmpty, "nothing stands below the line")
    }

    /// What the repository offers to copy from must be right; its files are not opened.
    @Test(arguments: ["minimal", "production", "dev", "loadtest"])
    func offeredConfigurationIsTaken(_ name: String) throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
        let path = package.appending(path: "conf/\(name).yaml").path
        let model = try GatewayConfiguration.load(path: path, environment: [:])
        #expect(!model.listeners.isEmpty)
        #expect(model.warnings.isEmpty)
        #expect(model.trusts.allSatisfy { $0.anchors.allSatisfy { $0.path.hasPrefix("/") } })
    }

    /// Every default is what the manual and the commented configuration say: production.yaml writes them all out.
    @Test func productionAgreesWithTheDefaults() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
        let path = package.appending(path: "conf/production.yaml").path
        let model = try GatewayConfiguration.load(path: path, environment: [:])
        let listener = try #require(model.listeners.first)
        #expect(model.workers == Defaults.workers)
        #expect(model.stateDirectory.path == Defaults.stateDirectory)
        #expect(model.expiryWarning == Defaults.expiryWarning)
        #expect(model.drainTimeout == Defaults.drainTimeout)
        #expect(listener.http == HTTPConfiguration.read(nil))
        #expect(listener.maxConnections == Defaults.maxConnections)
        #expect(listener.tls.minVersion == Defaults.minVersion)
        #expect(listener.tls.sessionTickets == .read(nil))
        let path4 = try #require(model.trusts.first?.path)
        #expect(path4 == .read(nil))
        let upstream = try #require(model.upstreams.first)
        #expect(upstream.keepalive == Defaults.keepalive)
        #expect(upstream.maxConnections == Defaults.upstreamMaxConnections)
        #expect(upstream.connectTimeout == Defaults.connectTimeout)
        #expect(upstream.readTimeout == Defaults.readTimeout)
        #expect(upstream.retries == .read(nil))
    }

    /// The manual has a word on every key that production.yaml writes, commented ones included.
    @Test func theManualKnowsEveryKey() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
        let manual = try String(contentsOf: package.appending(path: "docs/configuration.md"), encoding: .utf8)
        let complete = try String(contentsOf: package.appending(path: "conf/production.yaml"), encoding: .utf8)
        let notKeys: Set<String> = ["several", "fhir"]
        var keys: Set<String> = []
        for match in complete.matches(of: /(?:^|[{,#]|- )\s*([a-z0-9_]+):(?:\s|$)/.anchorsMatchLineEndings()) {
            keys.insert(String(match.output.1))
        }
        #expect(keys.count > 80)
        for key in keys.subtracting(notKeys) {
            let isMentioned = manual.contains(try Regex("[`.{ ]\(key)[`:,}\\]\\[]"))
            #expect(isMentioned, "\(key)")
        }
    }
}
