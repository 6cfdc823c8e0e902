import Foundation
import HTTP2Frames
import Testing

/// What one rule of RFC 9113 or RFC 7541 says of bytes on a connection: the cases that h2spec tests, and some more.
struct ConformanceCase: Sendable {
    /// The section, and what the bytes are.
    let name: String
    /// What the connection begins with.
    var greeting = Frame.preface + Frame.settings()
    /// Said first, its response awaited.
    var before: [UInt8] = []
    let bytes: [UInt8]
    let expected: Outcome

    /// What is to become of it.
    enum Outcome: Sendable {
        /// The request on the stream is answered with 200.
        case served(UInt32)
        /// Nothing: the connection goes on, and no stream is ended.
        case ignored
        /// GOAWAY with one of these codes, and the end.
        case connectionError([Code])
        /// RST_STREAM with one of these codes; RFC 9113 §5.4.1 lets it be an error of the connection as well.
        case streamError([Code])
        /// Either is right.
        case ignoredOrError([Code])
        /// The connection ends, with or without a word.
        case closed
        /// The connection goes on, or ends in good order since nothing more is to come.
        case ignoredOrClosed
    }

    /// The codes of RFC 9113 §7.
    enum Code: UInt32 {
        case protocolError = 1
        case flowControl = 3
        case streamClosed = 5
        case frameSize = 6
        case refusedStream = 7
        case compression = 9
    }
}

extension Integration {
    @Suite("Conformance to HTTP/2")
    struct HTTP2ConformanceTests {
        /// Plays one case, and says what came of it.
        private static func play(_ played: ConformanceCase, against gateway: Gateway) throws -> String {
            let caller = try FrameCaller(gateway, greeting: played.greeting)
            if !played.before.isEmpty {
                try caller.send(played.before)
                guard try caller.next({ $0.endsStream }) != nil else { return "no answer to what is said before" }
            }
            try caller.send(played.bytes)
            if case .served(let stream) = played.expected {
                let status = try caller.next { $0.stream == stream && ($0.type == 0x1 || $0.type == 0x3) }
                guard let status, status.type == 0x1 else { return summary(caller) }
                // Index 8 of the static table is `:status: 200`; a change of the table's size may come before it.
                guard status.payload.first(where: { $0 & 0xE0 != 0x20 }) == 0x88 else { return "another status" }
                if status.endsStream { return "served" }
                return try caller.next { $0.stream == stream && $0.endsStream } == nil ? summary(caller) : "served"
            }
            // What a ping's answer follows has been dealt with; two, since an answer to a ping may overtake a reset.
            for _ in 0..<2 {
                try caller.send(Frame.ping())
                guard try caller.next({ $0.type == 0x6 && $0.flags == Frame.acknowledgement }) != nil else { break }
            }
            return summary(caller)
        }

        private static func summary(_ caller: FrameCaller) -> String {
            if let goaway = caller.received.first(where: { $0.type == 0x7 && $0.code != 0 }) {
                return "GOAWAY \(goaway.code ?? 0)"
            }
            if caller.isEnded { return "closed" }
            if let reset = caller.received.first(where: { $0.type == 0x3 }) { return "RST_STREAM \(reset.code ?? 0)" }
            return "ignored"
        }

        private static func isAsExpected(_ outcome: String, _ expected: ConformanceCase.Outcome) -> Bool {
            switch expected {
            case .served: outcome == "served"
            case .ignored: outcome == "ignored"
            case .ignoredOrClosed: outcome == "ignored" || outcome == "closed"
            case .closed: outcome == "closed" || outcome.hasPrefix("GOAWAY")
            case .connectionError(let codes): codes.contains { outcome == "GOAWAY \($0.rawValue)" }
            case .streamError(let codes):
                codes.contains { outcome == "RST_STREAM \($0.rawValue)" || outcome == "GOAWAY \($0.rawValue)" }
            case .ignoredOrError(let codes):
                outcome == "ignored"
                    || codes.contains { outcome == "RST_STREAM \($0.rawValue)" || outcome == "GOAWAY \($0.rawValue)" }
            }
        }

        @Test("each case comes out as its section says")
        func conformance() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.http = ["protocols: [h2]", "max_concurrent_streams: 8"]
            let gateway = try Gateway(setup)
            var passed = 0
            for played in ConformanceCase.all {
                let outcome: String
                do {
                    outcome = try Self.play(played, against: gateway)
                } catch {
                    outcome = "\(error)"
                }
                let isRight = Self.isAsExpected(outcome, played.expected)
                if isRight { passed += 1 }
                #expect(isRight, "\(played.name): \(outcome), not \(played.expected)")
            }
            print("HTTP/2 conformance: \(passed) of \(ConformanceCase.all.count) cases come out as their section says")
            #expect(ConformanceCase.all.count >= 130)
            // What was refused has not been forwarded.
            let forwarded = upstream.text.components(separatedBy: "\r\n").filter { $0.contains("/refused HTTP/") }
            #expect(forwarded.isEmpty)
        }
    }
}
