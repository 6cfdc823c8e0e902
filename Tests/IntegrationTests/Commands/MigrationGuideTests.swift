import Foundation
import Testing

extension Integration {
    /// `docs/migrating.md` promises that its configurations pass.
    @Suite("The guide of migration")
    struct MigrationGuideTests {
        /// The configurations of the page, in its order: nginx's, HAProxy's, Apache's.
        static let configurations: [String] = {
            let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../docs/migrating.md")
            let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
            return text.matches(of: /```yaml\n([\s\S]*?)```/).map { String($0.output.1) }
        }()

        @Test("has three configurations, which `poterne check` passes", arguments: 0..<3)
        func configurationsPass(_ index: Int) throws {
            try #require(Self.configurations.count == 3)
            let folder = try TestFolder()
            // Where the page has official CAs, the ones of the hierarchy that is built like production.
            let files = [
                "trust/ACR-EL.pem": "trust/root.pem", "trust/ACI-EL-ORG.pem": "trust/organisations.pem",
                "server/fullchain.pem": "server/fullchain.pem", "server/key.pem": "server/key.pem",
                "crl/ACR-EL.crl": "crl/root.crl", "crl/ACI-EL-ORG.crl": "crl/organisations.crl",
            ]
            for (name, source) in files {
                let path = URL(fileURLWithPath: "\(TestCertificates.folder)/prod/\(source)")
                try folder.write(Array(Data(contentsOf: path)), to: name)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: folder["server/key.pem"])
            let configuration = "state_directory: state\n" + Self.configurations[index]
            try folder.write(configuration, to: "poterne.yaml")
            let result = try run(Product.path, ["check", "--config", folder["poterne.yaml"]])
            #expect(result.exitCode == 0, "\(result.text)\(result.errors)")
        }
    }
}
