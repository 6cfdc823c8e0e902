import Foundation
import Testing

extension Integration {
    @Suite("What is forwarded")
    struct ForwardingTests {
        /// One exchange: what the upstream got, and what the caller got.
        private func exchange(
            _ fields: [Field] = [], target: String = "/", routes: [String]? = nil,
            response: String = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        ) throws -> (request: Message, response: Message, gateway: Gateway) {
            let upstream = try Upstream { _ in response }
            var setup = Setup(upstream: upstream.port)
            if let routes { setup.routes = routes }
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            let answer = try caller.exchange("GET", target, fields: fields)
            return (try #require(upstream.requests.first, "\(answer)"), answer, gateway)
        }

        @Test("fields of the connection stay on it, in both directions")
        func hopByHop() throws {
            let (request, response, _) = try exchange(
                [
                    Field(name: "Connection", value: "keep-alive, X-Private"),
                    Field(name: "X-Private", value: "secret"),
                    Field(name: "Keep-Alive", value: "timeout=5"), Field(name: "Proxy-Connection", value: "keep-alive"),
                    Field(name: "TE", value: "trailers"), Field(name: "Upgrade", value: "websocket"),
                    Field(name: "Proxy-Authorization", value: "Basic secret"), Field(name: "X-Public", value: "seen"),
                ],
                response: "HTTP/1.1 200 OK\r\nConnection: X-Inner\r\nX-Inner: secret\r\nKeep-Alive: timeout=9\r\n"
                    + "Upgrade: h2c\r\nProxy-Authenticate: Basic\r\nX-Outer: seen\r\nContent-Length: 2\r\n\r\nok")
            for name in ["X-Private", "Keep-Alive", "Proxy-Connection", "Upgrade", "Proxy-Authorization"] {
                #expect(request.fields[name] == nil, "\(name)")
            }
            #expect(request.fields["X-Public"] == "seen")
            for name in ["X-Inner", "Keep-Alive", "Upgrade", "Proxy-Authenticate"] {
                #expect(response.fields[name] == nil, "\(name)")
            }
            #expect(response.fields["X-Outer"] == "seen")
        }

        @Test("where a request came from is the gateway's word, whatever the caller says")
        func origin() throws {
            let (request, response, _) = try exchange([
                Field(name: "X-Forwarded-For", value: "10.9.9.9"), Field(name: "X-Forwarded-Proto", value: "http"),
                Field(name: "X-Forwarded-Host", value: "evil.example"), Field(name: "X-Real-IP", value: "10.9.9.9"),
                Field(name: "X-Forwarded-Port", value: "1"), Field(name: "Forwarded", value: "for=10.9.9.9"),
                Field(name: "Via", value: "1.0 before"),
            ])
            #expect(request.fields[all: "X-Forwarded-For"] == ["127.0.0.1"])
            #expect(request.fields[all: "X-Forwarded-Proto"] == ["https"])
            #expect(request.fields[all: "X-Forwarded-Host"] == ["localhost"])
            #expect(request.fields[all: "Forwarded"] == ["for=127.0.0.1;host=\"localhost\";proto=https"])
            #expect(request.fields["X-Real-IP"] == nil)
            #expect(request.fields["X-Forwarded-Port"] == nil)
            #expect(request.fields[all: "Via"] == ["1.0 before", "1.1 poterne"])
            #expect(request.fields[all: "Host"] == ["localhost"])
            #expect(response.fields["Via"] == "1.1 poterne")
        }

        @Test("a request gets an id: a UUIDv7, told to the upstream, the caller and the log")
        func requestID() throws {
            let (request, response, gateway) = try exchange()
            let id = try #require(request.fields["X-Request-Id"])
            let pattern = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
            #expect(id.wholeMatch(of: pattern) != nil, "\(id)")
            #expect(response.fields[all: "X-Request-Id"] == [id])
            _ = try gateway.accessLine { $0["request_id"] == id }
        }

        @Test("a well-formed id of the caller is kept, another is replaced", arguments: ["abc-123.DEF_9", "no good!"])
        func requestIDOfCaller(_ sent: String) throws {
            let (request, response, _) = try exchange([Field(name: "X-Request-Id", value: sent)])
            let id = try #require(request.fields["X-Request-Id"])
            #expect((id == sent) == !sent.contains(" "))
            #expect(response.fields["X-Request-Id"] == id)
        }

        @Test("a trace goes on; a malformed one is begun anew")
        func trace() throws {
            let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
            let going = try exchange([Field(name: "traceparent", value: "00-\(trace)-00f067aa0ba902b7-01")]).request
            let parent = try #require(going.fields["traceparent"])
            #expect(parent.hasPrefix("00-\(trace)-"))
            #expect(parent.hasSuffix("-01"))
            for sent in ["00-\(String(repeating: "0", count: 32))-00f067aa0ba902b7-01", "rubbish"] {
                let new = try exchange([Field(name: "traceparent", value: sent)]).request
                let made = try #require(new.fields["traceparent"])
                #expect(made.wholeMatch(of: /00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}/) != nil, "\(made)")
                #expect(!made.contains(String(repeating: "0", count: 32)))
            }
        }

        @Test("the path is forwarded normalised, the query as it is")
        func path() throws {
            #expect(try exchange(target: "/a/./b/../c?x=%2F..&y=/../").request.target == "/a/c?x=%2F..&y=/../")
            #expect(try exchange(target: "/plain?q").request.target == "/plain?q")
        }

        @Test("a prefix is stripped")
        func stripPrefix() throws {
            let routes = ["{path: /fhir/, upstream: app, strip_prefix: /fhir}"]
            #expect(try exchange(target: "/fhir/Patient?x=1", routes: routes).request.target == "/Patient?x=1")
        }

        @Test("edits of a route are made, and cannot touch the identity")
        func edits() throws {
            let route =
                "{path: /, upstream: app, identity: [igc-sante], request_headers: {set: {X-Set: one}, remove: [X-Gone]}, "
                + "response_headers: {set: {Strict-Transport-Security: max-age=1}, remove: [Server]}}"
            let (request, response, _) = try exchange(
                [Field(name: "X-Gone", value: "1"), Field(name: "X-Set", value: "of the caller")], routes: [route],
                response: "HTTP/1.1 200 OK\r\nServer: inner/1.0\r\nContent-Length: 2\r\n\r\nok")
            #expect(request.fields[all: "X-Set"] == ["one"])
            #expect(request.fields["X-Gone"] == nil)
            #expect(request.fields["X-IGC-Sante-Kind"] == "ORG AUTH_CLI")
            #expect(response.fields["Server"] == nil)
            #expect(response.fields["Strict-Transport-Security"] == "max-age=1")
        }

        @Test("Authorization and cookies of the caller pass to the upstream")
        func credentials() throws {
            let request = try exchange([
                Field(name: "Authorization", value: "Bearer token"), Field(name: "Cookie", value: "a=b"),
            ]).request
            #expect(request.fields["Authorization"] == "Bearer token")
            #expect(request.fields["Cookie"] == "a=b")
        }

        @Test(
            "a path that two servers could read as two is refused",
            arguments: ["/a%2Fb", "/a%2e%2e/b%00", "/a/%zz", "/a\\b"])
        func ambiguousPath(_ path: String) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let answer = try gateway.caller().exchange("GET", path)
            #expect(answer.status == 400, "\(answer)")
            #expect(upstream.visits.isEmpty)
        }
    }
}
