import EventLoop
import Foundation
import HTTP
import Observability
import Testing
import Trust

@testable import Gateway

@Suite("The gateway's own answers")
struct ProblemResponseTests {
    private struct Problem: Decodable {
        let type: String
        let title: String
        let status: UInt16
        let detail: String
        let code: String
        let request_id: String
    }

    private static let refusals: [ExchangeRefusal] =
        MessageError.allCases.map { .malformed($0) } + [
            .ambiguousPath, .unknownExpectation, .notFound, .methodNotAllowed(allowed: Array("GET, PUT".utf8)),
            .misdirected, .tunnelRefused, .bodyTooLarge, .requestTimeout, .caller(.certificateMissing),
            .tooSlow, .overloaded, .tooOften(seconds: 7), .tooManyAtOnce, .upstream(.queueFull),
            .upstream(.connectError),
            .upstream(.responseTimeout),
        ]

    private static func answer(_ refusal: ExchangeRefusal) throws -> (head: ResponseHead, problem: Problem) {
        var record = ExchangeRecord.none
        record.requestID = Array("id-1".utf8)
        var head = ResponseHead()
        head.fields.append(.server, value: "of an upstream")
        let body = ProblemResponse.compose(
            refusal, for: record, explainedAt: "https://docs.example.fr/refusals#", into: &head)
        return (head, try JSONDecoder().decode(Problem.self, from: Data(body)))
    }

    @Test("say in JSON what the status line says, with a stable code and the request's id", arguments: refusals.indices)
    func problem(_ index: Int) throws {
        let refusal = Self.refusals[index]
        let (head, problem) = try Self.answer(refusal)
        #expect(head.status == refusal.status)
        #expect(problem.status == refusal.status.rawValue)
        #expect((400...599).contains(problem.status))
        #expect(problem.code == refusal.code)
        #expect(problem.type == "https://docs.example.fr/refusals#\(refusal.code)")
        #expect(problem.request_id == "id-1")
        #expect(!problem.detail.isEmpty)
        #expect(head.fields.texts.contains("Content-Type: application/problem+json"))
        #expect(head.fields.texts.contains("Cache-Control: no-store"))
        #expect(!head.fields.names.contains("Server"), "of what an upstream began to say nothing is left")
    }

    // RFC 9110 §15.5.6: "The origin server MUST generate an Allow header field in a 405 response".
    @Test("name the methods that a route takes")
    func allow() throws {
        let (head, _) = try Self.answer(.methodNotAllowed(allowed: Array("GET, PUT".utf8)))
        #expect(head.fields.texts.contains("Allow: GET, PUT"))
    }

    @Test("say when to try again, where the upstream is overrun")
    func retryAfter() throws {
        #expect(try Self.answer(.upstream(.queueFull)).head.fields.texts.contains("Retry-After: 1"))
        #expect(try !Self.answer(.upstream(.connectError)).head.fields.names.contains("Retry-After"))
    }

    @Test("tell no two refusals by one code unless they are one thing")
    func codes() {
        let codes = Self.refusals.map(\.code)
        #expect(Set(codes).count == codes.count)
    }
}
