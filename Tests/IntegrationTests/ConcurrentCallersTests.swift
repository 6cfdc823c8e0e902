import Foundation
import Synchronization
import TLS
import Testing

extension Integration {
    @Suite("Many callers at once")
    struct ConcurrentCallersTests {
        @Test("two hundred callers call at once, each as itself", arguments: TLSVersion.allCases)
        func twoHundred(_ version: TLSVersion) throws {
            let count = 200
            let arrived = Tally()
            // No request is answered before all of them are there: so many exchanges are under way at once.
            let upstream = try Upstream { visit in
                let reader = MessageReader(visit)
                guard let request = try reader.readRequest() else { return }
                arrived.add(1)
                try eventually("every request is at the upstream", within: 60) { arrived.count >= count }
                let serial = request.fields["X-IGC-Sante-Serial"] ?? ""
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: \(serial.utf8.count)\r\n\r\n\(serial)")
            }
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let folder = TestCertificates.folder
            let port = gateway.port
            let answers = Mutex<[Int: Result<String, any Error>]>([:])
            for number in 1...count {
                Thread.detachNewThread {
                    let result = Result {
                        let name = String(format: "%05d", number)
                        let identity = try TLSIdentity(
                            chain: certificates(of: "\(folder)/load/client-\(name).pem"),
                            keyFile: "\(folder)/load/client.key")
                        let caller = try Caller(port: port, as: identity, over: version)
                        return try caller.exchange("GET", "/\(number)").text
                    }
                    answers.withLock { $0[number] = result }
                }
            }
            try eventually("every caller has its answer", within: 90) { answers.withLock { $0.count } == count }
            let serials = answers.withLock { $0 }.mapValues { try? $0.get() }
            let failures = answers.withLock { $0 }.filter { if case .failure = $0.value { true } else { false } }
            #expect(failures.isEmpty, "\(failures.first.map { "\($0)" } ?? "")")
            #expect(Set(serials.values).count == count)
            for number in [1, 100, 200] {
                let file = "\(folder)/load/client-\(String(format: "%05d", number)).pem"
                let printed = try run("openssl", ["x509", "-in", file, "-noout", "-serial"]).text
                #expect(printed == "serial=\(serials[number].flatMap { $0 } ?? "")\n")
            }
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("callers beyond max_connections wait outside, and are served when others go")
        func maxConnections() throws {
            var setup = Setup()
            setup.workers = 1
            setup.listener = ["max_connections: 3"]
            let gateway = try Gateway(setup)
            var callers = try (0..<3).map { _ in try gateway.caller() }
            for caller in callers { #expect(try caller.exchange("GET", "/").status == 200) }
            let wire = try Wire(port: gateway.port)
            _ = wire
            callers.removeAll()
            wire.close()
            let next = try eventually("a later caller is served") {
                let caller = try? gateway.caller()
                return try? caller?.exchange("GET", "/")
            }
            #expect(next.status == 200)
        }
    }
}
