internal import CNGHTTP2

/// The C functions that nghttp2 calls: each finds the session in the context and hands on, nothing more.
///
/// A session is retained by whoever called into it, so it outlives every callback.
@safe
enum SessionCallbacks {
    static func install(in callbacks: OpaquePointer) {
        unsafe nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks) { _, header, context in
            if let header = unsafe header { unsafe SessionCallbacks.session(context)?.frameBegan(header.pointee) }
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, context in
            if let frame = unsafe frame {
                unsafe SessionCallbacks.session(context)?.headBegan(stream: frame.pointee.hd.stream_id)
            }
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, _, name, nameLength, value, valueLength, _, context in
            let name = unsafe UnsafeBufferPointer(start: name, count: nameLength)
            let value = unsafe UnsafeBufferPointer(start: value, count: valueLength)
            unsafe SessionCallbacks.session(context)?.fieldCame(name.span, value.span)
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks) {
            _, _, name, nameLength, value, valueLength, _, context in
            let name = unsafe UnsafeBufferPointer(start: name, count: nameLength)
            let value = unsafe UnsafeBufferPointer(start: value, count: valueLength)
            unsafe SessionCallbacks.session(context)?.invalidFieldCame(name.span, value.span)
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
            _, _, id, bytes, count, context in
            let bytes = unsafe UnsafeBufferPointer(start: bytes, count: count)
            unsafe SessionCallbacks.session(context)?.dataCame(bytes.span, stream: id)
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, context in
            if let frame = unsafe frame { unsafe SessionCallbacks.session(context)?.frameCame(frame) }
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, code, context in
            unsafe SessionCallbacks.session(context)?.streamClosed(id, HTTP2ErrorCode(rawValue: code))
            return 0
        }
        unsafe nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, context in
            if let frame = unsafe frame { unsafe SessionCallbacks.session(context)?.frameSent(frame) }
            return 0
        }
        unsafe nghttp2_session_callbacks_set_send_data_callback(callbacks) { _, frame, header, count, _, context in
            guard let frame = unsafe frame, let header = unsafe header else { return 0 }
            // The header of a frame has nine octets (RFC 9113 §4.1).
            let bytes = unsafe UnsafeBufferPointer(start: header, count: 9)
            guard let session = unsafe SessionCallbacks.session(context) else { return 0 }
            let stream = unsafe frame.pointee.hd.stream_id
            switch unsafe session.writeData(bytes.span, count: count, stream: stream) {
            case .written: return 0
            case .outputFull: return NGHTTP2_ERR_WOULDBLOCK.rawValue
            case .streamGone: return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
            }
        }
        unsafe nghttp2_session_callbacks_set_data_source_read_length_callback(callbacks) {
            _, _, _, sessionWindow, streamWindow, frameSize, _ in
            // A frame and its header are one TLS record.
            let room = min(Int(sessionWindow), Int(streamWindow), Int(frameSize), 16 * 1024 - 9)
            return max(room, 1)
        }
    }

    /// Reads from a stream's buffer; the bytes themselves follow by `send_data_callback`, without a copy between.
    static var dataProvider: nghttp2_data_provider {
        var provider = unsafe nghttp2_data_provider()
        unsafe provider.read_callback = { _, id, _, room, flags, _, context in
            guard let session = unsafe SessionCallbacks.session(context) else {
                return Int(NGHTTP2_ERR_DEFERRED.rawValue)
            }
            let offer = session.offer(stream: id, room: room)
            unsafe flags?.pointee |= offer.flags
            return offer.count
        }
        return unsafe provider
    }

    fileprivate static func session(_ context: UnsafeMutableRawPointer?) -> HTTP2Session? {
        guard let context = unsafe context else { return nil }
        return unsafe Unmanaged<HTTP2Session>.fromOpaque(context).takeUnretainedValue()
    }
}
