import DER
import Fetching
import LoopbackHTTP
import Synchronization
import Testing
import X509

@testable import Revocation

@Suite("Fetching CRLs", .timeLimit(.minutes(1)))
struct SourcesTests {
    private let authority: TestAuthority
    private let now = Timestamp.now()

    init() throws {
        authority = try TestAuthority()
    }

    private func bytes(_ number: Int, base: Int? = nil, _ serial: [UInt8] = [1], left: Int64 = 90_000) throws -> [UInt8]
    {
        let ago = now.seconds(since: noon)
        return try RevocationListDraft(number, base: base, [.init(serial)])
            .valid(from: ago - 60, to: ago + left).signed(by: authority)
    }

    private func settings(_ urls: String..., delta: [String] = []) -> RevocationSettings {
        var settings = RevocationSettings(authorities: [
            .init(
                certificate: authority.certificate, base: urls.compactMap(RevocationSource.init),
                delta: delta.compactMap(RevocationSource.init))
        ])
        settings.timeoutSeconds = 20
        return settings
    }

    /// Fetches once; the failures and refusals on the way, and the number of the CRL in use at the end.
    private func fetch(_ settings: RevocationSettings) -> (
        failures: [SourceError], refusals: [OfferRefusal], CRLNumber?
    ) {
        var failures: [SourceError] = []
        var refusals: [OfferRefusal] = []
        let outcome = RevocationThread.once(settings, fetching: true) { event in
            switch event {
            case .fetchFailed(_, let error, _): failures.append(error)
            case .offered(.refused(let refusal), _): refusals.append(refusal)
            default: break
            }
        }
        return (failures, refusals, outcome.report.lists.first?.base?.number)
    }

    @Test("a CRL is fetched, in DER or PEM, over redirects too")
    func fetched() throws {
        let list = try bytes(7)
        let server = try LoopbackServer { head, _ in
            if head.hasPrefix("GET /moved") { return .response(status: 302, headers: ["Location: /pem"]) }
            if head.hasPrefix("GET /pem") {
                return .response(status: 200, body: Array(PEM.encode(PEMBlock(label: "X509 CRL", bytes: list)).utf8))
            }
            return .response(status: 200, body: list)
        }
        defer { server.stop() }
        for path in ["/der", "/pem", "/moved"] {
            let (failures, refusals, number) = fetch(settings(server.url + path))
            #expect(failures == [])
            #expect(refusals == [])
            #expect(number == CRLNumber(7))
        }
    }

    /// A way in which a source fails, and what it is called.
    struct Failing: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let failure: SourceError
        let refusal: OfferRefusal?
        let answer: @Sendable ([UInt8]) -> LoopbackServer.Answer

