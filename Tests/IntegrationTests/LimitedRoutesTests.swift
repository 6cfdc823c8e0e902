import Foundation
import TLS
import Testing

extension Integration {
    @Suite("Limits of routes")
    struct LimitedRoutesTests {
        private static let protocols: [[String]] = [["--http1.1"], ["--http2"]]

        @Test("requests beyond the rate are 429 with the time to wait, over both protocols", arguments: protocols)
        func rate(_ version: [String]) throws {
            var setup = Setup()
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.workers = 3
            setup.routes = [
                "{path: /, respond: {body: ok}, rate_limit: {requests: 2, per: 1h, burst: 3, by: structure}}",
                "{path: /free, respond: {body: ok}}",
            ]
            let gateway = try Gateway(setup)
            // Each call is a connection of its own, and may come to another worker.
            let calls = try (0..<5).map { _ in try Curl(gateway, "/", version) }
            #expect(calls.map(\.status) == [200, 200, 200, 429, 429])
            #expect(calls[0].fields["RateLimit-Policy"] == "\"requests\";q=2;w=3600;burst=3")
            #expect(calls[0].fields["RateLimit"] == "\"requests\";r=2;t=1800")
            #expect(calls[2].fields["RateLimit"]?.hasPrefix("\"requests\";r=0;t=") == true)
            let refused = calls[3]
            let wait = try #require(refused.fields["Retry-After"].flatMap { Int($0) })
            #expect((1...1800).contains(wait))
            #expect(refused.fields["RateLimit"] == "\"requests\";r=0;t=\(wait)")
            #expect(LogLine(refused.text)?["code"] == "rate_limited")
            // Another structure has a bucket of its own, and another route none.
            #expect(try Curl(gateway, "/", as: "callers/serv-ssl", version).exitCode != 0)
            #expect(try Curl(gateway, "/free", version).status == 200)
            let line = try gateway.auditLine { $0["reason"] == "rate_limited" }
            #expect(line["route"] == "*/")
            #expect(line["event"] == "request_refused")
            #expect(line["rule"]?.hasSuffix(" rate_limit") == true, "\(line)")
        }

        @Test("a reload keeps what was counted as long as the limit stays the same")
        func reload() throws {
            var setup = Setup()
            setup.routes = ["{path: /, respond: {body: ok}, rate_limit: {requests: 1, per: 1h, by: certificate}}"]
            let gateway = try Gateway(setup)
            #expect(try Curl(gateway).status == 200)
            try gateway.reload()
            #expect(try Curl(gateway).status == 429)
            setup.routes = ["{path: /, respond: {body: ok}, rate_limit: {requests: 2, per: 1h, by: certificate}}"]
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            #expect(try Curl(gateway).status == 200)
        }

        @Test("who may not call at all uses nothing up")
        func refusedCallers() throws {
            var setup = Setup()
            setup.mode = "optional"
            setup.routes = ["{path: /, respond: {body: ok}, rate_limit: {requests: 1, per: 1h, by: address}}"]
            let gateway = try Gateway(setup)
            #expect(try Curl(gateway, as: nil).status == 401)
            #expect(try Curl(gateway, as: nil).status == 401)
            #expect(try Curl(gateway).status == 200)
            #expect(try Curl(gateway).status == 429)
        }

        @Test("as many requests at once as allowed, the next is 429, and one more when one has ended")
        func concurrency() throws {
            let gate = Switch(false)
            let upstream = try Upstream { request in
                if request.target == "/slow" { _ = try? eventually("the test goes on") { gate.isOn } }
                return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            }
            var setup = Setup(upstream: upstream.port)
            setup.routes = ["{path: /, upstream: app, concurrency: {requests: 2, by: structure}}"]
            let gateway = try Gateway(setup)
            let callers = try (0..<3).map { _ in try gateway.caller() }
            for caller in callers.prefix(2) { try caller.send("GET", "/slow") }
            try eventually("both are upstream") { upstream.requests.count == 2 }
            let refused = try callers[2].exchange("GET", "/slow")
            #expect(refused.status == 429)
            #expect(refused.code == "concurrency_limited")
            #expect(refused.fields["Retry-After"] == "1")
            gate.isOn = true
            for caller in callers.prefix(2) { #expect(try caller.messages.readResponse().final.status == 200) }
            #expect(try callers[2].exchange("GET", "/after").status == 200)
            // A caller that goes away in the middle gives its place back too.
            gate.isOn = false
            try callers[0].send("GET", "/slow")
            try callers[1].send("GET", "/slow")
            try eventually("both are upstream") { upstream.requests.count == 5 }
            callers[0].wire.reset()
            callers[1].wire.reset()
            try eventually("the places are free") { try gateway.caller().exchange("GET", "/x").status == 200 }
            gate.isOn = true
        }
    }

