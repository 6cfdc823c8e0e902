import Foundation
import HTTP2Frames
import Testing

/// A request of HTTP/2 of the corpus in `Tests/HTTP2Tests/Corpus`: a line for each field, what is to become of it first.
///
/// `NAME = VALUE`, then `! data BYTES` for each DATA frame and `! trailer NAME = VALUE`; `\r`, `\n`, `\t`, `\0`, `\s` for a
/// space, `\xNN` and `\\` are what they say.
struct MultiplexedCorpusFile {
    let name: String
    let isRefused: Bool
    private var fields: [(name: [UInt8], value: [UInt8])] = []
    private var data: [[UInt8]] = []
    private var trailers: [(name: [UInt8], value: [UInt8])] = []

    static let all: [MultiplexedCorpusFile] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("HTTP2Tests/Corpus")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)).map {
                MultiplexedCorpusFile(name: name, text: $0)
            }
        }
    }()

    private init(name: String, text: String) {
        self.name = name
        isRefused = text.hasPrefix("# refused")
        for line in text.split(separator: "\n") where !line.hasPrefix("# ") {
            if line.hasPrefix("! data ") {
                data.append(Self.unescape(line.dropFirst(7)))
            } else if line.hasPrefix("! trailer ") {
                trailers.append(Self.field(line.dropFirst(10)))
            } else {
                fields.append(Self.field(line))
            }
        }
    }

    /// Whether all of it is a head.
    var isHeadAlone: Bool { data.isEmpty && trailers.isEmpty }

    /// Its frames, on stream 1.
    var frames: [UInt8] {
        let end = isHeadAlone ? Frame.endStream : 0
        var bytes = Frame.frame(0x1, flags: Frame.endHeaders | end, stream: 1, Frame.block(octets: fields))
        for (index, piece) in data.enumerated() {
            let isLast = trailers.isEmpty && index == data.count - 1
            bytes += Frame.data(piece, flags: isLast ? Frame.endStream : 0)
        }
        guard !trailers.isEmpty else { return bytes }
        return bytes
            + Frame.frame(
                0x1, flags: Frame.endHeaders | Frame.endStream, stream: 1, Frame.block(octets: trailers))
    }

    private static func field(_ line: Substring) -> (name: [UInt8], value: [UInt8]) {
        guard let range = line.range(of: " = ") else { return (unescape(line.dropLast(2)), []) }
        return (unescape(line[..<range.lowerBound]), unescape(line[range.upperBound...]))
    }

    private static func unescape(_ text: Substring) -> [UInt8] {
        let plain: [UInt8: UInt8] = [
            UInt8(ascii: "r"): 0x0D, UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "0"): 0,
            UInt8(ascii: "s"): 0x20, UInt8(ascii: "\\"): 0x5C,
        ]
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            if escape == UInt8(ascii: "x") {
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plain[escape] ?? escape)
            }
        }
        return bytes
    }
}

extension Integration {
    @Suite("Requests of HTTP/2 on their way to HTTP/1.1")
    struct DowngradeTests {
        @Test("each of the corpus is refused, and nothing of it forwarded, or forwarded without a doubt")
        func corpus() throws {
            // A connection for each request, so that what one forwards is told from what others did.
            let upstream = try Upstream { _ in
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
            }
            var setup = Setup(upstream: upstream.port)
            setup.http = ["protocols: [h2]"]
            let gateway = try Gateway(setup)
            let files = MultiplexedCorpusFile.all
            #expect(files.count > 130)
            for file in files {
                let before = upstream.visits.count
                let outcome = try Self.play(file, against: gateway)
                let forwarded = upstream.visits.dropFirst(before).flatMap(\.requests)
                if file.isRefused {
                    #expect(outcome != "answered", "\(file.name)")
                    #expect(forwarded.isEmpty, "\(file.name): a request was forwarded")
                } else {
                    #expect(outcome == "answered", "\(file.name): \(outcome)")
                    #expect(forwarded.count == 1, "\(file.name): \(forwarded.count) requests")
                    forwarded.forEach { Self.expectClear($0, file.name) }
                }
            }
            #expect(upstream.requests.count == files.count { !$0.isRefused })
            for request in upstream.requests {
                #expect(
                    !request.target.contains("muggled"), "\(request.startLine)")
                #expect(request.fields["X-Smuggled"] == nil)
            }
            // Those that were refused for their head are in the log, with the rule.
            let refused = files.count { $0.isRefused && $0.isHeadAlone }
            try eventually("each refusal is in the log") {
                gateway.accessLog.count { $0["refusal"] != nil } >= refused
            }
        }

        /// Sends a file, and says what became of it.
        private static func play(_ file: MultiplexedCorpusFile, against gateway: Gateway) throws -> String {
            let caller = try FrameCaller(gateway)
            try caller.send(file.frames)
            let answer = try caller.next { $0.type == 0x3 || $0.type == 0x7 || ($0.type == 0x1 && $0.stream == 1) }
            guard let answer else { return "closed" }
            guard answer.type == 0x1 else { return "ended with \(answer.code ?? 0)" }
            // Index 8 of the static table is `:status: 200`.
            guard answer.payload.first == 0x88 else { return "another status" }
            if !answer.endsStream { try caller.next { $0.endsStream } }
            return "answered"
        }

        /// Whether no server could take it for another request, or for two.
        private static func expectClear(_ request: Message, _ name: String) {
            let framing = request.fields[all: "Content-Length"] + request.fields[all: "Transfer-Encoding"]
            #expect(framing.count < 2, "\(name): \(framing)")
            #expect(request.fields[all: "Host"] == ["localhost"], "\(name)")
            #expect(request.fields[all: "Cookie"].count < 2, "\(name)")
            for field in ["Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "TE"] {
                #expect(request.fields[field].map { $0 == "trailers" || $0 == "TE" } ?? true, "\(name): \(field)")
            }
            for trailer in request.trailers { #expect(trailer.name.lowercased() == "x-end", "\(name): \(trailer)") }
        }
    }
}
