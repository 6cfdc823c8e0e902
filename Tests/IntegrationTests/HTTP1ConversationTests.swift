import Foundation
import TLS
import Testing

extension Integration {
    @Suite("HTTP/1.1 between caller and upstream")
    struct HTTP1ConversationTests {
        private static func response(_ body: String) -> String {
            "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }

        /// A gateway with one worker, so that connections to the upstream can be counted.
        private func gateway(_ upstream: Upstream, http: [String] = []) throws -> Gateway {
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            setup.http = http
            return try Gateway(setup)
        }

        @Test("many requests go over one connection on each side", arguments: TLSVersion.allCases)
        func keepAlive(_ version: TLSVersion) throws {
            let upstream = try Upstream { request in Self.response(request.target) }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            for number in 0..<20 { #expect(try caller.exchange("GET", "/\(number)").text == "/\(number)") }
            #expect(upstream.visits.count == 1)
            let other = try gateway.caller(over: version)
            #expect(try other.exchange("GET", "/other").text == "/other")
            #expect(upstream.visits.count == 1)
        }

        @Test("pipelined requests are answered in order, bodies and all", arguments: TLSVersion.allCases)
        func pipelining(_ version: TLSVersion) throws {
            let upstream = try Upstream { request in Self.response("\(request.target) \(request.text)") }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            var bytes = ""
            for number in 0..<30 {
                switch number % 3 {
                case 0: bytes += "GET /\(number) HTTP/1.1\r\nHost: localhost\r\n\r\n"
                case 1: bytes += "POST /\(number) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
                default:
                    bytes += "POST /\(number) HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                    bytes += "2\r\nde\r\n1\r\nf\r\n0\r\n\r\n"
                }
            }
            try caller.write(bytes)
            for number in 0..<30 {
                let body = ["", "abc", "def"][number % 3]
                #expect(try caller.messages.readResponse().final.text == "/\(number) \(body)")
            }
        }

        @Test("a pipelined answer of the gateway's own keeps its place")
        func pipeliningOfRefusals() throws {
            let upstream = try Upstream { request in Self.response(request.target) }
            var setup = Setup(upstream: upstream.port)
            setup.routes = ["{path: /up, upstream: app}", "{path: /own, respond: {status: 200, body: own}}"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            let targets = ["/up/1", "/own", "/nowhere", "/up/2", "/own", "/up/3"]
            try caller.write(targets.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\n\r\n" }.joined())
            let answers = try targets.map { _ in try caller.messages.readResponse().final }
            #expect(answers.map(\.status) == [200, 200, 404, 200, 200, 200])
            #expect(answers[3].text == "/up/2")
            #expect(answers[4].text == "own")
        }

        @Test("a chunked request is forwarded chunked, with its trailers", arguments: TLSVersion.allCases)
        func chunkedRequest(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            try caller.write("POST /in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            try caller.write("5;ext=1\r\nhello\r\n")
            try caller.write("1\r\n \r\n5\r\nworld\r\n0\r\nX-Sum: 42\r\n\r\n")
            #expect(try caller.messages.readResponse().final.status == 200)
            let request = try #require(upstream.requests.first)
            #expect(request.text == "hello world")
            #expect(request.isChunked)
            #expect(request.fields["Content-Length"] == nil)
            #expect(request.trailers == [Field(name: "X-Sum", value: "42")])
        }

        @Test("a chunked response arrives chunked, with its trailers", arguments: TLSVersion.allCases)
        func chunkedResponse(_ version: TLSVersion) throws {
            let upstream = try Upstream { _ in
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nX-Sum: 42\r\n\r\n"
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            for _ in 0..<2 {
                let answer = try caller.exchange("GET", "/")
                #expect(answer.text == "hello world")
                #expect(answer.isChunked && answer.isComplete)
                #expect(answer.trailers == [Field(name: "X-Sum", value: "42")])
            }
            #expect(upstream.visits.count == 1)
        }

        @Test("a response is passed on as it comes, before its end is there")
        func streaming() throws {
            let gate = Gate()
            let upstream = try Upstream { visit in
                let reader = MessageReader(visit)
                _ = try reader.readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
                try gate.pass()
                try visit.write("6\r\nsecond\r\n0\r\n\r\n")
                _ = try reader.readRequest()
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            try caller.send("GET", "/")
            while !String(decoding: caller.messages.rest, as: UTF8.self).contains("first") {
                guard try caller.messages.fill() else { break }
            }
            gate.open()
            let answer = try caller.messages.readResponse().final
            #expect(answer.text == "firstsecond")
            #expect(answer.isComplete)
        }

        @Test("a request body is passed on as it comes, before its end is there")
        func streamingUp() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            try caller.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nfirst")
            try eventually("the first half is at the upstream") { upstream.text.hasSuffix("first") }
            try caller.write("later")
            #expect(try caller.messages.readResponse().final.status == 200)
            #expect(upstream.requests.first?.text == "firstlater")
        }

        @Test("a body that ends with the upstream's connection arrives chunked, and whole")
        func untilClose() throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.0 200 OK\r\n\r\nuntil the end")
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            for _ in 0..<2 {
                let answer = try caller.exchange("GET", "/")
                #expect(answer.text == "until the end")
                #expect(answer.isChunked && answer.isComplete)
            }
        }

        @Test("a caller of HTTP/1.0 gets no chunks, and keeps its connection only if it asks")
        func http10() throws {
            let upstream = try Upstream { request in
                request.target == "/chunked"
                    ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
                    : Self.response("ok")
            }
            let gateway = try gateway(upstream)
            let plain = try gateway.caller()
            try plain.write("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
            let all = String(decoding: try plain.readToEnd(), as: UTF8.self)
            #expect(all.hasSuffix("\r\n\r\nok"))

            let keeping = try gateway.caller()
            for _ in 0..<2 {
                try keeping.write("GET / HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
                let answer = try keeping.messages.readResponse().final
                #expect(answer.text == "ok")
                #expect(answer.fields["Connection"]?.lowercased() == "keep-alive")
            }
            try keeping.write("GET /chunked HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
            let chunked = try keeping.messages.readResponse().final
            #expect(chunked.text == "hello")
            #expect(!chunked.isChunked)
            #expect(keeping.messages.hasEnded)
        }

        @Test("Connection: close is obeyed, and said", arguments: TLSVersion.allCases)
        func connectionClose(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            let answer = try caller.exchange("GET", "/", fields: [Field(name: "Connection", value: "close")])
            #expect(answer.fields["Connection"] == "close")
            let (rest, error) = caller.readToFailure()
            #expect(rest.isEmpty)
            #expect(error == nil, "the end is told by close_notify")
        }

        @Test("a connection ends after max_requests_per_connection, which the last answer says")
        func requestsPerConnection() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream, http: ["max_requests_per_connection: 3"])
            let caller = try gateway.caller()
            let answers = try (0..<3).map { try caller.exchange("GET", "/\($0)") }
            #expect(answers.map { $0.fields["Connection"] } == [nil, nil, "close"])
            #expect(try !caller.messages.fill())
        }

        @Test("an idle connection is closed in good order after keepalive_timeout")
        func idle() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream, http: ["keepalive_timeout: 200ms"])
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").status == 200)
            let (rest, error) = caller.readToFailure()
            #expect(rest.isEmpty && error == nil)
        }

        @Test("Expect: 100-continue is asked of the upstream, and its answer passed on", arguments: TLSVersion.allCases)
        func expectContinue(_ version: TLSVersion) throws {
            let upstream = try Upstream { visit in
                let reader = MessageReader(visit)
                while let head = try reader.readHead() {
                    if head.target == "/refused" {
                        try visit.write("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n")
                        return
                    }
                    try visit.write("HTTP/1.1 100 Continue\r\n\r\n")
                    while reader.rest.count < 5, try reader.fill() {}
                    try visit.write(Self.response("got \(reader.rest.count)"))
                    return
                }
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            let head = "Host: localhost\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"
            try caller.write("POST /taken HTTP/1.1\r\n\(head)")
            let interim = try #require(try caller.messages.readHead())
            #expect(interim.status == 100)
            try caller.write("hello")
            #expect(try caller.messages.readResponse().final.text == "got 5")

            let refused = try gateway.caller(over: version)
            try refused.write("POST /refused HTTP/1.1\r\n\(head)")
            let (informational, final) = try refused.messages.readResponse()
            #expect(informational.isEmpty)
            #expect(final.status == 417)
        }

        @Test("a request with another expectation is refused: 417")
        func unknownExpectation() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let answer = try gateway.caller().exchange("GET", "/", fields: [Field(name: "Expect", value: "the-best")])
            #expect(answer.status == 417)
            #expect(upstream.visits.isEmpty)
        }

        @Test("early hints pass before the answer")
        func earlyHints() throws {
            let upstream = try Upstream { _ in
                "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + Self.response("ok")
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            try caller.send("GET", "/")
            let (informational, final) = try caller.messages.readResponse()
            #expect(informational.map(\.status) == [103])
            #expect(informational.first?.fields["Link"] == "</a.css>")
            #expect(final.text == "ok")
        }

        @Test("answers without a body leave the connection in step", arguments: TLSVersion.allCases)
        func withoutBody(_ version: TLSVersion) throws {
            let upstream = try Upstream { request in
                switch (request.method, request.target) {
                case ("HEAD", "/chunked"): "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                case ("HEAD", _): "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"
                case (_, "/204"): "HTTP/1.1 204 No Content\r\n\r\n"
                case (_, "/304"): "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 99\r\n\r\n"
                default: Self.response(request.target)
                }
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            let head = try caller.exchange("HEAD", "/")
            #expect(head.status == 200)
            #expect(head.fields["Content-Length"] == "1234")
            #expect(try caller.exchange("GET", "/a").text == "/a")
            #expect(try caller.exchange("HEAD", "/chunked").status == 200)
            #expect(try caller.exchange("GET", "/b").text == "/b")
            let none = try caller.exchange("GET", "/204")
            #expect(none.status == 204)
            #expect(none.fields["Content-Length"] == nil && none.fields["Transfer-Encoding"] == nil)
            #expect(try caller.exchange("GET", "/304").status == 304)
            #expect(try caller.exchange("GET", "/c").text == "/c")
            #expect(upstream.visits.count == 1)
        }

        @Test("an answer that comes before a large body is in reaches the caller", arguments: TLSVersion.allCases)
        func earlyResponse(_ version: TLSVersion) throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readHead()
                try visit.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno")
                visit.wire.endOutput()
                while try !visit.read().isEmpty {}
            }
            let gateway = try gateway(upstream)
            let folder = try TestFolder()
            let body = try folder.write([UInt8](repeating: 0x61, count: 10_000_000), to: "body")
            let arguments = version == .tls12 ? ["--tls-max", "1.2"] : ["--tlsv1.3"]
            let call = try Curl(gateway, "/", arguments + ["--data-binary", "@\(body)", "-H", "Expect:"])
            #expect(call.status == 403, "\(call.errors)")
            #expect(call.text == "no")
        }

        @Test("a caller that ends its side after the request still gets the answer", arguments: TLSVersion.allCases)
        func halfClosed(_ version: TLSVersion) throws {
            let gate = Gate()
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try gate.pass()
                try visit.write(Self.response("late"))
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            try caller.send("GET", "/")
            try eventually("the request is at the upstream") { upstream.requests.count == 1 }
            caller.endOutput()
            gate.open()
            let answer = try caller.messages.readResponse().final
            #expect(answer.text == "late")
        }

        @Test("a caller that goes in the middle of its body leaves no whole request upstream")
        func abandonedBody() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            try caller.write(
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
            try eventually("the piece is at the upstream") { upstream.text.contains("hello") }
            caller.wire.reset()
            try eventually("the upstream's connection is ended") {
                (try? upstream.visits.first?.wire.read().isEmpty) ?? true
            }
            #expect(upstream.requests.isEmpty)
            let line = try gateway.accessLine { $0["method"] == "POST" }
            #expect(line["status"] == "499")
        }

        @Test("a caller that goes while its answer comes frees the upstream's connection")
        func abandonedResponse() throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                let piece = [UInt8](repeating: 0x62, count: 16 * 1024)
                while true { try visit.write(piece) }
            }
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            try caller.send("GET", "/")
            _ = try caller.messages.readHead()
            caller.wire.reset()
            // Writing to it fails in the end: the thread of the visit closes it.
            try eventually("the exchange is over") { try gateway.accessLine { $0["path"] == "/" }["status"] == "200" }
        }

        @Test("bytes that come one at a time make the same request", arguments: TLSVersion.allCases)
        func oneAtATime(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller(over: version)
            let text =
                "POST /slow HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"
            for byte in text.utf8 { try caller.write([byte]) }
            #expect(try caller.messages.readResponse().final.status == 200)
            #expect(upstream.requests.first?.text == "ab")
        }

        @Test("OPTIONS *, unknown methods and absolute targets pass")
        func unusualRequests() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            #expect(try caller.exchange("OPTIONS", "*").status == 200)
            #expect(try caller.exchange("PURGE", "/x").status == 200)
            #expect(try caller.exchange("GET", "https://localhost/abs?q").status == 200)
            #expect(
                upstream.requests.map(\.startLine) == [
                    "OPTIONS * HTTP/1.1", "PURGE /x HTTP/1.1", "GET /abs?q HTTP/1.1",
                ])
        }
    }
}
