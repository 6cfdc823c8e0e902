internal import CNGHTTP2
internal import HTTP

/// One connection's HTTP/2, without its transport: bytes in, events out, bytes out.
///
/// Owns an `nghttp2_session`. It is fed by `receive` and drained by `writeOutput`, neither of which may be called from
/// an event; everything else may be called at any time. An owner that lets go of it calls `close` first, so that each
/// stream's receiver hears its last word.
@safe
public class HTTP2Session {
    /// What it may cost.
    public let limits: HTTP2Limits

    /// Why it is ending, when it is not in good order.
    public internal(set) var failure: HTTP2Error?

    /// Bytes of all streams that wait for the peer.
    public internal(set) var bufferedBytes = 0

    /// Whether a head has begun and is not complete.
    public private(set) var isReceivingHead = false

    let handle: OpaquePointer
    private(set) var streams: [Int32: HTTP2Stream] = [:]
    /// The block of fields that is coming; blocks of several streams are never mixed (RFC 9113 §4.3).
    var block = FieldBlock()
    var trailers = FieldSection()
    var fieldList = FieldList()

    private unowned let delegate: any HTTP2SessionDelegate
    private var floods = FloodGuard()
    private var now: UInt64 = 0
    private var isInside = false
    private var output: [UInt8] = []
    private var outputEnd = 0
    private var drained: [HTTP2Stream] = []

    /// What is known of a block of fields while it comes.
    struct FieldBlock {
        var stream: HTTP2Stream?
        var isTrailers = false
        var bytes = 0
        var lines = 0
        var fault: MessageError?
    }

