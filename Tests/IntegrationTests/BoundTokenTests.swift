import Crypto
import Foundation
import Synchronization
import Testing

extension Integration {
    @Suite("A route that asks for a token bound to the caller's certificate")
    struct BoundTokenTests {
        /// A gateway with a route that verifies the issuer's tokens, one that checks their binding alone, and one for the
        /// other form of thumbprint.
        private static func gateway(_ issuer: TokenIssuer, _ upstream: Upstream) throws -> (Gateway, TestFolder) {
            let folder = try TestFolder()
            try folder.write(issuer.keySet, to: "keys.json")
            var setup = Setup(upstream: upstream.port)
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.routes = [
                "{path: /verified, upstream: app, token_binding: required, token_issuer: as}",
                "{path: /hex, upstream: app, token_binding: required, token_issuer: hex}",
                "{path: /bound, upstream: app, token_binding: required}", "{path: /, upstream: app}",
            ]
            setup.top = [
                "token_issuers:",
                "  as: {jwks: \(folder["keys.json"]), issuer: \"https://as.example\", audience: \"https://api.example\"}",
                "  hex: {jwks: \(folder["keys.json"]), hex_thumbprint: true}",
                "admin: {address: \"127.0.0.1:0\"}",
            ]
            return (try Gateway(setup), folder)
        }

        struct Case: Sendable {
            let name: String
            let token: String
            let status: Int
            let code: String?
            var path = "/verified"
            var caller = "callers/org-auth-cli"
        }

        private static func cases(_ issuer: TokenIssuer, other: String) throws -> [Case] {
            let mine = try TokenIssuer.thumbprint().base64URL
            let hex = Base64.encode(Array(try TokenIssuer.thumbprint().hex.utf8).span)
            let now = Int(Date.now.timeIntervalSince1970)
            let none = "{\"alg\":\"none\"}"
            let unsigned = try issuer.token(for: mine, header: none).split(separator: ".").dropLast().joined(
                separator: ".")
            let stranger = try TokenIssuer(issuer.keyIdentifier)
            func refused(_ name: String, _ code: String, _ token: String, path: String = "/verified") -> Case {
                Case(name: name, token: token, status: 401, code: code, path: path)
            }
            func changed(_ changes: [String: String?], header: String? = nil) throws -> String {
                try issuer.token(for: mine, changes, header: header)
            }
            return [
                Case(name: "good", token: try changed([:]), status: 200, code: nil),
                Case(
                    name: "stolen", token: try changed([:]), status: 401, code: "token_binding_mismatch",
                    caller: other),
                refused("expired", "token_expired", try changed(["exp": "\(now - 60)"])),
                refused("not yet valid", "token_not_yet_valid", try changed(["nbf": "\(now + 300)"])),
                refused("mis-signed", "token_signature_invalid", try stranger.token(for: mine)),
                refused("wrongly encoded", "token_malformed", try changed([:]) + "="),
                refused(
                    "oversized", "token_too_large", try changed(["pad": "\"\(String(repeating: "x", count: 9_500))\""])
                ),
                refused("alg none", "token_algorithm", unsigned + "."),
                refused("alg none with a signature", "token_algorithm", try changed([:], header: none)),
                refused("HMAC", "token_algorithm", try changed([:], header: "{\"alg\":\"HS256\",\"kid\":\"key-1\"}")),
                refused("unknown key", "token_key_unknown", try TokenIssuer("key-9").token(for: mine)),
                refused("another issuer", "token_issuer", try changed(["iss": "\"https://evil.example\""])),
                refused("another audience", "token_audience", try changed(["aud": "[\"other\"]"])),
                refused("unbound", "token_unbound", try changed(["cnf": nil])),
                refused("hexadecimal", "token_binding_mismatch", try issuer.token(for: hex)),
                Case(
                    name: "hexadecimal allowed", token: try issuer.token(for: hex), status: 200, code: nil, path: "/hex"
                ),
                Case(
                    name: "binding alone", token: try stranger.token(for: mine), status: 200, code: nil, path: "/bound"),
                refused(
                    "binding alone, stolen", "token_binding_mismatch", try stranger.token(for: "x"), path: "/bound"),
                refused("opaque", "token_malformed", "2YotnFZFEjr1zCsicMWpAA", path: "/bound"),
            ]
        }

