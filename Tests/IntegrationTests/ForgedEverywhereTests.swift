import Foundation
import Testing

extension Integration {
    @Suite("Forged copies of every preset's headers")
    struct ForgedEverywhereTests {
        /// What all presets and two headers of one's own write for a caller that has everything.
        static let written = [
            "X-IGC-Sante-Kind", "X-IGC-Sante-Structure-Id", "X-IGC-Sante-Structure-Id-Type",
            "X-IGC-Sante-Structure-Id-Value", "X-IGC-Sante-Structure-Name", "X-IGC-Sante-Client-Name",
            "X-IGC-Sante-Department", "X-IGC-Sante-Range", "X-IGC-Sante-Environment", "X-IGC-Sante-Serial",
            "X-IGC-Sante-Thumbprint", "X-IGC-Sante-Not-After", "Client-Cert", "Client-Cert-Chain",
            "X-Forwarded-Client-Cert", "X-SSL-Client-Verify", "X-SSL-Client-S-DN", "X-SSL-Client-I-DN",
            "X-SSL-Client-Serial", "X-SSL-Client-Fingerprint", "X-SSL-Client-Cert", "SSL_CLIENT_CERT",
            "SSL_CLIENT_S_DN", "X-Forwarded-Tls-Client-Cert", "X-Forwarded-Tls-Client-Cert-Info",
            "X-Amzn-Mtls-Clientcert-Serial-Number", "X-Amzn-Mtls-Clientcert-Issuer", "X-Amzn-Mtls-Clientcert-Subject",
            "X-Amzn-Mtls-Clientcert-Validity", "X-Amzn-Mtls-Clientcert-Leaf", "X-Caller", "Caller-Department",
        ]

        /// Names that no preset writes, and that are as much of a claim.
        static let others = ["X-IGC-Sante-Anything", "X-Amzn-Mtls-Clientcert", "X-SSL-Client-Anything"]

        private static var forgeries: [[Field]] {
            ForgedIdentityTests.spellings.map { spelling in
                (written + others).flatMap { name in
                    [Field(name: spelling(name), value: "forged"), Field(name: spelling(name), value: "forged")]
                }
            }
        }

        /// The same in pieces: a message has few trailers.
        private static var trailers: [[Field]] {
            forgeries.flatMap { forgery in
                stride(from: 0, to: forgery.count, by: 24).map {
                    Array(forgery[$0..<min($0 + 24, forgery.count)]) + [Field(name: "x-note", value: "passed")]
                }
            }
        }

        private func gateway(_ upstream: Upstream) throws -> Gateway {
            let identity =
                "[igc-sante, rfc9440, xfcc, nginx, ans, traefik, alb, {custom: [{name: X-Caller, value: "
                + "\"{structure_id}\"}, {name: Caller-Department, value: \"{department}\"}]}]"
            var setup = Setup(upstream: upstream.port, identity: identity)
            setup.http = ["protocols: [h2, http/1.1]", "max_headers: 400", "max_header_size: 64KiB"]
            return try Gateway(setup)
        }

        private static func folded(_ name: String) -> String {
            String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
        }

        /// Of each header there is the gateway's own, once, and nothing that a caller said.
        private func expectOwnWords(_ upstream: Upstream, requests: Int) {
            #expect(upstream.requests.count == requests)
            #expect(!upstream.text.lowercased().contains("forged"))
            let own = Set(Self.written.map(Self.folded))
            for request in upstream.requests {
                let names = request.fields.map(\.name).filter { own.contains(Self.folded($0)) }
                #expect(names == Self.written)
            }
        }

        @Test("never reach an upstream, over HTTP/1.1 and HTTP/2", arguments: [["--http1.1"], ["--http2"]])
        func fields(_ version: [String]) throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            for forgery in Self.forgeries {
                let call = try Curl(gateway, "/", version + forgery.flatMap { ["-H", "\($0.name): \($0.value)"] })
                #expect(call.status == 200, "\(call.errors) \(call.text)")
            }
            expectOwnWords(upstream, requests: Self.forgeries.count)
        }

        @Test("never reach it as trailers of HTTP/1.1")
        func trailers() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            for trailers in Self.trailers {
                let lines = trailers.map { "\($0)\r\n" }.joined()
                try caller.write(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
                        + "\(lines)\r\n")
                #expect(try caller.messages.readResponse().final.status == 200)
            }
            expectOwnWords(upstream, requests: Self.trailers.count)
            #expect(upstream.text.components(separatedBy: "x-note: passed").count == Self.trailers.count + 1)
        }

        @Test("never reach it as trailers of HTTP/2")
        func multiplexedTrailers() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let folder = try TestFolder()
            let body = try folder.write("abc", to: "body")
            for trailers in Self.trailers {
                let said = try nghttp(
                    gateway,
                    ["--data=\(body)", "--no-content-length"]
                        + trailers.map { "--trailer=\($0.name.lowercased()): \($0.value)" })
                #expect(said.contains(":status: 200"), "\(said)")
            }
            expectOwnWords(upstream, requests: Self.trailers.count)
            #expect(upstream.text.components(separatedBy: "x-note: passed").count == Self.trailers.count + 1)
        }

        @Test("named in Connection are neither kept by that nor are the true ones removed; HTTP/2 refuses the field")
        func connectionOptions() throws {
            let upstream = try Upstream()
            let gateway = try gateway(upstream)
            let caller = try gateway.caller()
            for spelling in ForgedIdentityTests.spellings {
                let named = (Self.written.prefix(12) + Self.written.suffix(9)).map(spelling)
                let fields =
                    [Field(name: "Connection", value: named.joined(separator: ", "))]
                    + named.map { Field(name: $0, value: "forged") }
                #expect(try caller.exchange("GET", "/", fields: fields).status == 200)
            }
            expectOwnWords(upstream, requests: ForgedIdentityTests.spellings.count)
            let said = try nghttp(gateway, ["--header=connection: x-igc-sante-kind"])
            #expect(!said.contains(":status: 200"), "\(said)")
            #expect(upstream.requests.count == ForgedIdentityTests.spellings.count)
        }

        /// What nghttp prints of a conversation.
        private func nghttp(_ gateway: Gateway, _ arguments: [String]) throws -> String {
            let file = "\(gateway.setup.folder)/callers/org-auth-cli"
            let result = try run(
                "nghttp",
                ["--verbose", "--no-verify-peer", "--cert=\(file).pem", "--key=\(file).key"] + arguments
                    + ["https://localhost:\(gateway.port)/"])
            return result.text + result.errors
        }
    }
}
