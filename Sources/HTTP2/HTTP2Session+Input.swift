internal import CNGHTTP2
internal import HTTP

// What nghttp2 says of frames that came.

extension HTTP2Session {
    /// Counts one of what a peer can have too much of.
    func count(_ flood: HTTP2Flood) {
        guard !floods.take(flood, of: limits.allowance(for: flood), at: now) else { return }
        fail(.flooded(flood, count: floods.count(of: flood)))
    }

    func frameBegan(_ header: nghttp2_frame_hd) {
        switch UInt32(header.type) {
        case NGHTTP2_RST_STREAM.rawValue: count(.resets)
        case NGHTTP2_SETTINGS.rawValue: count(.settings)
        case NGHTTP2_PING.rawValue: count(.pings)
        case NGHTTP2_PRIORITY.rawValue:
            count(.priorities)
            // RFC 9113 §6.3; the library does not look at what it makes no use of.
            if header.stream_id == 0 { fail(.violated(.protocolError)) }
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

extension nghttp2_frame_hd {
    /// END_STREAM.
    var endsStream: Bool { UInt32(flags) & NGHTTP2_FLAG_END_STREAM.rawValue != 0 }
    /// ACK.
    var isAcknowledgement: Bool { UInt32(flags) & NGHTTP2_FLAG_ACK.rawValue != 0 }
}
