import Crypto
import Foundation
import Synchronization
import Testing

extension Integration {
    @Suite("The server that issues tokens")
    struct TokenIssuerTests {
        /// An authorization server: its key set, what it knows of opaque tokens, and what it was asked.
        final class Server: Sendable {
            struct State {
                var keySet: String?
                var tokens: [String: String] = [:]
                var questions: [Message] = []
                var isSilent = false
            }

            let state = Mutex(State())

            func answer(_ request: Message) -> String? {
                let body: String? = state.withLock { state in
                    guard request.method == "POST" else { return state.keySet }
                    state.questions.append(request)
                    if state.isSilent { return nil }
                    return state.tokens.first { request.text.contains("&token=\($0.key)") }?.value
                        ?? "{\"active\":false}"
                }
                guard let body else { return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n" }
                return
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            }
        }

        @Test("may be down when the gateway starts, may change its keys, and may go down again")
        func fetchedKeys() throws {
            let server = Server()
            let listening = try Upstream { server.answer($0) }
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.routes = ["{path: /, upstream: app, token_binding: required, token_issuer: as}"]
            setup.top = [
                "token_issuers: {as: {jwks: \"http://127.0.0.1:\(listening.port)/jwks\"}}",
                "admin: {address: \"127.0.0.1:0\"}",
            ]
            let gateway = try Gateway(setup)
            let first = try TokenIssuer("first")
            let second = try TokenIssuer("second")
            let mine = try TokenIssuer.thumbprint().base64URL
            func call(_ issuer: TokenIssuer) throws -> Curl {
                try Curl(gateway, "/", ["-H", "Authorization: Bearer \(try issuer.token(for: mine))"])
            }
            let early = try call(first)
            #expect(early.status == 503)
            #expect(LogLine(early.text)?["code"] == "token_keys_unavailable")
            #expect(early.fields["WWW-Authenticate"] == nil)
            let readiness = ["--silent", "--noproxy", "*", "http://127.0.0.1:\(try gateway.port(of: "admin"))/readyz"]
            #expect(try run("curl", readiness).text.contains("token issuer as"))

            server.state.withLock { $0.keySet = try? first.keySet }
            try eventually("the keys are fetched") { try call(first).status == 200 }
            #expect(try run("curl", readiness).text == "ready\n")

            server.state.withLock { $0.keySet = try? "{\"keys\":[\(first.webKey),\(second.webKey)]}" }
            #expect(LogLine(try call(second).text)?["code"] == "token_key_unknown")
            try eventually("the unknown key is asked for") { try call(second).status == 200 }

            server.state.withLock { $0.keySet = nil }
            func failures() -> Int { gateway.operatorLog.components(separatedBy: "the last ones stay").count }
            let before = failures()
            try eventually("the keys are asked for again, in vain") {
                // Again and again: a worker calls for keys once a second at the most.
                let status = try call(TokenIssuer("third")).status
                #expect(status == 401)
                return failures() > before
            }
            #expect(try call(first).status == 200)
            // Known keys outlive another time between fetches, though none can be fetched now.
            server.state.withLock { $0.keySet = nil }
            setup.top[0] = "token_issuers: {as: {jwks: \"http://127.0.0.1:\(listening.port)/jwks\", jwks_refresh: 2h}}"
            try gateway.rewrite(setup.yaml)
            try gateway.reload()
            #expect(gateway.operatorLog.contains("configuration reloaded"), "\(gateway.operatorLog)")
            #expect(try call(second).status == 200)
        }

        /// A gateway that asks about opaque tokens.
        private func gateway(_ port: UInt16, _ upstream: Upstream) throws -> Gateway {
            let folder = try TestFolder()
            try folder.write("s3cr&t\n", to: "secret")
            var setup = Setup(upstream: upstream.port)
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.workers = 1
            setup.routes = ["{path: /, upstream: app, token_binding: required, token_issuer: as}"]
            setup.upstreams.append("as: {servers: [{address: \"127.0.0.1:\(port)\"}]}")
            setup.top = [
                "token_issuers:", "  as:", "    introspection:",
                "      {upstream: as, path: /introspect, client_id: gate, client_secret_file: \(folder["secret"]), timeout: 1s}",
            ]
            return try Gateway(setup)
        }

        @Test("is asked about opaque tokens, once while the answer holds", arguments: ["--http1.1", "--http2"])
        func introspection(_ version: String) throws {
            let server = Server()
            let listening = try Upstream { server.answer($0) }
            let upstream = try Upstream()
            let gateway = try gateway(listening.port, upstream)
            let folder = try TestFolder()
            let other = try folder.anotherCaller()
            let mine = try TokenIssuer.thumbprint().base64URL
            server.state.withLock { state in
                state.tokens["good"] = "{\"active\":true,\"cnf\":{\"x5t#S256\":\"\(mine)\"},\"exp\":4102444800}"
                state.tokens["loose"] = "{\"active\":true}"
            }
            func call(_ token: String, _ more: [String] = [], as caller: String = "callers/org-auth-cli") throws -> Curl
            {
                try Curl(gateway, as: caller, [version, "-H", "Authorization: Bearer \(token)"] + more)
            }
            let body = String(repeating: "b", count: 100_000)
            #expect(try call("good", ["--data-binary", body]).status == 200)
            #expect(upstream.requests.first?.text == body)
            #expect(try call("good").status == 200)
            #expect(LogLine(try call("good", as: other).text)?["code"] == "token_binding_mismatch")
            #expect(server.state.withLock { $0.questions.count } == 1)
            let question = try #require(server.state.withLock { $0.questions.first })
            #expect(question.startLine == "POST /introspect HTTP/1.1")
            #expect(question.fields["Authorization"] == "Basic \(Base64.encode(Array("gate:s3cr%26t".utf8).span))")
            #expect(question.fields["Content-Type"] == "application/x-www-form-urlencoded")
            #expect(question.text == "token_type_hint=access_token&token=good")
            #expect(LogLine(try call("loose").text)?["code"] == "token_unbound")
            #expect(LogLine(try call("dead").text)?["code"] == "token_inactive")
            #expect(LogLine(try call("dead").text)?["code"] == "token_inactive")
            #expect(server.state.withLock { $0.questions.count } == 3)
        }

        @Test("that does not answer, or is not there, admits nobody")
        func silent() throws {
            let upstream = try Upstream()
            // Takes questions and says nothing.
            let mute = try Upstream { visit in while try !visit.read().isEmpty {} }
            let slow = try gateway(mute.port, upstream)
            let late = try Curl(slow, "/", ["-H", "Authorization: Bearer abc"])
            #expect(late.status == 503)
            #expect(LogLine(late.text)?["code"] == "token_introspection_unavailable")
            mute.stop()
            let absent = try Curl(slow, "/", ["-H", "Authorization: Bearer abc"])
            #expect(LogLine(absent.text)?["code"] == "token_introspection_unavailable")
            #expect(upstream.requests.isEmpty)
        }
    }
}
