import Foundation
import Testing

extension Integration {
    /// The example of `docs/scaling.md`, with its own script: HAProxy and the gateways in network namespaces.
    @Suite("Three gateways behind a balancer")
    struct ThreeNodesTests {
        private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../conf/examples/three-nodes/run").standardizedFileURL.path

        /// Whether namespaces may be made here, and HAProxy is installed.
        static let isPossible = (try? run(script, ["--probe"]))?.exitCode == 0

        private struct Report: Decodable {
            var requests, succeeded, failed, full, resumed: Int
            var resumedElsewhere: Int
            var nodes: [String: Int]
            var openssl: [String]

            enum CodingKeys: String, CodingKey {
                case requests, succeeded, failed, full, resumed, nodes, openssl
                case resumedElsewhere = "resumed_elsewhere"
            }
        }

        @Test(
            "resume each other's sessions, and lose no request that may be repeated when one is killed",
            .enabled(if: isPossible, "needs haproxy, iproute2, and namespaces that may be made"))
        func oneIsKilled() throws {
            let options = ["--poterne", Product.path, "--pki", TestCertificates.folder]
            let result = try run(Self.script, options + ["--seconds", "3", "--rate", "200", "--json"])
            #expect(result.exitCode == 0, "\(result.errors)")
            let report = try JSONDecoder().decode(Report.self, from: Data(result.output))
            #expect(report.requests > 0)
            #expect(report.succeeded == report.requests)
            #expect(report.failed == 0)
            #expect(report.resumedElsewhere > 0)
            #expect(report.nodes.count == 3)
            // TLS 1.3 and TLS 1.2.
            #expect(report.openssl.count == 2)
            for line in report.openssl { #expect(line.contains("Reused"), "\(line)") }
        }
    }
}
