import Foundation
import Glibc
import TLS
import Testing

extension Integration {
    @Suite("SIGTERM")
    struct DrainTests {
        private func response(_ body: String) -> String {
            "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }

        @Test(
            "lets the exchange in flight end, takes no other, and the process exits with 0",
            arguments: TLSVersion.allCases)
        func drains(_ version: TLSVersion) throws {
            let gate = Gate()
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
                try gate.pass()
                try visit.write("5\r\nlater\r\n0\r\n\r\n")
            }
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let waiting = try gateway.caller(over: version)
            try waiting.send("GET", "/unanswered")
            let busy = try gateway.caller(over: version)
            try busy.send("GET", "/begun")
            _ = try busy.messages.fill()
            try eventually("both are at the upstream") { upstream.requests.count == 2 }
            gateway.process.send(SIGTERM)
            try eventually("nobody listens any more") { (try? Wire(port: gateway.port)) == nil }
            #expect(gateway.process.isRunning)
            gate.open()
            for caller in [waiting, busy] {
                let answer = try caller.messages.readResponse().final
                #expect(answer.text == "firstlater")
                #expect(answer.isComplete)
                #expect(try !caller.messages.fill(), "the connection ends after the answer")
            }
            #expect(try gateway.process.wait() == .exited(0))
        }

        @Test("closes idle connections in good order", arguments: TLSVersion.allCases)
        func idle(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller(over: version)
            #expect(try caller.exchange("GET", "/").status == 200)
            gateway.process.send(SIGTERM)
            let (rest, error) = caller.readToFailure()
            #expect(rest.isEmpty && error == nil)
            #expect(try gateway.process.wait() == .exited(0))
        }

        @Test("does not wait longer than drain_timeout for what does not end")
        func timeout() throws {
            let upstream = try Upstream { visit in while try !visit.read().isEmpty {} }
            var setup = Setup(upstream: upstream.port)
            setup.top = ["drain_timeout: 1s"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            try caller.send("GET", "/")
            try eventually("the request is at the upstream") { upstream.requests.count == 1 }
            gateway.process.send(SIGTERM)
            #expect(try gateway.process.wait() == .exited(0))
        }

        @Test("SIGINT does the same")
        func interrupt() throws {
            let gateway = try Gateway(Setup())
            gateway.process.send(SIGINT)
            #expect(try gateway.process.wait() == .exited(0))
        }

        @Test("writes what is still to be logged")
        func logs() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller()
            for number in 0..<50 { try caller.exchange("GET", "/\(number)") }
            try gateway.stop()
            #expect(gateway.accessLog.count == 50)
        }
    }
}
