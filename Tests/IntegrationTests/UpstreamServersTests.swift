import Testing

extension Integration {
    @Suite("Servers of an upstream")
    struct UpstreamServersTests {
        /// A server that says who it is, and whose health page answers by a switch.
        private static func server(_ name: String, health: Switch = Switch(true)) throws -> Upstream {
            try Upstream { request in
                if request.target == "/health" {
                    return "HTTP/1.1 \(health.isOn ? "200 OK" : "503 Ill")\r\nContent-Length: 0\r\n\r\n"
                }
                return "HTTP/1.1 200 OK\r\nContent-Length: \(name.utf8.count)\r\n\r\n\(name)"
            }
        }

        private static func setup(_ ports: [UInt16], _ more: String = "") -> Setup {
            var setup = Setup(upstream: 1)
            setup.workers = 1
            let servers = ports.map { "{address: \"127.0.0.1:\($0)\"}" }.joined(separator: ", ")
            setup.upstreams = ["app: {servers: [\(servers)]\(more)}"]
            return setup
        }

        private static func answers(_ caller: Caller, _ count: Int, method: String = "GET") throws -> [String] {
            try (0..<count).map { _ in
                let response = try caller.exchange(method, "/", body: method == "POST" ? [1, 2, 3] : nil)
                return response.status == 200 ? response.text : "\(response.status)"
            }
        }

        @Test("a killed server costs no request that could be retried")
        func killed() throws {
            let (one, two) = (try Self.server("one"), try Self.server("two"))
            let gateway = try Gateway(Self.setup([one.port, two.port]))
            let caller = try gateway.caller()
            #expect(Set(try Self.answers(caller, 4)) == ["one", "two"])
            one.stop()
            #expect(try Self.answers(caller, 20).allSatisfy { $0 == "two" })
        }

        @Test("nor one with a body, where the operator says so: nothing was sent")
        func killedWithBody() throws {
            let server = try Self.server("here")
            let retries = ", retries: {attempts: 1, on: [connect_error], methods: [GET, POST]}"
            let gateway = try Gateway(Self.setup([try Wire.closedPort(), server.port], retries))
            let caller = try gateway.caller()
            #expect(try Self.answers(caller, 10, method: "POST").allSatisfy { $0 == "here" })
        }

        @Test("a POST is not retried unless the operator says so")
        func postIsNotRetried() throws {
            let server = try Self.server("here")
            let gateway = try Gateway(Self.setup([try Wire.closedPort(), server.port]))
            let caller = try gateway.caller()
            #expect(Set(try Self.answers(caller, 4, method: "POST")) == ["here", "502"])
        }

        @Test("of a name with several addresses the one that answers is used, whatever the method")
        func severalAddresses() throws {
            let server = try Self.server("here")
            var setup = Self.setup([], "")
            setup.upstreams = ["app: {servers: [{address: \"localhost:\(server.port)\"}], retries: {attempts: 0}}"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            #expect(try Self.answers(caller, 6, method: "POST").allSatisfy { $0 == "here" })
        }

        @Test("a server whose health checks fail is left out until they succeed")
        func healthChecks() throws {
            let health = Switch(false)
            let (ill, well) = (try Self.server("ill", health: health), try Self.server("well"))
            let check = ", health_check: {path: /health, interval: 100ms, timeout: 1s, healthy: 2, unhealthy: 2}"
            let gateway = try Gateway(Self.setup([ill.port, well.port], check))
            try eventually("the server is out") { gateway.operatorLog.contains("fails its health checks") }
            let caller = try gateway.caller()
            #expect(try Self.answers(caller, 10).allSatisfy { $0 == "well" })
            health.isOn = true
            try eventually("the server is back") { gateway.operatorLog.contains("is healthy again") }
            try eventually("it is used again") { try Self.answers(caller, 1) == ["ill"] }
        }

        @Test("when every server is out, callers are told to come again")
        func allOut() throws {
            let check = ", health_check: {interval: 100ms, timeout: 1s, healthy: 1, unhealthy: 1}"
            let gateway = try Gateway(Self.setup([try Wire.closedPort()], check))
            try eventually("the server is out") { gateway.operatorLog.contains("fails its health checks") }
            let response = try gateway.caller().exchange("GET", "/")
            #expect(response.status == 503)
            #expect(response.code == "upstream_no_server")
            #expect(response.fields["Retry-After"] != nil)
        }

        @Test("a server that fails again and again is left alone")
        func outlier() throws {
            let bad = try Upstream { _ in "HTTP/1.1 503 Ill\r\nContent-Length: 0\r\n\r\n" }
            let good = try Self.server("good")
            let outlier = ", outlier: {consecutive_failures: 3, eject_for: 1h}"
            let gateway = try Gateway(Self.setup([bad.port, good.port], outlier))
            let caller = try gateway.caller()
            let answers = try Self.answers(caller, 20)
            #expect(answers.count { $0 == "503" } == 3)
            #expect(answers.suffix(10).allSatisfy { $0 == "good" })
        }

        @Test("a structure stays with its server")
        func hash() throws {
            let servers = try ["one", "two", "three"].map { try Self.server($0) }
            let gateway = try Gateway(Self.setup(servers.map(\.port), ", balance: {hash: structure}"))
            let caller = try gateway.caller()
            let home = try Self.answers(caller, 10)
            #expect(Set(home).count == 1)
            #expect(try Self.answers(try gateway.caller(), 5).allSatisfy { $0 == home[0] })
        }

        @Test("beyond the queue callers are told to come again, at once")
        func queueFull() throws {
            let gate = Switch(false)
            let upstream = try Upstream { _ in
                try? eventually("the gate opens") { gate.isOn }
                return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            }
            let more = ", max_connections: 1, connect_timeout: 30s"
            let gateway = try Gateway(Self.setup([upstream.port], more))
            // One in flight and sixteen in the queue.
            let callers = try (0..<17).map { _ in try gateway.caller() }
            for caller in callers { try caller.send("GET", "/") }
            try eventually("the first one is upstream") { upstream.text.contains("GET /") }
            // The gateway reads what came before this connection before it has shaken hands with it.
            let refused = try gateway.caller().exchange("GET", "/")
            #expect(refused.status == 503)
            #expect(refused.code == "upstream_queue_full")
            #expect(refused.fields["Retry-After"] != nil)
            gate.isOn = true
            for caller in callers { #expect(try caller.messages.readResponse().final.status == 200) }
        }
    }
}
