import Testing

extension Integration {
    @Suite("PROXY protocol")
    struct ProxyProtocolTests {
        private static func gateway(_ upstream: Upstream, trusting network: String) throws -> Gateway {
            var setup = Setup(upstream: upstream.port)
            setup.listener = ["proxy_protocol: accept", "trusted_proxies: [\(network)]"]
            return try Gateway(setup)
        }

        private static let first = Array("PROXY TCP4 192.0.2.7 198.51.100.2 4711 443\r\n".utf8)
        private static let second =
            Array("\r\n\r\n\0\r\nQUIT\n".utf8) + [
                0x21, 0x11, 0, 12, 192, 0, 2, 7, 198, 51, 100, 2, 0x12, 0x67, 1, 0xBB,
            ]

        @Test("a trusted proxy says who calls, byte by byte", arguments: [first, second])
        func named(_ header: [UInt8]) throws {
            let upstream = try Upstream()
            let gateway = try Self.gateway(upstream, trusting: "127.0.0.0/8")
            let caller = try gateway.caller(saying: header)
            #expect(try caller.exchange("GET", "/").status == 200)
            #expect(upstream.text.contains("X-Forwarded-For: 192.0.2.7\r\n"))
            let line = try gateway.accessLine { $0["status"] == "200" }
            #expect(line.description.contains("192.0.2.7:4711"))
        }

        @Test(
            "what is no header is not answered",
            arguments: ["GET / HTTP/1.1\r\n\r\n", "PROXY TCP4 nobody\r\n", "\u{16}"])
        func noHeader(_ text: String) throws {
            let upstream = try Upstream()
            let gateway = try Self.gateway(upstream, trusting: "127.0.0.0/8")
            let wire = try Wire(port: gateway.port)
            try wire.write(text)
            #expect(((try? wire.readToEnd()) ?? []).isEmpty)
        }

        @Test("anybody else speaks for itself")
        func untrusted() throws {
            let upstream = try Upstream()
            let gateway = try Self.gateway(upstream, trusting: "10.0.0.0/8")
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").status == 200)
            #expect(upstream.text.contains("X-Forwarded-For: 127.0.0.1\r\n"))
            let liar = try Wire(port: gateway.port)
            try liar.write(Self.first)
            // A TLS alert at the most: what it said is no handshake.
            #expect(((try? liar.readToEnd()) ?? []).first.map { $0 == 0x15 } != false)
            #expect(!upstream.text.contains("192.0.2.7"))
        }
    }
}
