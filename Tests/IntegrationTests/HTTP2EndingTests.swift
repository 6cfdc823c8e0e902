import Foundation
import HTTP2Frames
import Testing

extension Integration {
    @Suite("The end of connections of HTTP/2, and clients of many streams")
    struct HTTP2EndingTests {
        private static func setup(_ port: UInt16) -> Setup {
            var setup = Setup(upstream: port)
            setup.workers = 1
            setup.http = ["protocols: [h2, http/1.1]"]
            return setup
        }

        @Test("a drain says GOAWAY, lets what is in flight end, and ends then")
        func drain() throws {
            let gate = Switch(false)
            let upstream = try Upstream { _ in
                try? eventually("the gate opens") { gate.isOn }
                return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            }
            let gateway = try Gateway(Self.setup(upstream.port))
            let caller = try FrameCaller(gateway)
            try caller.send(FrameCaller.request("/slow"))
            try eventually("the request is upstream") { upstream.text.contains("GET /slow") }
            gateway.process.send(SIGTERM)
            // First a notice, then, once its answer shows that nothing more is on its way, the last stream.
            let notice = try #require(try caller.next { $0.type == 0x7 })
            #expect(notice.code == 0)
            #expect(notice.payload.prefix(4) == [0x7F, 0xFF, 0xFF, 0xFF])
            if let ping = caller.received.last(where: { $0.type == 0x6 && $0.flags == 0 }) {
                try caller.send(Frame.frame(0x6, flags: Frame.acknowledgement, ping.payload))
            } else {
                let ping = try #require(try caller.next { $0.type == 0x6 && $0.flags == 0 })
                try caller.send(Frame.frame(0x6, flags: Frame.acknowledgement, ping.payload))
            }
            let last = try #require(try caller.next { $0.type == 0x7 })
            #expect(last.payload.prefix(4) == [0, 0, 0, 1])
            gate.isOn = true
            #expect(try caller.next { $0.stream == 1 && $0.endsStream } != nil)
            try caller.readToEnd()
            #expect(try gateway.process.wait() == .exited(0))
        }

        @Test("a reset is carried to an upstream of HTTP/1.1 by the end of its connection")
        func resetUpstream() throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                // Says nothing, and waits for what the gateway does.
                _ = try visit.readToEnd()
            }
            let gateway = try Gateway(Self.setup(upstream.port))
            let caller = try FrameCaller(gateway)
            try caller.send(FrameCaller.request("/held") + FrameCaller.request("/own", stream: 3))
            try eventually("the request is upstream") { upstream.text.contains("GET /held") }
            try caller.send(Frame.reset(stream: 1))
            let visit = try #require(upstream.visits.first { $0.text.contains("/held") })
            try eventually("its connection is closed") { visit.wire.isReadable }
            let line = try gateway.accessLine { $0["path"] == "/held" }
            #expect(line["status"] == "499")
        }

        @Test("nghttp is served, its trailers and large bodies with it", .enabled(if: hasTools, "no nghttp2-client"))
        func nghttp() throws {
            let echo = try Echo()
            let gateway = try Gateway(Self.setup(echo.port))
            let folder = try TestFolder()
            let body = try folder.write([UInt8](repeating: 0x61, count: 4 << 20), to: "body")
            let result = try run(
                "nghttp",
                Self.identity(gateway) + [
                    "--data=\(body)", "--trailer=x-end: yes", "--header=:method: POST",
                    "https://localhost:\(gateway.port)/in",
                ])
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(Echo.Reply(result.text)?.bodyBytes == 4 << 20)
        }

        @Test("h2load's thousands of requests on many streams all succeed", .enabled(if: hasTools, "no nghttp2-client"))
        func h2load() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Self.setup(upstream.port))
            // h2load has no client's certificate.
            var open = gateway.setup
            open.mode = "none"
            open.routes = ["{path: /, upstream: app}"]
            let anonymous = try Gateway(open)
            let result = try run(
                "h2load", ["-n", "2000", "-c", "4", "-m", "32", "https://localhost:\(anonymous.port)/load"])
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(
                result.text.contains("2000 total, 2000 started, 2000 done, 2000 succeeded, 0 failed, 0 errored"),
                "\(result.text)")
            #expect(upstream.requests.count == 2_000)
        }

        private static let hasTools = (try? run("h2load", ["--version"]))?.exitCode == 0

        private static func identity(_ gateway: Gateway) -> [String] {
            let name = "\(gateway.setup.folder)/callers/org-auth-cli"
            return ["--cert=\(name).pem", "--key=\(name).key"]
        }
    }
}
