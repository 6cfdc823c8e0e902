import Testing

extension Integration {
    @Suite("Upgrades")
    struct UpgradeTests {
        private static let ask = [Field(name: "Connection", value: "Upgrade"), Field(name: "Upgrade", value: "raw")]
        private static let granted = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n"

        /// Grants the upgrade, and gives back what it gets, in capitals.
        private static func shouter(_ answer: String = granted) throws -> Upstream {
            try Upstream { visit in
                guard try MessageReader(visit).readHead() != nil else { return }
                try visit.write(answer)
                while case let bytes = try visit.read(), !bytes.isEmpty {
                    try visit.write(bytes.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 })
                }
            }
        }

        private static func gateway(_ upstream: Upstream, readTimeout: String = "60s") throws -> Gateway {
            var setup = Setup(upstream: 1)
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:\(upstream.port)\"}], read_timeout: \(readTimeout)}"
            ]
            return try Gateway(setup)
        }

        /// A caller with a tunnel, through which a word has gone both ways.
        private static func tunnel(through gateway: Gateway) throws -> Caller {
            let caller = try gateway.caller()
            try caller.send("GET", "/chat", fields: ask)
            let head = try #require(try caller.messages.readHead())
            #expect(head.status == 101)
            #expect(head.fields["Upgrade"] == "raw")
            #expect(head.fields["Connection"]?.lowercased() == "upgrade")
            try caller.write("hello")
            #expect(try Self.read(5, from: caller) == "HELLO")
            return caller
        }

        private static func read(_ count: Int, from caller: Caller) throws -> String {
            var bytes = caller.messages.rest
            while bytes.count < count {
                let more = try caller.read()
                if more.isEmpty { break }
                bytes += more
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        @Test("bytes go both ways once the upstream has granted it, and the caller ends it in good order")
        func bothWays() throws {
            let upstream = try Self.shouter()
            let gateway = try Self.gateway(upstream)
            let caller = try Self.tunnel(through: gateway)
            #expect(upstream.text.contains("Upgrade: raw\r\n"))
            #expect(upstream.text.contains("Connection: Upgrade\r\n"))
            #expect(upstream.text.contains("X-IGC-Sante-Kind: ORG AUTH_CLI\r\n"))
            caller.endOutput()
            #expect(try caller.readToEnd().isEmpty)
            let line = try gateway.accessLine { $0["status"] == "101" }
            #expect(line["bytes_in"] == "5")
            #expect(line["bytes_out"] == "5")
        }

        @Test("more than the buffers hold goes through, while the reader takes its time")
        func backPressure() throws {
            let size = 8 * 1024 * 1024
            let gate = Switch(false)
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readHead()
                try visit.write(Self.granted)
                try visit.write([UInt8](repeating: 0x78, count: size))
                gate.isOn = true
            }
            let gateway = try Self.gateway(upstream)
            let caller = try gateway.caller()
            try caller.send("GET", "/", fields: Self.ask)
            #expect(try caller.messages.readHead()?.status == 101)
            var count = caller.messages.rest.count
            while case let bytes = try caller.read(), !bytes.isEmpty { count += bytes.count }
            #expect(count == size)
            #expect(gate.isOn)
        }

        @Test(
            "it is passed on only to those who ask in full",
            arguments: [
                [Field(name: "Upgrade", value: "raw")],
                [Field(name: "Connection", value: "Upgrade")],
                [Field(name: "Connection", value: "Upgrade"), Field(name: "Upgrade", value: "h2c")],
                [Field(name: "Connection", value: "Upgrade"), Field(name: "Upgrade", value: "TLS/1.3, HTTP/2.0")],
            ])
        func notAsked(_ fields: [Field]) throws {
            let upstream = try Upstream()
            let gateway = try Self.gateway(upstream)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/", fields: fields).status == 200)
            #expect(!upstream.text.lowercased().contains("upgrade"))
        }

        @Test("nor behind a body")
        func body() throws {
            let upstream = try Upstream()
            let gateway = try Self.gateway(upstream)
            let caller = try gateway.caller()
            #expect(try caller.exchange("POST", "/", fields: Self.ask, body: [1, 2, 3]).status == 200)
            #expect(!upstream.text.lowercased().contains("upgrade"))
        }

        @Test(
            "a 101 that does not answer this request opens no tunnel",
            arguments: [
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: raw\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw, other\r\n\r\n",
            ])
        func wrongGrant(_ answer: String) throws {
            let upstream = try Self.shouter(answer)
            let gateway = try Self.gateway(upstream)
            let response = try gateway.caller().exchange("GET", "/", fields: Self.ask)
            #expect(response.status == 502)
            #expect(response.code == "upstream_unexpected_response")
        }

        @Test("nor does one to a WebSocket key that the upstream has not read")
        func wrongProof() throws {
            let upstream = try Self.shouter(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n")
            let fields = [
                Field(name: "Connection", value: "Upgrade"), Field(name: "Upgrade", value: "websocket"),
                Field(name: "Sec-WebSocket-Key", value: "dGhlIHNhbXBsZSBub25jZQ=="),
                Field(name: "Sec-WebSocket-Version", value: "13"),
            ]
            let gateway = try Self.gateway(upstream)
            #expect(try gateway.caller().exchange("GET", "/", fields: fields).status == 502)
        }

        @Test("an upstream that declines answers like any other, and the connection goes on")
        func declined() throws {
            let upstream = try Upstream()
            let gateway = try Self.gateway(upstream)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/", fields: Self.ask).status == 200)
            #expect(try caller.exchange("GET", "/again").status == 200)
        }

        @Test("a tunnel in which nothing is said ends")
        func idle() throws {
            let upstream = try Self.shouter()
            let gateway = try Self.gateway(upstream, readTimeout: "200ms")
            let caller = try Self.tunnel(through: gateway)
            #expect(try caller.readToEnd().isEmpty)
        }

        @Test("it ends when the gateway drains")
        func drain() throws {
            let upstream = try Self.shouter()
            let gateway = try Self.gateway(upstream)
            let caller = try Self.tunnel(through: gateway)
            #expect(try gateway.stop() == .exited(0))
            #expect(try caller.readToEnd().isEmpty)
        }

        @Test("it is cut when its caller may not go on")
        func callerMayNotGoOn() throws {
            let upstream = try Self.shouter()
            let gateway = try Self.gateway(upstream)
            let caller = try Self.tunnel(through: gateway)
            var narrower = gateway.setup
            narrower.accept = ["SERV SSL"]
            try gateway.rewrite(narrower.yaml)
            try gateway.reload()
            #expect(caller.readToFailure().bytes.isEmpty)
            try eventually("the upstream's side is gone") { upstream.visits.first?.wire.isReadable == true }
        }

        @Test("real WebSocket peers", .enabled(if: Python.websockets != nil, "websockets cannot be had from PyPI"))
        func webSockets() throws {
            let python = try #require(Python.websockets)
            let folder = try TestFolder()
            try folder.write(Self.server, to: "server.py")
            try folder.write(Self.client, to: "client.py")
            let server = try ChildProcess(
                "python3", ["-u", folder["server.py"]], output: folder["port"], errors: folder["errors"],
                environment: ["PYTHONPATH": python])
            let port = try eventually("the server listens") {
                guard server.isRunning else { throw Gateway.CannotServe(log: folder.text("errors")) }
                return folder.text("port").split(separator: "\n").first.flatMap { UInt16($0) }
            }
            let gateway = try Gateway(Setup(upstream: port))
            let certificates = gateway.setup.folder
            let client = try run(
                "env",
                [
                    "PYTHONPATH=\(python)", "python3", folder["client.py"], "\(gateway.port)",
                    "\(certificates)/trust/root.pem", "\(certificates)/callers/org-auth-cli",
                ])
            #expect(client.exitCode == 0, "\(client.errors)")
            #expect(client.text == "ORG AUTH_CLI\n1048576\nclosed 1000\n")
        }

        private static let server = """
            import asyncio, websockets
            async def serve(ws):
                await ws.send(ws.request.headers["X-IGC-Sante-Kind"])
                async for message in ws:
                    await ws.send(message)
            async def main():
                async with websockets.serve(serve, "127.0.0.1", 0, max_size=None) as server:
                    print(server.sockets[0].getsockname()[1])
                    await asyncio.Future()
            asyncio.run(main())
            """

        private static let client = """
            import asyncio, ssl, sys, websockets
            async def main():
                context = ssl.create_default_context(cafile=sys.argv[2])
                context.load_cert_chain(sys.argv[3] + ".pem", sys.argv[3] + ".key")
                uri = "wss://localhost:%s/chat" % sys.argv[1]
                async with websockets.connect(uri, ssl=context, max_size=None, host="127.0.0.1", proxy=None) as ws:
                    print(await ws.recv())
                    await ws.send(b"x" * 1048576)
                    print(len(await ws.recv()))
                print("closed", ws.close_code)
            asyncio.run(main())
            """
    }
}
