import Testing

extension Integration {
    @Suite("gRPC", .enabled(if: Python.grpc != nil, "grpcio cannot be had from PyPI"))
    struct GRPCTests {
        /// What `grpc_client.py` prints when every call went as it would without a gateway between.
        private static let outcome = [
            "unary hello ORG AUTH_CLI here 00ff",
            "empty 0",
            "large True",
            "failure INVALID_ARGUMENT 'né 100 %\\nsecond line' 080312046f6f7073 because",
            "unimplemented UNIMPLEMENTED",
            "server-stream 100 100000",
            "client-stream 200:100000",
            "bidirectional ['ONE', 'TWO', 'THREE'] [] OK",
            "deadline DEADLINE_EXCEEDED True True",
            "cancelled True True",
            "cancelled-within first True",
            "server-waits True 67108864",
            "client-waits True 67108864",
        ]

        @Test(
            "passes whole: every kind of call, trailers, deadlines, cancellation, back-pressure",
            arguments: [false, true])
        func whole(overTLS: Bool) throws {
            let packages = try #require(Python.grpc)
            let certificates = TestCertificates.folder
            let (chain, key) = ("\(certificates)/server/fullchain.pem", "\(certificates)/server/key.pem")
            let server = try PythonServer(
                "grpc_server.py", packages: packages, overTLS ? ["\(certificates)/trust/root.pem", chain, key] : [])
            var setup = Setup(upstream: 1)
            setup.http = ["protocols: [h2]", "max_body_size: off"]
            let own = "\(certificates)/callers/org-auth-cli"
            let tls =
                ", tls: {ca: \(certificates)/trust/root.pem, server_name: localhost, certificate: \(own).pem, key: \(own).key}"
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:\(server.port)\"}], protocol: h2\(overTLS ? tls : "")}"
            ]
            let gateway = try Gateway(setup)
            let client = try run(
                "env",
                [
                    "PYTHONPATH=\(packages)", "PYTHONIOENCODING=utf-8", "python3", Python.program("grpc_client.py"),
                    "\(gateway.port)", "\(certificates)/trust/root.pem", own,
                ])
            #expect(client.exitCode == 0, "\(client.errors)\n\(server.errors)")
            #expect(client.text.split(separator: "\n").map(String.init) == Self.outcome)
            // One was cancelled by its caller; to the one that was over time the server had an answer, or had not.
            let calls = gateway.accessLog.filter { $0["path"] == "/test.Peer/Wait" }
            #expect(calls.count == 2)
            #expect(calls.contains { $0["status"] == "499" })
        }
    }
}
