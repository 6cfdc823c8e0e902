import Configuration
import DER
import Foundation
import IGCSante
import Revocation
import Testing
import Trust
import X509

@testable import Gateway

/// `docs/identity-headers.md` shows what upstreams get for the certificate in `docs/examples/identity`: to the byte.
///
/// `POTERNE_RECORD_EXAMPLES=1` writes the examples anew; the page's excerpts are then to be corrected by hand.
@Suite("The examples of identity headers")
struct IdentityExampleTests {
    private static let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../docs")

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: docs.appending(path: path), encoding: .utf8)
    }

    /// The caller of the examples, verified on the day it was made.
    private static func peer() throws -> VerifiedPeer {
        let certificates = try CertificateFile.certificates(in: Array(text("examples/identity/caller.pem").utf8))
        try #require(certificates.count == 3)
        let trust = try TrustSnapshot(
            TrustSettings(
                name: "example", environment: .test, anchors: [certificates[2]], issuers: [certificates[1]],
                revocation: .off))
        let moment = try #require(Timestamp(rfc3339: "2026-11-24T12:00:00Z"))
        return try PeerVerifier(trust: trust, accepted: .only([.orgAuthCli]))
            .verify(leaf: certificates[0], presented: [], revocation: .empty, now: moment)
    }

    private static func lines(of preset: IdentityConfiguration.Preset) throws -> String {
        var writer = IdentityWriter(try peer())
        writer.write(.preset(preset))
        return String(decoding: writer.lines, as: UTF8.self)
    }

    /// A line as the page shows it: long ones with the middle left out.
    private static func excerpt(_ line: Substring) -> String {
        line.count <= 110 ? String(line) : "\(line.prefix(72))…\(line.suffix(24))"
    }

    @Test("are what the writer writes", arguments: IdentityConfiguration.Preset.allCases)
    func filesAreExact(_ preset: IdentityConfiguration.Preset) throws {
        let file = "examples/identity/\(preset.rawValue).txt"
        let written = try Self.lines(of: preset)
        if ProcessInfo.processInfo.environment["POTERNE_RECORD_EXAMPLES"] != nil {
            try Data(written.utf8).write(to: Self.docs.appending(path: file))
        }
        #expect(try Self.text(file) == written)
    }

    @Test("are shown on the page, long values cut", arguments: IdentityConfiguration.Preset.allCases)
    func pageShowsThem(_ preset: IdentityConfiguration.Preset) throws {
        let page = Set(try Self.text("identity-headers.md").split(separator: "\n"))
        for line in try Self.lines(of: preset).split(separator: "\r\n") {
            #expect(page.contains(Self.excerpt(line)[...]))
        }
    }
}
