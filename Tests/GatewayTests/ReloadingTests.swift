import Configuration
import Testing

@testable import Gateway

@Suite("What a reload cannot change")
struct ReloadingTests {
    private static func configuration(
        workers: String = "2", admin: String = "", access: String = "-",
        listeners: [(name: String, address: String)] = [("api", "127.0.0.1:8443")]
    ) throws -> GatewayConfiguration {
        let listeners = listeners.map { listener in
            """
              - name: \(listener.name)
                address: \(listener.address)
                tls: {certificates: [{chain: server.pem, key: server.key}]}
                client_certificate: {mode: none}
                routes: [{path: /, respond: {status: 204}}]
            """
        }
        return try GatewayConfiguration.parse(
            """
            workers: \(workers)
            \(admin)
            logging: {access: {path: "\(access)"}}
            listeners:
            \(listeners.joined(separator: "\n"))
            """, file: "poterne.yaml", environment: [:])
    }

    @Test("is nothing where nothing changed")
    func nothing() throws {
        let configuration = try Self.configuration()
        #expect(Reloading.ignoredChanges(from: configuration, to: configuration) == [])
    }

    @Test("is what was made before the first caller: workers, admin endpoint, logs")
    func processWide() throws {
        let old = try Self.configuration()
        let new = try Self.configuration(workers: "3", admin: "admin: {address: 127.0.0.1:9000}", access: "access.log")
        #expect(Reloading.ignoredChanges(from: old, to: new) == ["workers", "admin", "logging"])
    }

    @Test("is a socket: listeners that come, go or move")
    func listeners() throws {
        let old = try Self.configuration(listeners: [("api", "127.0.0.1:8443"), ("old", "127.0.0.1:8444")])
        let new = try Self.configuration(listeners: [("api", "127.0.0.1:9443"), ("new", "127.0.0.1:8445")])
        #expect(
            Reloading.ignoredChanges(from: old, to: new) == [
                "address of listener api", "listener old was removed and goes on", "listener new is new",
            ])
    }
}
