internal import EventLoop
internal import HTTP
internal import Observability

/// One request and its response, from the first byte of the head to the line in the access log.
///
/// Sits between a downstream session, which speaks the caller's protocol, and an origin: an upstream connection, or a
/// responder of the gateway's own. Knows the order of things and the back-pressure between the two; knows nothing of
/// bytes on a wire. Lives with its session and is used again for the next request.
final class Exchange {
    let worker: Worker

    /// The request as it came, and from `forward` on as it goes out.
    var request = RequestHead()
    /// The response, as it came and as it goes out.
    var response = ResponseHead()
    /// The fields after the request's body.
    var requestTrailers = FieldSection()
    /// The fields after the response's body.
    var responseTrailers = FieldSection()

    /// What the access log will say.
    var record = ExchangeRecord.none

    /// Its spans, where they are recorded.
    var trace: ExchangeTrace?

    /// The route that governs the request, once it is found.
    var route: Route?
    /// Who was admitted to it, in the renderings of the route's own configuration, whatever a reload brings meanwhile.
    var identity: RenderedIdentity?
    /// The field line of the token that says so too, where the route passes one on; else empty.
    var signedIdentity: [UInt8] = []

    /// The host that is asked for, lower-cased, without its port.
    var host: [UInt8] = []
    /// The path after RFC 3986 normalisation.
    var path: [UInt8] = []
    /// Whether that differs from the path that was sent.
    var isPathChanged = false
    /// Where the target as it was sent lies in the request's arena.
    var sentTarget = 0..<0

    /// The servers that the request was sent to, or was to be; a retry goes to another.
    var tried: [UpstreamServerPlan] = []

    /// What the caller asks to speak instead of HTTP, if the upstream does.
    var upgrade: Upgrade?
    var tunnel: Tunnel?

    let caller: DownstreamStream

    // What follows is for the exchange's own files, one for each side that it listens to, and for nobody else.

    var origin = ExchangeOrigin.none
    var requestState = RequestState.open
    var responseState = ResponseState.idle
    /// How often an upstream was asked for, a server's other addresses not counted.
    var attempts = 0
    /// Interim responses passed on.
    var informational = 0

    /// What the caller has left of the route's rate; nil where it has none.
    var standing: RateLimit.Standing?
    /// Its place among the requests that the route's callers may have in hand at once.
    var hold: CountLimit.Hold?

    /// How far the request has come.
    enum RequestState { case open, complete }
    /// How far the response has gone out.
    enum ResponseState { case idle, awaited, begun, complete }

    init(caller: DownstreamStream, worker: Worker) {
        self.caller = caller
        self.worker = worker
    }

    /// The connection that the request came on.
    var downstream: DownstreamConnection { caller.connection }

    /// Whether the caller waits for an answer.
    var isRunning: Bool { responseState == .awaited || responseState == .begun }

    /// Whether the whole request has come.
    var isRequestComplete: Bool { requestState == .complete }

    /// Whether the response's head has gone out.
    var hasBegunResponse: Bool { responseState == .begun || responseState == .complete }

    /// Whether an upstream or a responder is at work on it.
    var hasOrigin: Bool { origin.isPresent }

    /// Whether the body may be one side of a conversation, whose pauses have a meaning: what upstreams of HTTP/2 are for.
    var isConversation: Bool {
        if case .upstream(let plan)? = route?.action { plan.speaksHTTP2 } else { false }
    }

    /// From the end of the request to the response's head.
    var responseTimeout: Interval { route?.timeout ?? Interval(.seconds(60)) }

    /// Has `writer` compose the access log's line.
    func writeAccessLine(_ line: AccessExchange, with writer: inout AccessLine) {
        let fields = request.fields
        let bytes = fields.arena.span
        var method: [UInt8] = []
        request.appendMethod(to: &method)
        let version: StaticString =
            request.version == .http10 ? "HTTP/1.0" : request.version == .http2 ? "HTTP/2" : "HTTP/1.1"
        writer.write(
            line, on: downstream.accessConnection, method: method.span, target: bytes.extracting(sentTarget),
            version: version, referer: bytes.extracting(fields.value(named: "Referer") ?? 0..<0),
            userAgent: bytes.extracting(fields.value(of: .userAgent) ?? 0..<0))
    }

    /// Writes the verified identity behind the fields of an encoded head, before the empty line that ends it.
    func appendIdentityLines(to head: inout [UInt8]) {
        guard hasIdentityLines else { return }
        head.removeLast(2)
        if let rendering = route?.identity, let identity {
            let lines = identity.lines(of: rendering)
            head.append(copying: lines.span)
        }
        head.append(contentsOf: signedIdentity)
        head.append(0x0D)
        head.append(0x0A)
    }

    /// The verified identity as fields, for a head of HTTP/2; nil where the route passes none on.
    func identityFields() -> FieldSection? {
        guard hasIdentityLines else { return nil }
        var lines = signedIdentity
        if let rendering = route?.identity, let identity { lines = identity.lines(of: rendering) + lines }
        return RenderedIdentity.fields(in: lines)
    }

    private var hasIdentityLines: Bool { !signedIdentity.isEmpty || (route?.identity != nil && identity != nil) }

    /// Whether more of the request's body may be read now.
    var takesBody: Bool { origin.takesBody ?? (responseState != .awaited) }

    /// Keeps the route that governs the request; it may refuse it yet.
    func setRoute(_ route: Route) {
        self.route = route
    }

    /// Makes it ready for another request; keeps its memory.
    func reset() {
        request.reset()
        response.reset()
        requestTrailers.reset()
        responseTrailers.reset()
        trace = nil
        route = nil
        identity = nil
        if !signedIdentity.isEmpty { signedIdentity = [] }
        sentTarget = 0..<0
        tried.removeAll(keepingCapacity: true)
        upgrade = nil
        standing = nil
        origin = .none
        requestState = .open
        responseState = .idle
        attempts = 0
        informational = 0
    }
}
