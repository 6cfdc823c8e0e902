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
        #expect(throws: StartupProblem.self) {
            var nothing = InheritedSockets()
            _ = try BoundSockets(for: configuration, inheriting: &nothing)
        }
    }

    @Test("the workers of one process share an address")
    func workersShareIt() throws {
        var nothing = InheritedSockets()
        let bound = try BoundSockets(for: try Self.configuration(port: 0), inheriting: &nothing)
        defer { Self.close(bound) }
        #expect(bound.sockets.map(\.count) == [1, 1])
        #expect(bound.passedOn.count == 2)
    }

    @Test(
        "sockets of the process before are served whole, whatever the number of workers was",
        arguments: [1, 2, 3, 5])
    func takenOver(_ count: Int) throws {
        let loopback = try #require(SocketAddress(parsing: "127.0.0.1:0"))
        var address = loopback
        var passed: [Int32] = []
        for _ in 0..<count {
            let socket = try Socket.listen(on: address)
            address = try Socket.boundAddress(of: socket)
            passed.append(socket.release())
        }
        var inherited = InheritedSockets(["poterne.listener.plain": passed])
        let port = try #require(address.port)
        let bound = try BoundSockets(for: try Self.configuration(port: port), inheriting: &inherited)
        defer { Self.close(bound) }
        let served = bound.sockets.flatMap { $0["plain"] ?? [] }
        #expect(Set(served.map(\.number)).isSuperset(of: passed))
        #expect(bound.sockets.allSatisfy { !($0["plain"] ?? []).isEmpty })
        #expect(bound.passedOn.map(\.number) == passed)
        #expect(bound.addresses.map(\.address) == ["\(address)"])
    }

    @Test("a socket that listens elsewhere than the configuration says is not served")
    func elsewhere() throws {
        let loopback = try #require(SocketAddress(parsing: "127.0.0.1:0"))
        let free = try Socket.listen(on: loopback)
        let port = try #require(try Socket.boundAddress(of: free).port)
        let other = try Socket.listen(on: loopback).release()
        _ = consume free
        var inherited = InheritedSockets(["poterne.listener.plain": [other]])
        let bound = try BoundSockets(for: try Self.configuration(port: port), inheriting: &inherited)
        defer { Self.close(bound) }
        #expect(bound.addresses.map(\.address) == ["127.0.0.1:\(port)"])
    }

    @Test("what was meant for another process, or is not there, is not taken")
    func forAnother() throws {
        let listed = ["LISTEN_PID": "7", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "api"]
        for (environment, process) in [
            (listed, Int32(8)), ([:], 7), (["LISTEN_PID": "7"], 7), (listed.merging(["LISTEN_FDS": "-1"]) { $1 }, 7),
            (listed.merging(["LISTEN_FDS": "9999999999"]) { $1 }, 7),
        ] {
            // Of a number that no process of the tests has open.
            let inherited = InheritedSockets(environment: environment, process: process, first: 60_000)
            #expect(inherited.names.isEmpty)
        }
    }

    private static func close(_ bound: BoundSockets) {
        for share in bound.sockets.flatMap(\.values).flatMap(\.self) { _ = Descriptor(owning: share.number) }
    }
}
