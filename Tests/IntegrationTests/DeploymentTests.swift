import Foundation
import Testing

extension Integration {
    /// What `conf/container` and `conf/kubernetes` promise.
    @Suite("Deployments")
    struct DeploymentTests {
        private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../..").standardizedFileURL.path

        /// Whether the script could make a root file system and enter it.
        static let mayMakeNamespaces =
            (try? run("unshare", ["--mount", "--net", "--pid", "--fork", "true"]))?.exitCode == 0 && getuid() == 0

        @Test(
            "the root file system of the container holds all that the gateway needs",
            .enabled(if: mayMakeNamespaces, "needs root, and namespaces that may be made"))
        func container() throws {
            let result = try run("\(Self.root)/scripts/try-container", [Product.path, TestCertificates.folder])
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(result.text.contains("health check: ready"))
            #expect(result.text.contains("Uid:\t65532"))
            #expect(result.text.contains("exit code 0"))
        }

        @Test("the configuration of the pods passes `poterne check`, with files where the Deployment mounts them")
        func kubernetes() throws {
            let folder = try TestFolder()
            let files = [
                "trust/ACR-EL.pem": "prod/trust/root.pem", "trust/ACI-EL-ORG.pem": "prod/trust/organisations.pem",
                "server/tls.crt": "prod/server/fullchain.pem", "server/tls.key": "prod/server/key.pem",
            ]
            for (name, source) in files {
                try folder.write(contents(of: "\(TestCertificates.folder)/\(source)"), to: name)
            }
            try folder.write((0..<240).map { _ in UInt8.random(in: 0...255) }, to: "tickets/ticket-keys")
            for secret in ["server/tls.key", "tickets/ticket-keys"] {
                try FileManager.default.setAttributes([.posixPermissions: 0o440], ofItemAtPath: folder[secret])
            }
            try folder.write("", to: "state/.keep")
            try folder.write(
                contents(of: "\(Self.root)/conf/kubernetes/poterne.yaml"), to: "configuration/poterne.yaml")
            let check = try ChildProcess(
                Product.path, ["check", "--config", folder["configuration/poterne.yaml"]], output: folder["output"],
                errors: folder["output"],
                environment: ["STATE_DIRECTORY": folder["state"], "UPSTREAM": "127.0.0.1:8080"])
            #expect(try check.wait() == .exited(0), "\(folder.text("output"))")
        }

        @Test("the Deployment mounts each folder that the configuration names")
        func mounts() throws {
            let configuration = try String(contentsOfFile: "\(Self.root)/conf/kubernetes/poterne.yaml", encoding: .utf8)
            let deployment = try String(
                contentsOfFile: "\(Self.root)/conf/kubernetes/deployment.yaml", encoding: .utf8)
            let named = Set(configuration.matches(of: /\.\.\/([a-z]+)\//).map { String($0.output.1) })
            #expect(named == ["trust", "server", "tickets"])
            for folder in named.union(["configuration"]) {
                #expect(deployment.contains("mountPath: /etc/poterne/\(folder),"), "\(folder)")
            }
        }
    }
}
