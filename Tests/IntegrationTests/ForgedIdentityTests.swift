import TLS
import Testing

extension Integration {
    @Suite("Forged identity headers")
    struct ForgedIdentityTests {
        /// A name or more of each family that some upstream somewhere believes.
        static let names = [
            "X-IGC-Sante-Kind", "X-IGC-Sante-Structure-Id", "X-IGC-Sante-Anything", "X-Poterne-Caller",
            "Poterne-Caller",
            "Client-Cert", "Client-Cert-Chain", "X-Forwarded-Client-Cert", "X-Forwarded-Tls-Client-Cert",
            "X-Forwarded-Tls-Client-Cert-Info", "X-Amzn-Mtls-Clientcert", "X-Amzn-Mtls-Clientcert-Subject",
            "X-SSL-Client-Verify", "X-SSL-Client-S-DN", "X-SSL-Cert", "X-Client-Cert", "X-ClientCert", "X-Client-DN",
            "X-Client-Verify", "SSL-Client-Cert", "SSL-Client-S-DN", "SSL-Client-Verify", "SSL-Server-S-DN",
            "X-ARR-ClientCert", "X-Remote-User", "Remote-User", "X-Forwarded-User",
        ]

        /// Ways to write a name that some upstream takes for the same.
        static let spellings: [@Sendable (String) -> String] = [
            { $0 }, { $0.lowercased() }, { $0.uppercased() }, { $0.replacing("-", with: "_") },
            { $0.lowercased().replacing("-", with: "_") }, { $0.replacing("-", with: ".") },
            { name in
                String(name.enumerated().map { $0.element == "-" ? ["_", ".", "-"][$0.offset % 3] : $0.element })
            },
        ]

        private static var forgeries: [[Field]] {
            spellings.map { spelling in
                names.flatMap { name in
                    [Field(name: spelling(name), value: "forged"), Field(name: spelling(name), value: "forged too")]
                }
            }
        }

        /// Nothing of the callers' words is there, and of the gateway's own each once.
        private func expectOwnWords(_ upstream: Upstream, requests: Int, identity: Bool = true) {
            #expect(upstream.requests.count == requests)
            #expect(!upstream.text.lowercased().contains("forged"))
            for request in upstream.requests {
                let kinds = request.fields.filter {
                    $0.name.lowercased().replacing("_", with: "-").replacing(".", with: "-") == "x-igc-sante-kind"
                }
                #expect(kinds.map(\.value) == (identity ? ["ORG AUTH_CLI"] : []))
                #expect(request.fields["X-Harmless"] == "kept")
            }
        }

        @Test("never reach an upstream, however they are spelled and repeated", arguments: TLSVersion.allCases)
        func spelled(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller(over: version)
            for forgery in Self.forgeries {
                let fields = forgery + [Field(name: "X-Harmless", value: "kept")]
                #expect(try caller.exchange("GET", "/", fields: fields).status == 200)
            }
            expectOwnWords(upstream, requests: Self.spellings.count)
        }

        @Test("never reach it on a route without identity, nor from a caller without a certificate")
        func withoutIdentity() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.mode = "optional"
            setup.routes = ["{path: /, upstream: app, client_certificate: none}"]
            let gateway = try Gateway(setup)
            for name in ["callers/org-auth-cli", nil] {
                let caller = try gateway.caller(name)
                for forgery in Self.forgeries {
                    let fields = forgery + [Field(name: "X-Harmless", value: "kept")]
                    #expect(try caller.exchange("GET", "/", fields: fields).status == 200)
                }
            }
            expectOwnWords(upstream, requests: 2 * Self.spellings.count, identity: false)
        }

        @Test("never reach it in trailers")
        func trailers() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller()
            for forgery in Self.forgeries {
                let lines = (Array(forgery.prefix(30)) + [Field(name: "X-Note", value: "passed")])
                    .map { "\($0)\r\n" }.joined()
                try caller.write(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nX-Harmless: kept\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n0\r\n\(lines)\r\n")
                #expect(try caller.messages.readResponse().final.status == 200)
            }
            expectOwnWords(upstream, requests: Self.spellings.count)
        }

        @Test("cannot be kept by naming them in Connection, nor can the true ones be removed so")
        func connectionOptions() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port, identity: "[igc-sante, rfc9440, ans]"))
            let caller = try gateway.caller()
            for options in ["X-IGC-Sante-Kind, Client-Cert", "x_igc_sante_kind", "SSL_CLIENT_CERT, SSL_CLIENT_S_DN"] {
                let fields = [
                    Field(name: "Connection", value: options), Field(name: "X-IGC-Sante-Kind", value: "forged"),
                    Field(name: "X-Harmless", value: "kept"),
                ]
                #expect(try caller.exchange("GET", "/", fields: fields).status == 200)
            }
            expectOwnWords(upstream, requests: 3)
            for request in upstream.requests {
                #expect(request.fields[all: "Client-Cert"].count == 1)
                #expect(request.fields[all: "SSL_CLIENT_CERT"].count == 1)
            }
        }

        @Test("nor do names of a header of one's own")
        func customNames() throws {
            let upstream = try Upstream()
            let identity = "[{custom: [{name: X-Caller, value: \"{structure_id}\"}]}]"
            let gateway = try Gateway(Setup(upstream: upstream.port, identity: identity))
            let caller = try gateway.caller()
            for name in ["X-Caller", "x_caller", "X.CALLER"] {
                #expect(try caller.exchange("GET", "/", fields: [Field(name: name, value: "forged")]).status == 200)
            }
            #expect(!upstream.text.contains("forged"))
            for request in upstream.requests { #expect(request.fields[all: "X-Caller"] == ["10B0999901"]) }
        }
    }
}
