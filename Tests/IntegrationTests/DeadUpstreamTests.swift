import Foundation
import Testing

extension Integration {
    @Suite("A server that fails, without health checks")
    struct DeadUpstreamTests {
        @Test("is named by the access log and the operator's log")
        func refusedConnections() throws {
            let port = try Wire.closedPort()
            var setup = Setup(upstream: port)
            setup.workers = 1
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            for _ in 0..<3 { #expect(try caller.exchange("GET", "/").code == "upstream_connect_error") }
            try eventually("three lines") { gateway.accessLog.count == 3 }
            for line in gateway.accessLog {
                #expect(line["refusal"] == "upstream_connect_error")
                #expect(line["upstream"] == "127.0.0.1:\(port)")
            }
            let warning = "127.0.0.1:\(port) fails: connect: Connection refused"
            try eventually("a warning") { gateway.operatorLog.contains(warning) }
            #expect(gateway.operatorLog.components(separatedBy: warning).count == 2)
        }

        @Test("is said to work again")
        func worksAgain() throws {
            let isWell = Switch(false)
            let upstream = try Upstream { _ in
                "HTTP/1.1 \(isWell.isOn ? 200 : 503) X\r\nContent-Length: 0\r\n\r\n"
            }
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            for _ in 0..<2 { #expect(try caller.exchange("GET", "/").status == 503) }
            let server = "127.0.0.1:\(upstream.port)"
            try eventually("a warning") { gateway.operatorLog.contains("\(server) fails: answers 503") }
            isWell.isOn = true
            for _ in 0..<2 { #expect(try caller.exchange("GET", "/").status == 200) }
            try eventually("the end of it") { gateway.operatorLog.contains("\(server) works again") }
            #expect(gateway.operatorLog.components(separatedBy: "\(server) fails").count == 2)
            #expect(gateway.operatorLog.components(separatedBy: "\(server) works again").count == 2)
        }
    }
}
