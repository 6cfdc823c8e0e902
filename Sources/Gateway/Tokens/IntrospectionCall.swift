internal import EventLoop
internal import HTTP
internal import HTTP1
internal import Token

/// One question to one server of an issuer's: a connection of its own, a request, and the body of the answer.
///
/// Answers are cached, so questions are few: a connection that is kept would be closed by the server before the next one.
final class IntrospectionCall: OutgoingConnection {
    private let request: [UInt8]
    private let upstream: UpstreamPlan
    private weak var question: IntrospectionQuestion?
    private var position = ParsePosition()
    private var response = ResponseHead()
    private var decoder: BodyDecoder?
    private var body: [UInt8] = []
    private var isAnswered = false

    init(
        _ request: [UInt8], to server: UpstreamServerPlan, of upstream: UpstreamPlan, question: IntrospectionQuestion,
        worker: Worker
    ) throws(UpstreamFailure) {
        self.request = request
        self.upstream = upstream
        self.question = question
        let introduction = upstream.introduction == nil ? [] : CallerIntroduction.ofTheGateway
        try super.init(
            to: server, through: upstream.tls, speaking: .http1, introducing: introduction,
            within: upstream.connectTimeout, worker: worker)
    }

    /// Nobody wants to know any more.
    func cancel() {
        question = nil
        close()
    }

    override func opened() {
        // The question has a deadline of its own.
        timer?.cancel()
        send(request)
    }

    override func timerFired(_ token: Int) { close() }

    override func received() {
        do throws(MessageError) {
            if decoder == nil { try readHead() }
            if decoder != nil { try readBody() }
        } catch {
            close()
        }
    }

    private func readHead() throws(MessageError) {
        let limits = upstream.headLimits
        let progress = try input.withBytes { bytes throws(MessageError) in
            try parseResponseHead(bytes, resume: &position, limits: limits, to: .post, into: &response)
        }
        guard case .complete(let consumed) = progress else { return }
        input.consume(consumed)
        if response.status.isInformational {
            position = ParsePosition()
            return lookAgain()
        }
        guard response.status == 200 else { return close() }
        decoder = BodyDecoder(response.framing, limits: limits) { _ in true }
    }

    private func readBody() throws(MessageError) {
        while !isClosed, var decoder {
            let event = try input.withBytes { bytes throws(MessageError) in
                let event = try decoder.decode(bytes, from: 0)
                if case .data(let range) = event { body.append(copying: bytes.extracting(range)) }
                return event
            }
            self.decoder = decoder
            guard body.count <= Token.Limits.introspection else { return close() }
            switch event {
            case .data(let range): input.consume(range.upperBound)
            case .needMore:
                input.removeAll()
                return
            case .end:
                // Closing is put off to the end of this turn: nothing more may be read until then.
                isAnswered = true
                return close()
            }
        }
    }

    override func inputEnded() {
        if decoder?.isCompleteAtClose == true { isAnswered = true }
        close()
    }

    override func closed() {
        timer = nil
        let question = question
        self.question = nil
        question?.ended(isAnswered ? body : nil)
    }
}
