import Foundation
import HTTP1Corpus
import TLS
import Testing

extension CorpusMessage {
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
            let files = CorpusMessage.requests.filter(\.isRefused)
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

        /// Sends a message alone, ends the caller's side, and reads all that comes.
        private static func say(_ file: CorpusMessage, to gateway: Gateway) throws -> [UInt8] {
            let caller = try gateway.caller()
            try caller.write(file.forLocalhost)
            caller.endOutput()
            return caller.readToFailure().0
        }

        @Test("each incomplete message of the corpus is never forwarded as a whole one")
        func incomplete() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            for file in CorpusMessage.requests where file.outcome.hasPrefix("incomplete") {
                _ = try Self.say(file, to: gateway)
                #expect(upstream.requests.isEmpty, "\(file.name): a request was forwarded")
            }
        }

        @Test("each accepted message of the corpus is answered")
        func accepted() throws {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port))
            for file in CorpusMessage.requests where file.outcome.hasPrefix("accepted") {
                let answer = try? MessageReader(Recording(try Self.say(file, to: gateway))).readResponse().final
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
