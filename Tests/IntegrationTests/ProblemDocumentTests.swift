import Foundation
import TLS
import Testing

extension Integration {
    /// RFC 9457.
    @Suite("The gateway's own answers")
    struct ProblemDocumentTests {
        private func expect(_ answer: Message, _ status: Int, _ code: String, by gateway: Gateway) throws {
            #expect(answer.status == status, "\(answer)")
            #expect(answer.fields["Content-Type"] == "application/problem+json", "\(answer)")
            let problem = try #require(LogLine(answer.text), "\(answer)")
            #expect(problem["code"] == code)
            #expect(problem["status"] == "\(status)")
            #expect(problem["title"]?.isEmpty == false)
            #expect(problem["detail"]?.isEmpty == false)
            #expect(problem["type"]?.hasSuffix(code) == true)
            let id = try #require(problem["request_id"])
            let line = try gateway.accessLine { $0["request_id"] == id }
            #expect(line["status"] == "\(status)")
            #expect(line["refusal"] == code)
        }

        @Test("404 where no route is, 405 with Allow where the method is not")
        func routes() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.routes = [
                "{path: /read, upstream: app, methods: [GET, HEAD]}", "{path: /read, upstream: app, methods: [PUT]}",
            ]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            try expect(caller.exchange("GET", "/elsewhere"), 404, "route_not_found", by: gateway)
            let answer = try caller.exchange("DELETE", "/read")
            try expect(answer, 405, "method_not_allowed", by: gateway)
            let allowed = Set((answer.fields["Allow"] ?? "").split(separator: ",").map { $0.filter { $0 != " " } })
            #expect(allowed == ["GET", "HEAD", "PUT"])
            #expect(try caller.exchange("PUT", "/read", body: [0x61]).status == 200)
            // A prefix is of whole segments.
            try expect(caller.exchange("GET", "/reading"), 404, "route_not_found", by: gateway)
        }

        @Test("403 where the route's own rules refuse the caller")
        func accessRules() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.routes = [
                "{path: /mine, upstream: app, structures: [\"10B0999901\"]}",
                "{path: /theirs, upstream: app, structures: [\"99*\"]}",
                "{path: /named, upstream: app, names: [\"INSI-*\"]}",
                "{path: /servers, upstream: app, accept: [SERV SSL]}",
            ]
            setup.accept = ["ORG AUTH_CLI", "SERV SSL"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/mine").status == 200)
            try expect(caller.exchange("GET", "/theirs"), 403, "structure_not_allowed", by: gateway)
            try expect(caller.exchange("GET", "/named"), 403, "name_not_allowed", by: gateway)
            try expect(caller.exchange("GET", "/servers"), 403, "kind_not_accepted", by: gateway)
            let line = try gateway.auditLine { $0["reason"] == "structure_not_allowed" }
            #expect(line["event"] == "request_refused")
            #expect(line["subject"]?.contains("POTERNE-DEMO") == true)
            #expect(upstream.requests.count == 1)
        }

        @Test("408 for a head that does not come, and for a body that does not", arguments: TLSVersion.allCases)
        func timeouts(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.http = ["header_timeout: 300ms", "body_timeout: 300ms"]
            let gateway = try Gateway(setup)
            let head = try gateway.caller(over: version)
            try head.write("GET / HTTP/1.1\r\nHost: local")
            try expect(head.messages.readResponse().final, 408, "request_timeout", by: gateway)
            #expect(try !head.messages.fill())
            let body = try gateway.caller(over: version)
            try body.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc")
            try expect(body.messages.readResponse().final, 408, "request_timeout", by: gateway)
            #expect(try !body.messages.fill())
            #expect(upstream.requests.isEmpty)
        }