        init(
            _ description: String, _ failure: SourceError, _ refusal: OfferRefusal? = nil,
            _ answer: @escaping @Sendable ([UInt8]) -> LoopbackServer.Answer
        ) {
            testDescription = description
            self.failure = failure
            self.refusal = refusal
            self.answer = answer
        }
    }

    static let failing: [Failing] = [
        Failing("500", .transfer(.status(500))) { .response(status: 500, body: $0) },
        Failing("404", .transfer(.status(404))) { .response(status: 404, body: $0) },
        Failing("304 to an unconditional request", .transfer(.status(304))) { _ in .response(status: 304) },
        Failing("a page of HTML", .refused, .unusable(.html)) { _ in
            .response(status: 200, body: Array("<html>captive</html>".utf8))
        },
        Failing("an empty body", .refused, .unusable(.empty)) { _ in .response(status: 200) },
        Failing("half, with the length of the whole", .transfer(.truncated)) {
            .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: \($0.count)\r\n\r\n".utf8) + $0.prefix($0.count / 2))
        },
        Failing("half a chunked body", .transfer(.truncated)) {
            .raw(
                Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String($0.count, radix: 16))\r\n".utf8)
                    + $0.prefix($0.count / 2))
        },
        Failing("too large by its length", .transfer(.tooLarge(limit: 4000))) { _ in
            .response(status: 200, body: [UInt8](repeating: 0x30, count: 4001))
        },
        Failing("too large without a length", .transfer(.tooLarge(limit: 4000))) { _ in
            .raw(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + [UInt8](repeating: 0x30, count: 100_000))
        },
        Failing("redirects without end", .transfer(.tooManyRedirects)) { _ in
            .response(status: 302, headers: ["Location: /again"])
        },
    ]

    @Test("a source that fails is told from the others, and the next one serves", arguments: Self.failing)
    func fallback(_ failing: Failing) throws {
        let list = try bytes(7)
        let bad = try LoopbackServer { _, _ in failing.answer(list) }
        let good = try LoopbackServer { _, _ in .response(status: 200, body: list) }
        defer {
            bad.stop()
            good.stop()
        }
        var settings = settings(bad.url, good.url)
        settings.maximumSize = 4000
        let (failures, refusals, number) = fetch(settings)
        #expect(failures == [failing.failure])
        #expect(refusals == (failing.refusal.map { [$0] } ?? []))
        #expect(number == CRLNumber(7))
    }

    @Test("half a CRL without a length is seen to be half")
    func half() throws {
        let list = try bytes(7)
        let server = try LoopbackServer { _, _ in .raw(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + list.dropLast(10)) }
        defer { server.stop() }
        let (failures, refusals, number) = fetch(settings(server.url))
        #expect(failures == [.refused])
        #expect(refusals == [.unusable(.truncated(expected: list.count, found: list.count - 10))])
        #expect(number == nil)
    }

    @Test("a server that never answers is given up, and a port that nobody serves is a network failure")
    func silent() throws {
        let server = try LoopbackServer { _, _ in .silence }
        var patient = settings(server.url)
        patient.timeoutSeconds = 1
        #expect(fetch(patient).failures == [.transfer(.timedOut)])
        server.stop()
        guard case .transfer(.network) = fetch(settings("http://127.0.0.1:1")).failures.first else {
            Issue.record("not a network failure")
            return
        }
    }

    @Test("redirects lead to http and https alone")
    func protocols() throws {
        let server = try LoopbackServer { _, _ in
            .response(status: 302, headers: ["Location: file:///etc/hostname"])
        }
        defer { server.stop() }
        guard case .transfer(.network) = fetch(settings(server.url)).failures.first else {
            Issue.record("not a network failure")
            return
        }
    }

    @Test("a delta that waits for its base is of use, whichever comes first")
    func deltas() throws {
        let base = try bytes(7)
        let delta = try bytes(8, base: 7, [2])
        let server = try LoopbackServer { head, _ in
            .response(status: 200, body: head.hasPrefix("GET /delta") ? delta : base)
        }
        defer { server.stop() }
        let outcome = RevocationThread.once(
            settings(server.url + "/base", delta: [server.url + "/delta"]), fetching: true
        ) { _ in }
        #expect(outcome.report.lists.first?.delta?.number == CRLNumber(8))
        #expect(outcome.report.sources.map(\.failure) == [nil, nil])
        #expect(!outcome.report.sources.contains { $0.lastSuccess == nil })
    }

    @Test("a configured proxy is asked for http sources")
    func proxy() throws {
        let list = try bytes(7)
        let server = try LoopbackServer { _, _ in .response(status: 200, body: list) }
        defer { server.stop() }
        var settings = settings("http://igc.invalid/a.crl")
        settings.httpProxy = server.url
        #expect(fetch(settings).2 == CRLNumber(7))
        #expect(server.heads.first?.hasPrefix("GET http://igc.invalid/a.crl ") == true)
    }

    @Test("a file source serves when the network does not")
    func file() throws {
        let folder = try TemporaryFolder()
        try folder.write(bytes(7), to: "a.crl")
        let server = try LoopbackServer { _, _ in .response(status: 503) }
        defer { server.stop() }
        let (failures, _, number) = fetch(settings(server.url, "file:\(folder.path)/a.crl"))
        #expect(failures == [.transfer(.status(503))])
        #expect(number == CRLNumber(7))
        #expect(
            fetch(settings("file:\(folder.path)/missing")).failures
                == [.file(.system(SystemFailure("open", code: 2)))])
    }

    @Test("a stale CRL is used, yet the next source is asked for a better one")
    func stale() throws {
        let old = try bytes(7, left: -10)
        let current = try bytes(8)
        let stale = try LoopbackServer { _, _ in .response(status: 200, body: old) }
        let good = try LoopbackServer { _, _ in .response(status: 200, body: current) }
        defer {
            stale.stop()
            good.stop()
        }
        let (failures, _, number) = fetch(settings(stale.url, good.url))
        #expect(failures == [.stale])
        #expect(number == CRLNumber(8))
        #expect(fetch(settings(stale.url)).2 == CRLNumber(7))
    }
}