        @Test("takes good tokens and says of others what is wrong", arguments: ["--http1.1", "--http2"])
        func table(_ version: String) throws {
            let issuer = try TokenIssuer()
            let upstream = try Upstream()
            let (gateway, folder) = try Self.gateway(issuer, upstream)
            let cases = try Self.cases(issuer, other: folder.anotherCaller())
            for one in cases {
                let call = try Curl(
                    gateway, one.path, as: one.caller, [version, "-H", "Authorization: Bearer \(one.token)"])
                #expect(call.status == one.status, "\(one.name): \(call.text) \(call.errors)")
                #expect(LogLine(call.text)?["code"] == one.code, "\(one.name)")
                guard one.status == 401 else { continue }
                let challenge = try #require(call.fields["WWW-Authenticate"])
                #expect(challenge.hasPrefix("Bearer realm=\"poterne\", error=\"invalid_token\", error_description=\""))
                let line = try gateway.auditLine { $0["request_id"] == LogLine(call.text)?["request_id"] }
                #expect(line["reason"] == one.code)
                #expect(line["thumbprint"]?.isEmpty == false)
            }
            #expect(upstream.requests.count == cases.count { $0.status == 200 })
            let metrics = try eventually("the refusals are counted") {
                let metrics = try gateway.metrics()
                return metrics.contains("poterne_requests_refused_total{reason=\"token_expired\"} 1") ? metrics : nil
            }
            #expect(metrics.contains("poterne_token_keys{issuer=\"as\"} 1"))
        }

        @Test("wants one Authorization field, of the scheme Bearer in any case", arguments: ["--http1.1", "--http2"])
        func fields(_ version: String) throws {
            let issuer = try TokenIssuer()
            let upstream = try Upstream()
            let (gateway, _) = try Self.gateway(issuer, upstream)
            let token = try issuer.token(for: try TokenIssuer.thumbprint().base64URL)
            func call(_ fields: String...) throws -> Curl {
                try Curl(gateway, "/verified", [version] + fields.flatMap { ["-H", $0] })
            }
            let missing = try call()
            #expect(missing.status == 401)
            #expect(missing.fields["WWW-Authenticate"] == "Bearer realm=\"poterne\"")
            #expect(LogLine(missing.text)?["code"] == "token_missing")
            #expect(LogLine(try call("Authorization: Basic YTpi").text)?["code"] == "token_missing")
            let twice = try call("Authorization: Bearer \(token)", "Authorization: Bearer \(token)")
            #expect(twice.status == 400)
            #expect(LogLine(twice.text)?["code"] == "token_repeated")
            #expect(twice.fields["WWW-Authenticate"]?.contains("error=\"invalid_request\"") == true)
            let listed = try call("Authorization: Bearer \(token), Bearer \(token)")
            #expect(LogLine(listed.text)?["code"] == "token_malformed")
            #expect(try call("Authorization: bEARER \(token)").status == 200)
            #expect(upstream.requests.count == 1)
            #expect(upstream.requests.first?.fields["Authorization"] == "bEARER \(token)")
        }

        @Test(
            "on one connection looks at the same token again for its dates and keys, and at a changed key file at once")
        func keepAlive() throws {
            let issuer = try TokenIssuer()
            let upstream = try Upstream()
            let (gateway, folder) = try Self.gateway(issuer, upstream)
            let mine = try TokenIssuer.thumbprint().base64URL
            let ends = Int(Date.now.timeIntervalSince1970)
            // Three seconds more than the skew of 30.
            let short = Field(
                name: "Authorization", value: "Bearer \(try issuer.token(for: mine, ["exp": "\(ends - 27)"]))")
            let long = Field(name: "Authorization", value: "Bearer \(try issuer.token(for: mine))")
            let caller = try gateway.caller()
            #expect(try caller.exchange("/verified", fields: [short]).status == 200)
            #expect(try caller.exchange("/verified", fields: [long]).status == 200)
            #expect(try caller.exchange("/verified", fields: [long]).status == 200)
            let expired = try eventually("the token has expired") {
                let answer = try caller.exchange("/verified", fields: [short])
                return answer.status == 200 ? nil : answer
            }
            #expect(expired.code == "token_expired")
            // A key that is withdrawn takes with it what it has signed, seen before or not.
            try folder.write(TokenIssuer("key-2").keySet, to: "keys.json")
            let withdrawn = try eventually("the key is gone") {
                let answer = try caller.exchange("/verified", fields: [long])
                return answer.status == 200 ? nil : answer
            }
            #expect(withdrawn.code == "token_key_unknown")
        }
    }
}

extension Caller {
    /// Asks for a path and reads the answer.
    fileprivate func exchange(_ target: String, fields: [Field]) throws -> Message {
        try exchange("GET", target, fields: fields)
    }
}
