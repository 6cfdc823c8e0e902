import Crypto
import Foundation
import Testing

extension Integration {
    @Suite("A signed identity")
    struct SignedIdentityTests {
        private static func gateway(
            _ upstream: Upstream, keys: [PrivateKey], per: String = "connection"
        ) throws -> (Gateway, TestFolder) {
            let folder = try TestFolder()
            for (number, key) in keys.enumerated() { try folder.write(try key.pem, to: "key-\(number).pem") }
            let paths = keys.indices.map { folder["key-\($0).pem"] }.joined(separator: ", ")
            var setup = Setup(upstream: upstream.port)
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.routes = [
                "{path: /own, upstream: app, identity: [{signed: {audience: \"https://own.example\"}}]}",
                "{path: /, upstream: app, identity: [signed, igc-sante]}",
            ]
            setup.top = [
                "signed_identity: {keys: [\(paths)], issuer: \"https://gate.example\", per: \(per)}",
                "admin: {address: \"127.0.0.1:0\"}",
            ]
            return (try Gateway(setup), folder)
        }

        private static func keySet(_ gateway: Gateway) throws -> String {
            try run(
                "curl", ["--silent", "--noproxy", "*", "http://127.0.0.1:\(try gateway.port(of: "admin"))/jwks.json"]
            ).text
        }

        /// The claims of a token, unverified.
        private static func claims(_ token: String) throws -> LogLine {
            let part = token.split(separator: ".").dropFirst().first.map(String.init) ?? ""
            let bytes = try #require(Base64.decode(part, variant: .url))
            return try #require(LogLine(String(decoding: bytes, as: UTF8.self)))
        }

        @Test(
            "is verified by an implementation that is not the gateway's, with the keys that the gateway publishes",
            .enabled(if: Python.jwt != nil, "PyJWT cannot be had from PyPI"), arguments: ["--http1.1", "--http2"])
        func verified(_ version: String) throws {
            let python = try #require(Python.jwt)
            let upstream = try Upstream()
            let (gateway, folder) = try Self.gateway(
                upstream, keys: [try PrivateKey.generate(.p256), try PrivateKey.generate(.p256)])
            let forged = ["-H", "X-Poterne-Identity: forged", "-H", "x_poterne_identity: forged"]
            let call = try Curl(gateway, "/x", [version, "-H", "X-Request-Id: r-1"] + forged)
            #expect(call.status == 200, "\(call.errors)")
            let request = try #require(upstream.requests.first)
            #expect(request.fields[all: "X-Poterne-Identity"].count == 1)
            #expect(!upstream.text.contains("forged"))
            try folder.write(try Self.keySet(gateway), to: "jwks.json")
            try folder.write(Self.verifier, to: "verify.py")
            let token = try #require(request.fields["X-Poterne-Identity"])
            let result = try run(
                "env", ["PYTHONPATH=\(python)", "python3", folder["verify.py"], folder["jwks.json"], token])
            #expect(result.exitCode == 0, "\(result.errors)")
            let claims = try #require(LogLine(result.text), "\(result.text)")
            #expect(claims["iss"] == "https://gate.example")
            #expect(claims["aud"] == "app")
            #expect(claims["kind"] == "ORG AUTH_CLI")
            #expect(claims["environment"] == request.fields["X-IGC-Sante-Environment"])
            #expect(claims["structure_id"] == request.fields["X-IGC-Sante-Structure-Id"])
            #expect(claims["client_name"] == request.fields["X-IGC-Sante-Client-Name"])
            #expect(claims["serial"] == request.fields["X-IGC-Sante-Serial"])
            #expect(claims["request_id"] == "r-1")
            #expect(result.text.contains(try TokenIssuer.thumbprint().base64URL))
        }

        private static let verifier = """
            import json, sys, jwt
            keys = jwt.PyJWKSet.from_json(open(sys.argv[1]).read())
            kid = jwt.get_unverified_header(sys.argv[2])["kid"]
            key = next(k for k in keys.keys if k.key_id == kid)
            claims = jwt.decode(sys.argv[2], key.key, algorithms=["ES256"], audience="app",
                issuer="https://gate.example", options={"require": ["exp", "iat", "jti", "sub"]})
            assert 0 < claims["exp"] - claims["iat"] <= 60
            tampered = sys.argv[2][:-4] + ("AAAA" if sys.argv[2][-4:] != "AAAA" else "BBBB")
            try:
                jwt.decode(tampered, key.key, algorithms=["ES256"], audience="app")
                sys.exit("a tampered token was taken")
            except jwt.InvalidSignatureError:
                pass
            print(json.dumps(claims))
            """

        @Test("is signed once for a connection and an audience, or for each request where that is asked for")
        func scope() throws {
            let upstream = try Upstream()
            let (once, _) = try Self.gateway(upstream, keys: [try PrivateKey.generate(.p256)])
            let caller = try once.caller()
            for path in ["/", "/own", "/"] { #expect(try caller.exchange("GET", path).status == 200) }
            let tokens = upstream.requests.compactMap { $0.fields["X-Poterne-Identity"] }
            #expect(tokens.count == 3)
            #expect(tokens[0] == tokens[2])
            #expect(try Self.claims(tokens[1])["aud"] == "https://own.example")

            let recorder = try Upstream()
            let (each, _) = try Self.gateway(recorder, keys: [try PrivateKey.generate(.p256)], per: "request")
            let other = try each.caller()
            for number in 0..<2 {
                let named = Field(name: "X-Request-Id", value: "r-\(number)")
                #expect(try other.exchange("GET", "/", fields: [named]).status == 200)
            }
            let identifiers = try recorder.requests.compactMap { $0.fields["X-Poterne-Identity"] }.map {
                try Self.claims($0)["request_id"]
            }
            #expect(identifiers == ["r-0", "r-1"])
        }

        @Test("is signed with another key after a reload, whose predecessor stays published")
        func rotation() throws {
            let upstream = try Upstream()
            let keys = [try PrivateKey.generate(.p256), try PrivateKey.generate(.p256)]
            let (gateway, folder) = try Self.gateway(upstream, keys: keys)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").status == 200)
            let before = try Self.keySet(gateway)
            try folder.write(try keys[1].pem, to: "key-0.pem")
            try folder.write(try keys[0].pem, to: "key-1.pem")
            try gateway.reload()
            #expect(try caller.exchange("GET", "/").status == 200)
            let headers = upstream.requests.compactMap { $0.fields["X-Poterne-Identity"]?.split(separator: ".").first }
            #expect(Set(headers).count == 2)
            let after = try Self.keySet(gateway)
            #expect(before != after && before.utf8.count == after.utf8.count)
        }
    }
}
