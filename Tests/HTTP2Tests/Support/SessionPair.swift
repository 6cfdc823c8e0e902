import HTTP
import HTTP2
import Testing

/// A client and a server that talk to each other in memory.
final class SessionPair {
    let server = RecordingServer()
    let client = RecordingClient()
    let serverSession: HTTP2ServerSession
    let clientSession: HTTP2ClientSession
    private(set) var serverError: HTTP2Error?
    private(set) var clientError: HTTP2Error?
    /// The largest piece that was written at once.
    private(set) var largestPiece = 0
    var pieceLimit = 16 * 1024

    init(server serverLimits: HTTP2Limits = HTTP2Limits(), client clientLimits: HTTP2Limits = HTTP2Limits()) throws {
        serverSession = try HTTP2ServerSession(limits: serverLimits, delegate: server)
        clientSession = try HTTP2ClientSession(limits: clientLimits, isSecure: true, delegate: client)
    }

    deinit {
        serverSession.close()
        clientSession.close()
    }

    /// Carries bytes over until neither side has any more.
    func exchange() {
        for _ in 0..<10_000 {
            let fromClient = takeOutput(of: clientSession)
            do { try serverSession.receive(fromClient.span, at: 0) } catch { serverError = error }
            let fromServer = takeOutput(of: serverSession)
            do { try clientSession.receive(fromServer.span, at: 0) } catch { clientError = error }
            if fromClient.isEmpty, fromServer.isEmpty { return }
        }
        Issue.record("The sessions do not come to rest.")
    }

    /// What a session writes at once.
    func takeOutput(of session: HTTP2Session) -> [UInt8] {
        var bytes: [UInt8] = []
        session.writeOutput(into: &bytes, limit: pieceLimit)
        largestPiece = max(largestPiece, bytes.count)
        return bytes
    }

    /// Sends a request.
    @discardableResult
    func send(_ head: RequestHead, extra: FieldSection? = nil, consumesAtOnce: Bool = true) throws -> RecordingStream {
        let receiver = RecordingStream(consumesAtOnce: consumesAtOnce)
        receiver.stream = try clientSession.send(head, extra: extra, to: receiver)
        return receiver
    }

    /// A request's head, as a gateway has it.
    static func request(
        _ method: String = "GET", _ path: String = "/", framing: BodyFraming = .none,
        fields: [(StaticString, StaticString)] = []
    ) throws -> RequestHead {
        var head = RequestHead()
        head.beginPseudoFields()
        try head.setPseudoField(":method".bytes.span, to: method.bytes.span)
        try head.setPseudoField(":scheme".bytes.span, to: "https".bytes.span)
        try head.setPseudoField(":authority".bytes.span, to: "api.example.fr".bytes.span)
        try head.setPseudoField(":path".bytes.span, to: path.bytes.span)
        for (name, value) in fields { head.fields.append(name: name, value: value) }
        head.framing = framing
        return head
    }

    static func response(
        _ status: Status = 200, framing: BodyFraming = .none, fields: [(StaticString, StaticString)] = []
    ) -> ResponseHead {
        var head = ResponseHead()
        head.status = status
        head.framing = framing
        for (name, value) in fields { head.fields.append(name: name, value: value) }
        return head
    }
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}