        @Test("413 for a body over the limit, announced or not", arguments: TLSVersion.allCases)
        func tooLarge(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.http = ["max_body_size: 1KiB"]
            let gateway = try Gateway(setup)
            let announced = try gateway.caller(over: version)
            try announced.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1025\r\n\r\n")
            try expect(announced.messages.readResponse().final, 413, "body_too_large", by: gateway)
            #expect(upstream.visits.isEmpty)
            let chunked = try gateway.caller(over: version)
            try chunked.write("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "400\r\n" + String(repeating: "x", count: 1_024) + "\r\n"
            try chunked.write(chunk + chunk)
            try expect(chunked.messages.readResponse().final, 413, "body_too_large", by: gateway)
            #expect(upstream.requests.isEmpty)
            let exact = try gateway.caller(over: version)
            #expect(try exact.exchange("POST", "/", body: [UInt8](repeating: 0x78, count: 1_024)).status == 200)
        }

        @Test("414 for a target, 431 for a head over the limit, 501 for CONNECT, 505 for another version")
        func heads() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.http = ["max_header_size: 16KiB", "max_headers: 20"]
            let gateway = try Gateway(setup)
            func answer(_ text: String) throws -> Message {
                let caller = try gateway.caller()
                try? caller.write(text)
                let (bytes, _) = caller.readToFailure()
                return try MessageReader(Recording(bytes)).readResponse().final
            }
            let long = String(repeating: "a", count: 20_000)
            try expect(answer("GET /\(long) HTTP/1.1\r\nHost: localhost\r\n\r\n"), 414, "target_too_long", by: gateway)
            let many = (0..<30).map { "X-\($0): y\r\n" }.joined()
            try expect(
                answer("GET / HTTP/1.1\r\nHost: localhost\r\n\(many)\r\n"), 431, "too_many_field_lines", by: gateway)
            let large = (0..<10).map { "X-\($0): \(long.prefix(3_000))\r\n" }.joined()
            #expect(try answer("GET / HTTP/1.1\r\nHost: localhost\r\n\(large)\r\n").status == 431)
            try expect(
                answer("CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n\r\n"), 501, "tunnel_refused",
                by: gateway)
            try expect(
                answer("GET / HTTP/2.7\r\nHost: localhost\r\n\r\n"), 505, "unsupported_version", by: gateway)
            #expect(upstream.visits.isEmpty)
        }

        @Test("502 where nobody listens, 504 where nobody answers")
        func upstreams() throws {
            let silent = try Upstream { visit in while try !visit.read().isEmpty {} }
            var setup = Setup(upstream: silent.port)
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:\(silent.port)\"}]}",
                "nobody: {servers: [{address: \"127.0.0.1:\(try Wire.closedPort())\"}]}",
                "one: {servers: [{address: \"127.0.0.1:\(silent.port)\"}], max_connections: 1, connect_timeout: 300ms}",
            ]
            setup.routes = [
                "{path: /closed, upstream: nobody}", "{path: /silent, upstream: app, timeout: 300ms}",
                "{path: /one, upstream: one, timeout: 20s}",
            ]
            setup.workers = 1
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            try expect(caller.exchange("GET", "/closed"), 502, "upstream_connect_error", by: gateway)
            try expect(caller.exchange("GET", "/silent"), 504, "upstream_timeout", by: gateway)
            // The only connection is taken: the next exchange waits for it, but not for ever.
            let first = try gateway.caller()
            try first.send("GET", "/one")
            try eventually("the first is at the upstream") { silent.text.contains("GET /one") }
            try expect(caller.exchange("GET", "/one"), 504, "upstream_queue_timeout", by: gateway)
        }

        @Test("an answer to HEAD has the fields of a problem document and no body")
        func headOfProblem() throws {
            var setup = Setup()
            setup.routes = ["{path: /there, respond: {status: 200, body: ok}}"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            let answer = try caller.exchange("HEAD", "/nowhere")
            #expect(answer.status == 404)
            #expect(answer.fields["Content-Type"] == "application/problem+json")
            #expect(try caller.exchange("GET", "/there").text == "ok")
        }
    }
}