    init(_ role: SessionHandle.Role, limits: HTTP2Limits, delegate: any HTTP2SessionDelegate) throws(HTTP2Error) {
        self.limits = limits
        self.delegate = delegate
        unsafe handle = try SessionHandle.make(role, limits: limits)
        unsafe nghttp2_session_set_user_data(handle, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        for stream in streams.values { stream.closeWithoutSession(.cancel) }
        unsafe nghttp2_session_del(handle)
    }

    // MARK: What a side of the connection says

    /// A block of fields begins on a stream of which there is none yet.
    func makeStream(_ id: Int32) -> HTTP2Stream? { nil }

    /// Takes a field of a head.
    func takeField(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(MessageError) {}

    /// Empties the place where a head is built.
    func beginHead() {}

    /// A head is complete, or faulty.
    func finishHead(of stream: HTTP2Stream, endsHere: Bool) {}

    // MARK: State

    /// Streams that are open.
    public var openStreams: Int { streams.count }

    /// Whether something waits to be written.
    public var wantsWrite: Bool { unsafe nghttp2_session_want_write(handle) != 0 }

    /// Whether nothing more is to be read or written: the connection can be closed.
    public var isFinished: Bool { unsafe !wantsWrite && nghttp2_session_want_read(handle) == 0 }

    /// How many of a kind there were, for the log.
    public func count(of flood: HTTP2Flood) -> Int { floods.count(of: flood) }

    // MARK: In

    /// Takes bytes from the peer; `now` is a monotonic clock's nanoseconds.
    /// - Throws: Why the session ends. GOAWAY is then among what `writeOutput` writes, and nothing more is taken.
    public func receive(_ bytes: Span<UInt8>, at now: UInt64) throws(HTTP2Error) {
        if let failure { throw failure }
        guard !isInside, bytes.count > 0 else { return }
        self.now = max(now, self.now)
        isInside = true
        let code = unsafe bytes.withUnsafeBufferPointer {
            unsafe nghttp2_session_mem_recv(handle, $0.baseAddress, $0.count)
        }
        isInside = false
        if code < 0 { fail(meaning(of: Int32(clamping: code))) }
        if let failure { throw failure }
    }

    private func meaning(of code: Int32) -> HTTP2Error {
        switch code {
        case NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue: .badPreface
        case NGHTTP2_ERR_FLOODED.rawValue: .unreadAcknowledgements(limit: limits.acknowledgements)
        case NGHTTP2_ERR_TOO_MANY_CONTINUATIONS.rawValue: .continuationFlood(limit: limits.continuations)
        case NGHTTP2_ERR_TOO_MANY_SETTINGS.rawValue: .flooded(.settings, count: limits.settingsEntries)
        case NGHTTP2_ERR_SETTINGS_EXPECTED.rawValue: .violated(.protocolError)
        default: .library(code)
        }
    }

    /// Ends the session because of what the peer did: GOAWAY will say so, and what else comes is not looked at.
    func fail(_ error: HTTP2Error) {
        guard failure == nil else { return }
        failure = error
        unsafe _ = nghttp2_session_terminate_session(handle, error.code.rawValue)
    }

    // MARK: Out

    /// Appends what waits for the peer to `buffer` until that has grown by `limit` bytes, or by one frame more.
    public func writeOutput(into buffer: inout [UInt8], limit: Int) {
        guard !isInside else { return }
        isInside = true
        swap(&buffer, &output)
        outputEnd = output.count + limit
        while output.count < outputEnd {
            var bytes: UnsafePointer<UInt8>?
            let count = unsafe nghttp2_session_mem_send(handle, &bytes)
            guard count > 0 else {
                if count < 0 { fail(.library(Int32(clamping: count))) }
                break
            }
            unsafe output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        }
        swap(&buffer, &output)
        isInside = false
        tellDrained()
    }

    /// Keeps a stream that can take more, to say so when nghttp2 is not in the middle of something.
    func noteDrained(_ stream: HTTP2Stream) { drained.append(stream) }

    private func tellDrained() {
        guard !drained.isEmpty else { return }
        var streams: [HTTP2Stream] = []
        swap(&streams, &drained)
        for stream in streams { stream.receiver?.streamDrained() }
    }

    // MARK: Ending

    /// Says that no new streams should be opened; those that come all the same are still served (RFC 9113 §6.8).
    public func announceShutdown() {
        unsafe _ = nghttp2_submit_shutdown_notice(handle)
    }

    /// Says that no stream after the last one seen will be served; those before it are.
    public func shutDown() {
        let last = unsafe nghttp2_session_get_last_proc_stream_id(handle)
        goaway(lastStream: last, code: .noError)
    }

    /// Sends GOAWAY.
    public func goaway(lastStream: Int32, code: HTTP2ErrorCode) {
        unsafe _ = nghttp2_submit_goaway(
            handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), lastStream, code.rawValue, nil, 0)
    }

    /// Ends the session: GOAWAY, and nothing after it.
    public func terminate(_ code: HTTP2ErrorCode) {
        unsafe _ = nghttp2_session_terminate_session(handle, code.rawValue)
    }

    /// Sends PING; its answer brings `token` back.
    public func ping(_ token: UInt64) {
        let bytes = unsafe withUnsafeBytes(of: token) { unsafe Array($0) }
        unsafe _ = nghttp2_submit_ping(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), bytes)
    }

    /// The connection is gone: every stream hears its last word.
    public func close() {
        let open = streams
        streams = [:]
        for stream in open.values { stream.close(.cancel) }
    }
}

// MARK: - What nghttp2 says of frames that came

extension HTTP2Session {
    /// Counts one of what a peer can have too much of.
    private func count(_ flood: HTTP2Flood) {
        guard !floods.take(flood, of: limits.allowance(for: flood), at: now) else { return }
        fail(.flooded(flood, count: floods.count(of: flood)))
    }

    func frameBegan(_ header: nghttp2_frame_hd) {
        switch UInt32(header.type) {
        case NGHTTP2_RST_STREAM.rawValue: count(.resets)
        case NGHTTP2_SETTINGS.rawValue: count(.settings)
        case NGHTTP2_PING.rawValue: count(.pings)
        case NGHTTP2_PRIORITY.rawValue: count(.priorities)
        case NGHTTP2_WINDOW_UPDATE.rawValue: count(.windowUpdates)
        default: break
        }
    }

    func headBegan(stream id: Int32) {
        guard let stream = stream(id) ?? makeStream(id) else { return }
        isReceivingHead = true
        block = FieldBlock(stream: stream, isTrailers: stream.hasReceivedHead)
        if block.isTrailers { trailers.reset() } else { beginHead() }
    }

