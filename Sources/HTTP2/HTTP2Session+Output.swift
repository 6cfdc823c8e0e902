internal import CNGHTTP2
internal import HTTP

// What nghttp2 asks for frames to send.

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

    /// What became of a DATA frame whose header is ready.
    enum Writing { case written, outputFull, streamGone }

    /// Writes a DATA frame, unless it has to wait.
    func writeData(_ header: Span<UInt8>, count: Int, stream id: Int32) -> Writing {
        // A stream may have been reset since it offered the data, and then has it no more.
        guard let stream = stream(id), stream.bufferedBytes >= count else { return .streamGone }
        guard output.count < outputEnd else { return .outputFull }
        output.append(copying: header)
        stream.moveData(count, to: &output)
        return .written
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
            guard code.blamesPeer else { return }
            count(.resets)
            guard let stream = stream(header.stream_id), stream.noteResetByLibrary() else { return }
            faulted(stream, code)
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
