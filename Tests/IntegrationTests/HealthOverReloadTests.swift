import Foundation
import Testing

extension Integration {
    @Suite("Health over a reload")
    struct HealthOverReloadTests {
        @Test("a server that is out stays out, and comes back by its probes")
        func staysOut() throws {
            let health = Switch(false)
            let upstream = try Upstream { request in
                let isProbe = request.target == "/health"
                return "HTTP/1.1 \(isProbe && !health.isOn ? 503 : 200) X\r\nContent-Length: 0\r\n\r\n"
            }
            // Probes as far apart as can be waited for: a server that is forgotten to be out is in for three of them.
            let check = "{path: /health, interval: 1s, timeout: 5s, healthy: 1, unhealthy: 1}"
            var setup = Setup(upstream: 1)
            setup.workers = 1
            setup.upstreams = ["app: {servers: [{address: \"127.0.0.1:\(upstream.port)\"}], health_check: \(check)}"]
            let gateway = try Gateway(setup)
            try eventually("the server is out") { gateway.operatorLog.contains("fails its health checks") }
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").code == "upstream_no_server")
            setup.routes.insert("{path: /new, respond: {status: 200, body: new}}", at: 0)
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            let next = try gateway.caller()
            try eventually("the worker has the new configuration") { try next.exchange("GET", "/new").text == "new" }
            #expect(try next.exchange("GET", "/").code == "upstream_no_server")
            // Nobody was told that it goes out a second time.
            #expect(gateway.operatorLog.components(separatedBy: "fails its health checks").count == 2)
            health.isOn = true
            try eventually("the server is back") { gateway.operatorLog.contains("is healthy again") }
            #expect(try next.exchange("GET", "/").status == 200)
        }

        @Test("another check begins anew")
        func anotherCheck() throws {
            let upstream = try Upstream { request in
                "HTTP/1.1 \(request.target == "/health" ? 503 : 200) X\r\nContent-Length: 0\r\n\r\n"
            }
            func upstreams(_ path: String) -> [String] {
                let check = "{path: \(path), interval: 100ms, timeout: 5s, healthy: 1, unhealthy: 1}"
                return ["app: {servers: [{address: \"127.0.0.1:\(upstream.port)\"}], health_check: \(check)}"]
            }
            var setup = Setup(upstream: 1)
            setup.workers = 1
            setup.upstreams = upstreams("/health")
            let gateway = try Gateway(setup)
            try eventually("the server is out") { gateway.operatorLog.contains("fails its health checks") }
            setup.upstreams = upstreams("/other")
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            let caller = try gateway.caller()
            try eventually("the server is in") { try caller.exchange("GET", "/").status == 200 }
        }
    }
}