    @Suite("Redirections")
    struct RedirectionTests {
        @Test("send a caller elsewhere with its path and query")
        func redirects() throws {
            var setup = Setup()
            setup.routes = [
                "{path: /, redirect: {to: \"https://new.example.fr{path}{query}\"}}",
                "{path: /old, strip_prefix: /old, redirect: {to: \"https://{host}/v2{path}{query}\", status: 308}}",
                "{path: /gone, redirect: {to: /elsewhere, status: 303}, response_headers: {set: {X-Why: moved}}}",
            ]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            let plain = try caller.exchange("GET", "/a/%C3%A9?x=%0d%0aSet-Cookie:b&y=\"z\"")
            #expect(plain.status == 307)
            #expect(plain.fields["Location"] == "https://new.example.fr/a/%C3%A9?x=%0d%0aSet-Cookie:b&y=%22z%22")
            #expect(plain.fields["Content-Length"] == "0")
            let moved = try caller.exchange("POST", "/old/x?q", body: Array("kept apart".utf8))
            #expect(moved.status == 308)
            #expect(moved.fields["Location"] == "https://localhost/v2/x?q")
            let fixed = try caller.exchange("GET", "/gone/x?q")
            #expect(fixed.status == 303)
            #expect(fixed.fields["Location"] == "/elsewhere")
            #expect(fixed.fields["X-Why"] == "moved")
        }

        @Test(
            "nothing that a caller writes makes a line of its own, or another host",
            arguments: ["/%0d%0aX: y", "//evil.example/", "/\\evil.example", "/..//evil.example"])
        func injections(_ target: String) throws {
            var setup = Setup()
            setup.routes = ["{path: /, strip_prefix: /, redirect: {to: \"https://new.example.fr{path}{query}\"}}"]
            let gateway = try Gateway(setup)
            let answer = try gateway.caller().exchange("GET", target)
            if let location = answer.fields["Location"] {
                #expect(location.hasPrefix("https://new.example.fr/"))
                #expect(!location.contains("\\"))
            } else {
                #expect(answer.status == 400)
            }
            #expect(answer.fields["X"] == nil)
        }
    }

    @Suite("Methods by another name")
    struct MethodOverrideTests {
        @Test(
            "a field that asks for a method of another route is 405",
            arguments: ["X-HTTP-Method-Override", "x_http_method_override", "X-HTTP-Method", "X-Method-Override"])
        func otherRoute(_ name: String) throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.routes = [
                "{path: /, upstream: app}",
                "{path: /, methods: [DELETE], upstream: app, structures: [\"10B0000000\"]}",
                "{path: /read, methods: [GET, POST], upstream: app}",
            ]
            // The route with methods comes first, or no request would reach it.
            setup.routes.swapAt(0, 1)
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            for (target, method, status) in [
                ("/", "DELETE", 405), ("/", "delete", 405), ("/", "DELETE, x", 405), ("/", "\"DELETE\"", 405),
                ("/", "PATCH", 200), ("/read", "PUT", 405),
                ("/read", "GET", 200),
            ] {
                let answer = try caller.exchange("POST", target, fields: [Field(name: name, value: method)])
                #expect(answer.status == status, "\(target) \(method)")
            }
            #expect(upstream.requests.count == 2)
        }
    }
}
