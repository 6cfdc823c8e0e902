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
    public internal(set) var isReceivingHead = false

    let handle: OpaquePointer
    var streams: [Int32: HTTP2Stream] = [:]
    /// The block of fields that is coming; blocks of several streams are never mixed (RFC 9113 §4.3).
    var block = FieldBlock()
    var trailers = FieldSection()
    var fieldList = FieldList()

    unowned let delegate: any HTTP2SessionDelegate
    var floods = FloodGuard()
    var now: UInt64 = 0
    private var isInside = false
    var output: [UInt8] = []
    var outputEnd = 0
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

    /// nghttp2 has reset a stream for what came on it: fields that may not be, content of another length than was said.
    func faulted(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode) {}

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
        if failure == nil { failure = .closed }
        let open = streams
        streams = [:]
        for stream in open.values {
            // nghttp2 may be in the middle of a frame of it, and must not find what is about to be freed.
            unsafe _ = nghttp2_session_set_stream_user_data(handle, stream.id, nil)
            stream.close(.cancel)
        }
    }
}
