import Foundation
import HTTP2Frames
import Testing

extension Integration {
    @Suite("Floods over HTTP/2")
    struct HTTP2FloodsTests {
        /// A gateway in front of an upstream that answers, and one that has what nobody reads.
        private static func gateway(_ upstream: Upstream, _ http: [String] = []) throws -> Gateway {
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            setup.http = ["protocols: [h2, http/1.1]"] + http
            return try Gateway(setup)
        }

        /// Something that costs a caller little, so often that it must end.
        struct Flood: CustomTestStringConvertible {
            let reason: String
            /// How many the gateway lets pass at once.
            let allowance: Int
            let bytes: [UInt8]

            var testDescription: String { reason }
        }

        private static func repeated(_ count: Int, _ bytes: (UInt32) -> [UInt8]) -> [UInt8] {
            (0..<count).flatMap { bytes(UInt32(2 * $0 + 1)) }
        }

        static let floods: [Flood] = [
            Flood(
                reason: "h2_flood_resets", allowance: 200,
                bytes: repeated(400) { FrameCaller.request(stream: $0) + Frame.reset(stream: $0) }),
            Flood(reason: "h2_flood_settings", allowance: 20, bytes: repeated(60) { _ in Frame.settings() }),
            Flood(reason: "h2_flood_pings", allowance: 100, bytes: repeated(400) { _ in Frame.ping() }),
            Flood(
                reason: "h2_flood_priorities", allowance: 500,
                bytes: repeated(1_000) { Frame.priority(stream: $0 + 2) }),
            Flood(
                reason: "h2_flood_window_updates", allowance: 2_000,
                bytes: repeated(4_000) { _ in Frame.windowUpdate(1) }),
            Flood(
                reason: "h2_flood_empty_frames", allowance: 100,
                bytes: FrameCaller.request(method: "POST", flags: Frame.endHeaders)
                    + repeated(400) { _ in Frame.data([]) }),
            Flood(
                reason: "h2_flood_continuations", allowance: 8,
                bytes: FrameCaller.request(flags: Frame.endStream)
                    + repeated(20) { _ in Frame.continuation(Frame.block([("x-more", "1")])) }),
            Flood(reason: "h2_header_list_bomb", allowance: 32_768, bytes: bomb),
        ]

        /// A field of four thousand bytes put into the dynamic table, and named two hundred times by one byte each
        /// (RFC 7541 §6.1, CVE-2016-6581).
        private static var bomb: [UInt8] {
            let field = Frame.block([("x-bomb", String(repeating: "b", count: 4_000))])
            let block =
                Frame.block(FrameCaller.head()) + [0x40] + field.dropFirst() + [UInt8](repeating: 0xBE, count: 200)
            return Frame.frame(0x1, flags: Frame.endStream | Frame.endHeaders, stream: 1, block)
        }

        @Test("end the session, with the caller and the count in the audit log", arguments: floods)
        func flood(_ flood: Flood) throws {
            let upstream = try Upstream()
            let gateway = try Self.gateway(upstream)
            let caller = try FrameCaller(gateway)
            try caller.send(flood.bytes)
            let code = try caller.readToEnd()
            // GOAWAY says ENHANCE_YOUR_CALM, where the flood left room for it to be read.
            if let code { #expect(code == 0xB) }
            #expect(caller.isEnded)
            let line = try gateway.auditLine { $0["reason"] == flood.reason }
            #expect(line["event"] == "cut")
            #expect(line["subject"]?.contains("POTERNE-DEMO") == true, "\(line)")
            #expect(line["count"].flatMap { Int($0) }.map { $0 >= flood.allowance } == true, "\(line)")
            // Nobody else is the worse for it.
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
        }

        @Test("a caller that opens no window has its stream ended, and is named")
        func stalledWindow() throws {
            let upstream = try Upstream { _ in
                "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + String(repeating: "x", count: 300_000)
            }
            let gateway = try Self.gateway(upstream, ["body_timeout: 1s"])
            let caller = try FrameCaller(gateway, greeting: Frame.preface + Frame.settings([(0x4, 0)]))
            try caller.send(FrameCaller.request() + FrameCaller.request(stream: 3))
            var reset: Set<UInt32> = []
            while reset.count < 2, let frame = try caller.next({ $0.type == 0x3 }) {
                #expect(frame.code == 8)
                reset.insert(frame.stream)
            }
            #expect(reset == [1, 3])
            let line = try gateway.auditLine { $0["reason"] == "h2_stalled_window" }
            #expect(line["subject"]?.contains("POTERNE-DEMO") == true, "\(line)")
            #expect(line["count"].flatMap { Int($0) }.map { $0 > 0 } == true, "\(line)")
            // The connection goes on for streams that are read.
            try caller.send(Frame.settings([(0x4, 65_535)]) + Frame.windowUpdate(1 << 20))
            try caller.send(FrameCaller.request(stream: 5) + Frame.windowUpdate(1 << 20, stream: 5))
            #expect(try caller.next { $0.stream == 5 && $0.endsStream } != nil)
        }

        @Test("more streams than are offered are refused, and the others served")
        func tooManyStreams() throws {
            let gate = Switch(false)
            let upstream = try Upstream { _ in
                try? eventually("the gate opens") { gate.isOn }
                return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            }
            let gateway = try Self.gateway(upstream, ["max_concurrent_streams: 4"])
            let caller = try FrameCaller(gateway)
            // Before the settings have been read, let alone acknowledged: no fault of the caller's.
            for stream in 0..<6 { try caller.send(FrameCaller.request(stream: UInt32(2 * stream + 1))) }
            var refused: [UInt32] = []
            while refused.count < 2, let frame = try caller.next({ $0.type == 0x3 }) {
                #expect(frame.code == 7)
                refused.append(frame.stream)
            }
            #expect(refused == [9, 11])
            gate.isOn = true
            var answered: Set<UInt32> = []
            while answered.count < 4, let frame = try caller.next({ $0.endsStream }) { answered.insert(frame.stream) }
            #expect(answered == [1, 3, 5, 7])
        }
    }
}
