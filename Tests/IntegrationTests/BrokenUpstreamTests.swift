import Foundation
import HTTP1Corpus
import TLS
import Testing

extension Integration {
    @Suite("Upstreams that break the rules")
    struct BrokenUpstreamTests {
        /// An upstream that answers each request with bytes of its own making and ends the connection.
        private func upstream(_ bytes: [UInt8]) throws -> Upstream {
            try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write(bytes)
            }
        }

        @Test("each refused response of the corpus is 502 or cut, never passed on")
        func corpus() throws {
            let gatewayUpstream = try Upstream { visit in
                let reader = MessageReader(visit)
                guard let request = try reader.readRequest() else { return }
                let index = request.target.dropFirst().prefix { $0.isNumber }
                try visit.write(CorpusMessage.responses[Int(index) ?? 0].bytes)
            }
            var setup = Setup(upstream: gatewayUpstream.port)
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:\(gatewayUpstream.port)\"}], retries: {attempts: 0}}"
            ]
            let gateway = try Gateway(setup)
            var count = 0
            for (index, file) in CorpusMessage.responses.enumerated() where file.isRefused {
                // Some answer a method other than GET.
                guard !file.name.hasPrefix("to-"), !file.name.contains("-to-") else { continue }
                // Larger heads are taken from upstreams than the corpus is read with.
                guard !["field-line-too-long.resp", "too-many-fields.resp"].contains(file.name) else { continue }
                count += 1
                let caller = try gateway.caller()
                try caller.send("GET", "/\(index)")
                let (bytes, error) = caller.readToAnswer()
                let answer = try? MessageReader(Recording(bytes)).readResponse().final
                if answer?.status == 502, answer?.isComplete == true {
                    #expect(answer?.fields["Content-Type"] == "application/problem+json", "\(file.name)")
                } else {
                    // The head was good and has gone out: the cut must be seen.
                    #expect(
                        answer?.isComplete != true && error != nil,
                        "\(file.name): \(answer.map { "\($0)" } ?? "none")")
                }
            }
            #expect(count > 40)
        }

        @Test(
            "an answer that cannot be passed on is 502, with its reason in the log",
            arguments: [
                (
                    "both lengths",
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
                ),
                ("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok"),
                ("rubbish", "\u{16}\u{3}\u{1}rubbish\r\n\r\n"),
                ("a folded field", "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 2\r\n\r\nok"),
                ("an unknown coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok"),
                (
                    "an unasked upgrade",
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n"
                ),
            ])
        func badAnswers(_ name: String, _ response: String) throws {
            let upstream = try upstream(Array(response.utf8))
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller()
            let answer = try caller.exchange("GET", "/")
            #expect(answer.status == 502, "\(name): \(answer)")
            #expect(answer.fields["Content-Type"] == "application/problem+json")
            let line = try gateway.accessLine { $0["status"] == "502" }
            #expect(line["refusal"]?.hasPrefix("upstream_") == true)
            // The caller's connection is unharmed.
            #expect(try caller.exchange("GET", "/again").status == 502)
        }

        @Test("an endless head is 502", .timeLimit(.minutes(1)))
        func endlessHead() throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.1 200 OK\r\n")
                for number in 0..<1_000_000 { try visit.write("X-\(number): yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n") }
            }
            let gateway = try Gateway(Setup(upstream: upstream.port))
            #expect(try gateway.caller().exchange("GET", "/").status == 502)
        }

        @Test("a flood of interim responses is cut off", .timeLimit(.minutes(1)))
        func interimFlood() throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                while true { try visit.write("HTTP/1.1 103 Early Hints\r\n\r\n") }
            }
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let caller = try gateway.caller()
            try caller.send("GET", "/")
            let (informational, final) = try caller.messages.readResponse()
            #expect(informational.count <= 16)
            #expect(final.status == 502)
            #expect(final.code == "upstream_too_many_informational")
        }

        /// Answers whose head is good and whose body is not: the caller must see the cut.
        static let cutAnswers: [(String, String)] = [
            ("too short", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"),
            ("a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nXX\r\nmore"),
            ("a chunk too long", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok!!\r\n0\r\n\r\n"),
            ("no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"),
        ]

        @Test("an answer that breaks off within its body is cut for the caller too", arguments: TLSVersion.allCases)
        func cutAnswer(_ version: TLSVersion) throws {
            for (name, response) in Self.cutAnswers {
                let upstream = try upstream(Array(response.utf8))
                let gateway = try Gateway(Setup(upstream: upstream.port))
                let caller = try gateway.caller(over: version)
                try caller.send("GET", "/")
                let (bytes, error) = caller.readToFailure()
                // Without close_notify: a cut answer must not look like one that ends with the connection.
                #expect(error != nil, "\(name)")
                let answer = try? MessageReader(Recording(bytes)).readResponse().final
                #expect(answer?.isComplete != true, "\(name)")
                let line = try gateway.accessLine { $0["path"] == "/" }
                #expect(line["refusal"]?.hasPrefix("upstream_") == true, "\(name)")
            }
        }

        @Test("what comes behind an answer is nobody's, and never another caller's")
        func behindAnAnswer() throws {
            let upstream = try Upstream { visit in
                let reader = MessageReader(visit)
                while let request = try reader.readRequest() {
                    let extra = request.target == "/long" ? "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison" : ""
                    try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\(extra)")
                }
            }
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            for _ in 0..<10 {
                #expect(try caller.exchange("GET", "/long").text == "ok")
                #expect(try caller.exchange("GET", "/next").text == "ok")
            }
        }

        @Test(
            "a body behind an answer that has none is nobody's",
            arguments: [
                ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison", 200),
                ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\npoison", 304),
                ("GET", "HTTP/1.1 204 No Content\r\n\r\npoison", 204),
                ("GET", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\npoison", 204),
            ])
        func bodyOfABodilessAnswer(_ method: String, _ response: String, _ status: Int) throws {
            let upstream = try Upstream { visit in
                let reader = MessageReader(visit)
                while let request = try reader.readRequest() {
                    let isNext = request.target == "/next"
                    try visit.write(isNext ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" : response)
                }
            }
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            for _ in 0..<5 {
                let answer = try caller.exchange(method, "/odd")
                #expect(answer.status == status)
                #expect(answer.body.isEmpty)
                #expect(try caller.exchange("GET", "/next").text == "ok")
            }
            #expect(!caller.messages.rest.contains(UInt8(ascii: "p")))
        }

        @Test("an answer that comes on an idle connection is not the next request's")
        func unaskedAnswer() throws {
            let hasSpoken = Switch(false)
            let upstream = try Upstream { visit in
                let reader = MessageReader(visit)
                guard let request = try reader.readRequest() else { return }
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                guard request.target == "/first" else { return }
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison")
                hasSpoken.isOn = true
                while try !visit.read().isEmpty {}
            }
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            let gateway = try Gateway(setup)
            #expect(try gateway.caller().exchange("GET", "/first").text == "ok")
            try eventually("it has come") { hasSpoken.isOn }
            #expect(try gateway.caller().exchange("GET", "/second").text == "ok")
            #expect(upstream.visits.count == 2)
        }

        @Test("a banner before any request is no answer")
        func banner() throws {
            let upstream = try Upstream { visit in
                try visit.write("SSH-2.0-OpenSSH_9.2\r\n")
                while try !visit.read().isEmpty {}
            }
            let gateway = try Gateway(Setup(upstream: upstream.port))
            let answer = try gateway.caller().exchange("GET", "/")
            #expect(answer.status == 502, "\(answer)")
        }

        @Test(
            "an upstream killed within its answer cuts it; the next request finds 502", arguments: TLSVersion.allCases)
        func killed(_ version: TLSVersion) throws {
            let echo = try Echo()
            let gateway = try Gateway(Setup(upstream: echo.port))
            let caller = try gateway.caller(over: version)
            try caller.send("GET", "/bytes/1000000000")
            _ = try caller.messages.readHead()
            try caller.messages.fill()
            echo.process.kill()
            let (_, error) = caller.readToFailure()
            #expect(error != nil)
            let next = try gateway.caller(over: version).exchange("GET", "/")
            #expect(next.status == 502)
        }
    }
}

extension Caller {
    /// Reads one answer, or what comes of it before the connection is cut.
    func readToAnswer() -> (bytes: [UInt8], error: (any Error)?) {
        var bytes: [UInt8] = []
        do {
            while true {
                let more = try read()
                if more.isEmpty { return (bytes, nil) }
                bytes += more
                let reader = MessageReader(Recording(bytes))
                if let answer = try? reader.readResponse().final, answer.isComplete,
                    answer.fields["Content-Length"] != nil || answer.isChunked
                {
                    return (bytes, nil)
                }
            }
        } catch {
            return (bytes, error)
        }
    }
}
