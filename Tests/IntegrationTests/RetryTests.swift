import Foundation
import Testing

extension Integration {
    @Suite("Requests that are sent again")
    struct RetryTests {
        /// An upstream that answers the first request of each connection, and ends the connection at the second, as one
        /// does whose idle timeout has just passed.
        private func closingUpstream() throws -> Upstream {
            try Upstream { visit in
                let reader = MessageReader(visit)
                _ = try reader.readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                _ = try reader.readRequest()
                visit.wire.reset()
            }
        }

        private func gateway(_ upstream: Upstream) throws -> Gateway {
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            return try Gateway(setup)
        }

        @Test("an idempotent one whose connection turns out to be dead", arguments: ["GET", "HEAD", "OPTIONS"])
        func idempotent(_ method: String) throws {
            let upstream = try closingUpstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/1").status == 200)
            #expect(try caller.exchange(method, "/2").status == 200)
            #expect(upstream.visits.count == 2)
        }

        @Test("not one that may have had an effect")
        func post() throws {
            let upstream = try closingUpstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/1").status == 200)
            let answer = try caller.exchange("POST", "/2", body: [0x61])
            #expect(answer.status == 502)
            #expect(answer.code == "upstream_reset")
            #expect(upstream.requests.count { $0.target == "/2" } == 1)
        }

        @Test("not without end")
        func bounded() throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                visit.wire.reset()
            }
            let gateway = try gateway(upstream)
            #expect(try gateway.caller().exchange("GET", "/").status == 502)
            #expect(upstream.requests.count == 2)
        }

        @Test("not once the answer has begun")
        func begun() throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            try caller.send("GET", "/")
            #expect(caller.readToFailure().error != nil)
            #expect(upstream.requests.count == 1)
        }

        @Test("at another server, when the first cannot be reached")
        func otherServer() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            let closed = try Wire.closedPort()
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:\(closed)\"}, {address: \"127.0.0.1:\(upstream.port)\"}]}"
            ]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            for number in 0..<6 { #expect(try caller.exchange("GET", "/\(number)").status == 200) }
        }

        @Test("an idle connection that the upstream has ended is not used at all")
        func endedWhileIdle() throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            for number in 0..<5 {
                // The end of the connection and the next request may come in either order: both must serve.
                #expect(try caller.exchange("GET", "/\(number)").status == 200)
            }
        }
    }
}
