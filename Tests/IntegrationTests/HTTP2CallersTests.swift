import Foundation
import TLS
import Testing

extension Integration {
    @Suite("Callers of HTTP/2")
    struct HTTP2CallersTests {
        private func gateway(_ upstream: Upstream) throws -> Gateway {
            var setup = Setup(upstream: upstream.port)
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.routes.insert("{path: /own, respond: {status: 200, body: own}}", at: 0)
            return try Gateway(setup)
        }

        static let versions = [["--http2", "--tls-max", "1.2"], ["--http2", "--tlsv1.3"]]

        @Test("are served, and told upstream by the same identity headers", arguments: versions)
        func served(_ version: [String]) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let call = try Curl(gateway, "/h2?x=1", version + ["--data-binary", "hello"])
            #expect(call.status == 200, "\(call.errors)")
            #expect(call.text == "ok")
            let request = try #require(upstream.requests.first)
            #expect(request.startLine == "POST /h2?x=1 HTTP/1.1")
            #expect(request.text == "hello")
            #expect(request.fields["X-IGC-Sante-Kind"] == "ORG AUTH_CLI")
            #expect(request.fields["Via"] == "2.0 poterne")
            #expect(request.fields[all: "Host"].count == 1)
            let line = try gateway.accessLine { $0["path"] == "/h2" }
            #expect(line["protocol"] == "HTTP/2" || line["protocol"] == "HTTP/2.0")
            #expect(line["client"] == "POTERNE-DEMO")
        }

        @Test("cannot forge an identity, in whatever spelling", arguments: versions)
        func forged(_ version: [String]) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            for spelling in ForgedIdentityTests.spellings {
                let fields = ForgedIdentityTests.names.flatMap { ["-H", "\(spelling($0)): forged"] }
                let call = try Curl(gateway, "/", version + fields)
                #expect(call.status == 200, "\(call.errors)")
            }
            #expect(upstream.requests.count == ForgedIdentityTests.spellings.count)
            #expect(!upstream.text.lowercased().contains("forged"))
            for request in upstream.requests {
                #expect(request.fields[all: "X-IGC-Sante-Kind"] == ["ORG AUTH_CLI"])
            }
        }

        @Test("are refused in the same words", arguments: versions)
        func refused(_ version: [String]) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let missing = try Curl(gateway, "/own", host: "api.poterne.example", version)
            #expect(missing.text == "own", "\(missing.errors)")
            let revoked = try Curl(gateway, as: "wrong/revoked", version)
            #expect(revoked.exitCode != 0)
            #expect(revoked.errors.contains("certificate revoked"), "\(revoked.errors)")
            #expect(upstream.visits.isEmpty)
        }

        @Test("a large body passes both ways", arguments: versions)
        func large(_ version: [String]) throws {
            let echo = try Echo()
            var setup = Setup(upstream: echo.port)
            setup.http = ["protocols: [h2, http/1.1]", "max_body_size: off"]
            let gateway = try Gateway(setup)
            let down = try Curl(gateway, "/bytes/33554432", version)
            #expect(down.body.count == 33_554_432, "\(down.errors)")
            let folder = try TestFolder()
            let body = try folder.write([UInt8](repeating: 0x61, count: 16 << 20), to: "body")
            let up = try Curl(gateway, "/in", version + ["--data-binary", "@\(body)"])
            #expect(Echo.Reply(up.text)?.bodyBytes == 16 << 20, "\(up.errors)")
        }
    }
}
