import Configuration
import EventLoop
import Testing

@testable import Gateway

@Suite("Binding")
struct BoundSocketTests {
    private static func configuration(port: UInt16) throws -> GatewayConfiguration {
        try GatewayConfiguration.parse(
            """
            workers: 2
            listeners:
              - name: plain
                address: 127.0.0.1:\(port)
                tls: {certificates: [{chain: server.pem, key: server.key}]}
                client_certificate: {mode: none}
                routes:
                  - path: /
                    respond: {status: 200}
            """, file: "test.yaml", environment: [:])
    }

    @Test("an address that another process serves is not shared with it")
    func isNotShared() throws {
        let loopback = try #require(SocketAddress(parsing: "127.0.0.1:0"))
        let other = try Socket.listen(on: loopback)
        let port = try #require(try Socket.boundAddress(of: other).port)
        let configuration = try Self.configuration(port: port)
        #expect(throws: StartupProblem.self) { try BoundSockets(for: configuration) }
    }

    @Test("the workers of one process share an address")
    func workersShareIt() throws {
        let bound = try BoundSockets(for: try Self.configuration(port: 0))
        defer { for number in bound.sockets.flatMap(\.values) { _ = Descriptor(owning: number) } }
        #expect(bound.sockets.map(\.count) == [1, 1])
    }
}
