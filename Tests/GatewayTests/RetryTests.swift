import HTTP
import Testing

@testable import Gateway

@Suite("Whether a request is sent again")
struct RetryTests {
    private static func plan(connect: Bool = true, reset: Bool = true, methods: [String] = ["GET", "PUT"]) -> RetryPlan
    {
        RetryPlan(
            attempts: 1, onConnectError: connect, onResetBeforeResponse: reset, methods: methods.map { Array($0.utf8) })
    }

    @Test("It is for the methods and the reasons that the configuration names, and for no others")
    func plans() throws {
        let get = try requestHead("GET / HTTP/1.1", "Host: a")
        let post = try requestHead("POST / HTTP/1.1", "Host: a", "Content-Length: 0")
        #expect(Self.plan().permits(get, after: .connectError))
        #expect(Self.plan().permits(get, after: .resetBeforeResponse))
        #expect(!Self.plan().permits(post, after: .connectError))
        #expect(!Self.plan(connect: false).permits(get, after: .connectError))
        #expect(!Self.plan(reset: false).permits(get, after: .resetBeforeResponse))
        let query = try requestHead("QUERY / HTTP/1.1", "Host: a")
        #expect(
            Self.plan(methods: ["QUERY"]).permits(query, after: .connectError))
    }

    // RFC 9110 §9.2.2: only what was certainly not acted upon, or is idempotent, is sent again by itself.
    @Test("No failure after the first byte of a response is a reason to send it again")
    func reasons() {
        let final: [UpstreamFailure] = [
            .noServer, .queueFull, .queueTimeout, .truncatedResponse, .responseTimeout, .tooManyInformational,
            .unexpectedResponse, .malformedResponse(.headTooLarge),
        ]
        for failure in final { #expect(failure.retryReason == nil, "\(failure)") }
        for failure in [UpstreamFailure.connectError, .connectTimeout, .tlsError] {
            #expect(failure.retryReason == .connectError)
        }
        #expect(UpstreamFailure.resetBeforeResponse.retryReason == .resetBeforeResponse)
    }
}
