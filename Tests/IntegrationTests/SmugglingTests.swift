import Foundation
import TLS
import Testing

/// A message of the corpus of the HTTP/1.1 reader (`Tests/HTTP1Tests/Corpus`), where each file says what is to become
/// of it.
struct CorpusFile: CustomTestStringConvertible {
    let name: String
    let outcome: String
    let bytes: [UInt8]

    var testDescription: String { name }

    static let requests = load("requests")
    static let responses = load("responses")

    private static func load(_ kind: String) -> [CorpusFile] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("HTTP1Tests/Corpus/\(kind)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().compactMap { name in
            guard let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) else {
                return nil
            }
            let lines = text.split(separator: "\n")
            let body = lines.drop { $0.hasPrefix("# ") }.joined()
            guard let outcome = lines.first?.dropFirst(2) else { return nil }
            return CorpusFile(name: name, outcome: String(outcome), bytes: unescape(Array(body.utf8)[...]))
        }
    }

    var isRefused: Bool { outcome.hasPrefix("refused ") }

    /// The same with a host that the gateway's certificate covers, so that nothing else is wrong with it.
    var forLocalhost: [UInt8] {
        var bytes = bytes
        for host in ["gateway.example", "gateway.ex"] {
            while let range = bytes.firstRange(of: Array(host.utf8)) {
                bytes.replaceSubrange(range, with: Array("localhost".utf8))
            }
        }
        return bytes
    }

    private static func unescape(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                result.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "r"): result.append(13)
            case UInt8(ascii: "n"): result.append(10)
            case UInt8(ascii: "t"): result.append(9)
            case UInt8(ascii: "0"): result.append(0)
            case UInt8(ascii: "x"):
                result.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            case UInt8(ascii: "*"):
                let end = rest.firstIndex(of: UInt8(ascii: "}")) ?? rest.endIndex
                let parts = rest[..<end].dropFirst().split(separator: UInt8(ascii: ","), maxSplits: 1)
                let count = Int(String(decoding: parts[0], as: UTF8.self)) ?? 0
                let repeated = unescape(parts[1])
                for _ in 0..<count { result += repeated }
                rest = rest[end...].dropFirst()
            default: result.append(escape)
            }
        }
        return result
    }
}

extension Integration {
    @Suite("Requests that two servers would read differently")
    struct SmugglingTests {
        /// What follows each refused request: it must never be taken for a request.
        private static let second = Array("GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)

        @Test("each refused message of the corpus is answered once, forwarded never, and ends its connection")
        func refused() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.http = ["max_header_size: 32KiB"]
            let gateway = try Gateway(setup)
            let files = CorpusFile.requests.filter(\.isRefused)
            #expect(files.count > 150)
            for file in files {
                let before = upstream.requests.count
                let caller = try gateway.caller()
                // The gateway may close before it has read everything, which is its right.
                try? caller.write(file.forLocalhost + Self.second)
                let (bytes, error) = caller.readToFailure()
                let reader = MessageReader(Recording(bytes))
                let answer = try? reader.readResponse().final
                let statuses = [400, 414, 431, 501, 505]
                #expect(answer.map { statuses.contains($0.status) } == true, "\(file.name): \(answer?.status ?? 0)")
                #expect(answer?.fields["Connection"] == "close", "\(file.name)")
                #expect(reader.rest.isEmpty, "\(file.name): more than one answer")
                #expect(error == nil, "\(file.name): \(String(describing: error))")
                #expect(upstream.requests.count == before, "\(file.name): a request was forwarded")
            }
            #expect(!upstream.text.contains("/smuggled"))
        }

        @Test("each incomplete message of the corpus is never forwarded as a whole one")
        func incomplete() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            for file in CorpusFile.requests where file.outcome.hasPrefix("incomplete") {
                let caller = try gateway.caller()
                try caller.write(file.forLocalhost)
                caller.endOutput()
                _ = caller.readToFailure()
                #expect(upstream.requests.isEmpty, "\(file.name): a request was forwarded")
            }
        }

        @Test("each accepted message of the corpus is answered")
        func accepted() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            for file in CorpusFile.requests where file.outcome.hasPrefix("accepted") {
                let caller = try gateway.caller()
                try caller.write(file.forLocalhost)
                caller.endOutput()
                let (bytes, _) = caller.readToFailure()
                let answer = try? MessageReader(Recording(bytes)).readResponse().final
                #expect((answer?.status ?? 0) >= 200, "\(file.name)")
            }
            // What reached the upstream is framed beyond doubt.
            for request in upstream.requests {
                #expect(
                    request.fields[all: "Content-Length"].count + request.fields[all: "Transfer-Encoding"].count < 2)
                #expect(request.fields[all: "Host"].count == 1)
            }
        }

        @Test("a refusal is a problem document that names the rule", arguments: TLSVersion.allCases)
        func named(_ version: TLSVersion) throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            for (head, status, code) in [
                ("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400, "content_length_with_transfer_encoding"),
                ("Content-Length: 1\r\nContent-Length: 2\r\n", 400, "repeated_content_length"),
                ("X: a\r\n b\r\n", 400, "obsolete_folding"), ("X : a\r\n", 400, "whitespace_before_colon"),
                ("X: a\nY: b\r\n", 400, "bare_line_feed"), ("X: a\rb\r\n", 400, "bare_carriage_return"),
                ("X: a\0b\r\n", 400, "invalid_field_value"),
                ("Transfer-Encoding: gzip, chunked\r\n", 501, "unsupported_transfer_coding"),
            ] {
                let caller = try gateway.caller(over: version)
                try caller.write("POST / HTTP/1.1\r\nHost: localhost\r\n\(head)\r\n")
                let answer = try caller.messages.readResponse().final
                #expect(answer.status == status, "\(head)")
                #expect(answer.code == code, "\(head)")
                #expect(answer.fields["Content-Type"] == "application/problem+json")
                #expect(try !caller.messages.fill(), "\(head): the connection stays open")
                _ = try gateway.accessLine { $0["refusal"] == code && $0["status"] == "\(status)" }
            }
            #expect(upstream.visits.isEmpty)
        }
    }
}