    func fieldCame(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        guard failure == nil else { return }
        // RFC 9113 §6.5.2: 32 octets are added for each field.
        block.bytes += name.count + value.count + 32
        block.lines += 1
        guard block.bytes <= limits.message.head * limits.bombFactor else {
            fail(.headerListBomb(bytes: block.bytes))
            return
        }
        guard block.fault == nil, let stream = block.stream, stream.isHeard else { return }
        do throws(MessageError) {
            try measure(name, value)
            if block.isTrailers {
                try trailers.appendMultiplexed(name, value)
            } else {
                try takeField(name, value)
            }
        } catch {
            block.fault = error
        }
    }

    private func measure(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(MessageError) {
        let limits = self.limits.message
        if block.isTrailers {
            guard block.bytes - 32 * block.lines <= limits.trailers else { throw .trailersTooLarge }
            guard block.lines <= limits.trailerLines else { throw .tooManyTrailerLines }
        } else {
            guard block.bytes <= limits.head else { throw .headTooLarge }
            // Pseudo-fields are none of those that are counted.
            guard block.lines <= limits.fieldLines + 4 else { throw .tooManyFieldLines }
        }
        guard name.count + value.count <= limits.fieldLine else { throw .fieldLineTooLong }
    }

    /// nghttp2 lets such fields fall by default: here they make the message malformed (RFC 9113 §8.2.1).
    func invalidFieldCame(_ name: Span<UInt8>, _ value: Span<UInt8>) {
        guard block.fault == nil else { return }
        if FieldName.isValid(name) {
            block.fault = FieldName.isValidLowercase(name) ? .invalidFieldValue : .uppercaseFieldName
        } else {
            block.fault = .invalidFieldName
        }
    }

    func dataCame(_ bytes: Span<UInt8>, stream id: Int32) {
        guard failure == nil, let stream = stream(id) else {
            unsafe _ = nghttp2_session_consume(handle, id, bytes.count)
            return
        }
        stream.received(bytes)
    }

    func frameCame(_ frame: UnsafePointer<nghttp2_frame>) {
        guard failure == nil else { return }
        let header = unsafe frame.pointee.hd
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue:
            headersCame(stream: header.stream_id, endsHere: header.endsStream)
        case NGHTTP2_DATA.rawValue:
            let isEmpty = unsafe header.length <= frame.pointee.data.padlen
            if isEmpty, !header.endsStream { count(.emptyFrames) }
            if header.endsStream { ended(stream: header.stream_id) }
        case NGHTTP2_SETTINGS.rawValue:
            if !header.isAcknowledgement { delegate.sessionReceivedSettings() }
        case NGHTTP2_PING.rawValue:
            guard header.isAcknowledgement else { return }
            let token = unsafe withUnsafeBytes(of: frame.pointee.ping.opaque_data) {
                unsafe $0.loadUnaligned(as: UInt64.self)
            }
            delegate.sessionReceivedPingAck(token)
        case NGHTTP2_GOAWAY.rawValue:
            let goaway = unsafe frame.pointee.goaway
            delegate.sessionReceivedGoaway(
                lastStream: unsafe goaway.last_stream_id, code: HTTP2ErrorCode(rawValue: unsafe goaway.error_code))
        default:
            break
        }
    }

    private func headersCame(stream id: Int32, endsHere: Bool) {
        isReceivingHead = false
        guard let stream = block.stream, stream.id == id else { return }
        block.stream = nil
        guard stream.isHeard else { return }
        guard block.isTrailers else {
            finishHead(of: stream, endsHere: endsHere)
            return
        }
        guard block.fault == nil else {
            stream.reset(.protocolError)
            return
        }
        if endsHere { stream.receiver?.streamEnded(trailers: &trailers) }
    }

    /// The content of a stream ended without trailers.
    func ended(stream id: Int32) {
        guard let stream = stream(id), stream.isHeard else { return }
        trailers.reset()
        stream.receiver?.streamEnded(trailers: &trailers)
    }

    func streamClosed(_ id: Int32, _ code: HTTP2ErrorCode) {
        if block.stream?.id == id {
            block.stream = nil
            isReceivingHead = false
        }
        guard let stream = streams.removeValue(forKey: id) else { return }
        if code == .noError { floods.giveBack(1, .resets, of: limits.resets) }
        stream.close(code)
    }

    /// The stream with the given number, which nghttp2 keeps for us.
    func stream(_ id: Int32) -> HTTP2Stream? {
        guard let context = unsafe nghttp2_session_get_stream_user_data(handle, id) else { return nil }
        return unsafe Unmanaged<HTTP2Stream>.fromOpaque(context).takeUnretainedValue()
    }

    /// Keeps a new stream as long as it is open.
    func keep(_ stream: HTTP2Stream) {
        streams[stream.id] = stream
        unsafe _ = nghttp2_session_set_stream_user_data(
            handle, stream.id, Unmanaged.passUnretained(stream).toOpaque())
    }
}

// MARK: - What nghttp2 asks for frames to send

extension HTTP2Session {
    func offer(stream id: Int32, room: Int) -> (count: Int, flags: UInt32) {
        guard let stream = stream(id) else { return (Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue), 0) }
        switch stream.offer(room) {
        case .nothing:
            return (Int(NGHTTP2_ERR_DEFERRED.rawValue), 0)
        case .data(let count):
            return (count, NGHTTP2_DATA_FLAG_NO_COPY.rawValue)
        case .last(let count, let trailers):
            var flags = NGHTTP2_DATA_FLAG_EOF.rawValue
            if count > 0 { flags |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue }
            guard let trailers else { return (count, flags) }
            let code = unsafe fieldList.with(trailers: trailers) { fields, number in
                unsafe nghttp2_submit_trailer(handle, id, fields, number)
            }
            guard code == 0 else { return (Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue), 0) }
            return (count, flags | NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue)
        }
    }

    /// Writes a DATA frame; false when the output is full and it has to wait.
    func writeData(_ header: Span<UInt8>, count: Int, stream id: Int32) -> Bool {
        guard output.count < outputEnd else { return false }
        output.append(copying: header)
        stream(id)?.moveData(count, to: &output)
        return true
    }

    func frameSent(_ frame: UnsafePointer<nghttp2_frame>) {
        let header = unsafe frame.pointee.hd
        switch UInt32(header.type) {
        case NGHTTP2_DATA.rawValue:
            floods.giveBack(2, .windowUpdates, of: limits.windowUpdates)
            if header.endsStream { stream(header.stream_id)?.sentEnd() }
        case NGHTTP2_HEADERS.rawValue:
            if header.endsStream { stream(header.stream_id)?.sentEnd() }
        case NGHTTP2_RST_STREAM.rawValue:
            let code = HTTP2ErrorCode(rawValue: unsafe frame.pointee.rst_stream.error_code)
            if code.blamesPeer { count(.resets) }
        case NGHTTP2_GOAWAY.rawValue:
            let code = HTTP2ErrorCode(rawValue: unsafe frame.pointee.goaway.error_code)
            if code != .noError, failure == nil { failure = .violated(code) }
        default:
            break
        }
    }

    func submitResponse(_ head: ResponseHead, extra: FieldSection?, on stream: HTTP2Stream, hasContent: Bool) -> Int32 {
        unsafe fieldList.with(response: head, extra: extra, hasContent: hasContent) { fields, number in
            var provider = unsafe SessionCallbacks.dataProvider
            guard hasContent else { return unsafe nghttp2_submit_response(handle, stream.id, fields, number, nil) }
            return unsafe nghttp2_submit_response(handle, stream.id, fields, number, &provider)
        }
    }

    func submitInformational(_ head: ResponseHead, on stream: HTTP2Stream) -> Int32 {
        unsafe fieldList.with(response: head, extra: nil, hasContent: true) { fields, number in
            unsafe nghttp2_submit_headers(
                handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, nil, fields, number, nil)
        }
    }
}

extension HTTP2ErrorCode {
    /// Whether a reset with this code is an answer to a fault of the peer's.
    fileprivate var blamesPeer: Bool {
        switch self {
        case .protocolError, .flowControlError, .streamClosed, .frameSizeError, .compressionError: true
        default: false
        }
    }
}

extension nghttp2_frame_hd {
    /// END_STREAM.
    fileprivate var endsStream: Bool { UInt32(flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0 }
    /// ACK.
    fileprivate var isAcknowledgement: Bool { UInt32(flags) & NGHTTP2_FLAG_ACK.rawValue != 0 }
}
