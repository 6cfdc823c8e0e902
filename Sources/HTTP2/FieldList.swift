internal import CNGHTTP2
internal import HTTP

/// Lays the fields of a head out as nghttp2 takes them: pointers into the head's own bytes, which it copies.
///
/// Names are made lower-case by nghttp2 as it copies. What only concerns an HTTP/1.1 connection is left out
/// (RFC 9113 §8.2.2), whoever put it there.
@safe
struct FieldList {
    private var fields: [nghttp2_nv] = unsafe []
    /// What is not in the head's bytes as it is to be sent: numbers, a target.
    private var composed: [UInt8] = []

    typealias Body<Result> = (UnsafePointer<nghttp2_nv>?, Int) -> Result

    /// Lends the fields of a response.
    mutating func with<Result>(
        response head: ResponseHead, extra: FieldSection?, hasContent: Bool, _ body: Body<Result>
    ) -> Result {
        composed.removeAll(keepingCapacity: true)
        composed.append(decimal: UInt64(head.status.rawValue))
        let status = 0..<composed.count
        let length = composeLength(head.framing, of: head.fields)
        return unsafe lend(head.fields, extra) { list, arena, extraArena, composed in
            unsafe list.append(":status", composed, status)
            let keeps = !hasContent && head.framing == .none && !head.status.isInformational && head.status != 204
            unsafe list.append(head.fields, arena, keepsContentLength: keeps, keepsHost: true)
            if let length { unsafe list.append("content-length", composed, length) }
            if let extra { unsafe list.append(extra, extraArena, keepsContentLength: false, keepsHost: true) }
            return unsafe list.lent(to: body)
        }
    }

    /// Lends the fields of a request.
    mutating func with<Result>(
        request head: RequestHead, extra: FieldSection?, isSecure: Bool, _ body: Body<Result>
    ) -> Result {
        composed.removeAll(keepingCapacity: true)
        head.appendMethod(to: &composed)
        let method = 0..<composed.count
        composeTarget(of: head)
        let target = method.upperBound..<composed.count
        let length = composeLength(head.framing, of: head.fields)
        return unsafe lend(head.fields, extra) { list, arena, extraArena, composed in
            unsafe list.append(":method", composed, method)
            list.append(":scheme", literal: isSecure ? "https" : "http")
            if let authority = head.authority { unsafe list.append(":authority", arena, authority) }
            unsafe list.append(":path", composed, target)
            unsafe list.append(
                head.fields, arena, keepsContentLength: false, keepsHost: head.authority == nil)
            if let length { unsafe list.append("content-length", composed, length) }
            // Said for itself: trailers are passed on, whoever asks. gRPC servers demand it.
            list.append("te", literal: "trailers")
            if let extra { unsafe list.append(extra, extraArena, keepsContentLength: false, keepsHost: false) }
            return unsafe list.lent(to: body)
        }
    }

    /// Lends the fields of a trailer section.
    mutating func with<Result>(trailers: FieldSection, _ body: Body<Result>) -> Result {
        composed.removeAll(keepingCapacity: true)
        return unsafe lend(trailers, nil) { list, arena, _, _ in
            unsafe list.append(trailers, arena, keepsContentLength: false, keepsHost: false)
            return unsafe list.lent(to: body)
        }
    }

    // MARK: Composing

    /// A length that the framing knows is said, but not that of nothing, which the end of the stream says: a response of
    /// gRPC that is only trailers has none.
    private mutating func composeLength(_ framing: BodyFraming, of fields: FieldSection) -> Range<Int>? {
        guard case .length(let count) = framing, count > 0 || fields.contains(.contentLength) else { return nil }
        let start = composed.count
        composed.append(decimal: count)
        return start..<composed.count
    }

    private mutating func composeTarget(of head: RequestHead) {
        let bytes = head.fields.arena.span
        switch head.form {
        case .authority:
            composed.append(copying: bytes.extracting(head.target))
        case .asterisk:
            composed.append(0x2A)
        case .absolute where head.method == .options && head.path.isEmpty && head.query == nil:
            composed.append(0x2A)
        case .origin, .absolute:
            if head.path.isEmpty { composed.append(0x2F) }
            composed.append(copying: bytes.extracting(head.path))
            guard let query = head.query else { return }
            composed.append(0x3F)
            composed.append(copying: bytes.extracting(query))
        }
    }

    // MARK: Lending

    private typealias Bytes = UnsafeBufferPointer<UInt8>

    private mutating func lend<Result>(
        _ first: FieldSection, _ second: FieldSection?,
        _ body: (inout FieldList, Bytes, Bytes, Bytes) -> Result
    ) -> Result {
        unsafe fields.removeAll(keepingCapacity: true)
        let composed = self.composed
        return unsafe first.arena.withUnsafeBufferPointer { arena in
            unsafe (second?.arena ?? []).withUnsafeBufferPointer { extraArena in
                unsafe composed.withUnsafeBufferPointer { composed in
                    unsafe body(&self, arena, extraArena, composed)
                }
            }
        }
    }

    private func lent<Result>(to body: Body<Result>) -> Result {
        unsafe fields.withUnsafeBufferPointer { unsafe body($0.baseAddress, $0.count) }
    }

    private mutating func append(
        _ section: FieldSection, _ arena: Bytes, keepsContentLength: Bool, keepsHost: Bool
    ) {
        for line in section.lines {
            switch line.known {
            case .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade, .http2Settings, .te: continue
            case .contentLength where !keepsContentLength: continue
            case .host where !keepsHost: continue
            default: break
            }
            var value = line.value
            // RFC 9113 §8.2.1: no blanks around a value; what the gateway's own configuration says may have some.
            while let first = value.first, unsafe Octet.isBlank(arena[first]) {
                value = (first + 1)..<value.upperBound
            }
            while let last = value.last, unsafe Octet.isBlank(arena[last]) { value = value.lowerBound..<last }
            unsafe append(Bytes(rebasing: arena[line.name]), Bytes(rebasing: arena[value]))
        }
    }

    private mutating func append(_ name: StaticString, _ bytes: Bytes, _ value: Range<Int>) {
        unsafe append(
            Bytes(start: name.utf8Start, count: name.utf8CodeUnitCount), Bytes(rebasing: bytes[value]))
    }

    private mutating func append(_ name: StaticString, literal value: StaticString) {
        unsafe append(
            Bytes(start: name.utf8Start, count: name.utf8CodeUnitCount),
            Bytes(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    private mutating func append(_ name: Bytes, _ value: Bytes) {
        var field = unsafe nghttp2_nv()
        // nghttp2 reads what it was given as mutable.
        unsafe field.name = UnsafeMutablePointer(mutating: name.baseAddress)
        unsafe field.namelen = name.count
        unsafe field.value = UnsafeMutablePointer(mutating: value.baseAddress)
        unsafe field.valuelen = value.count
        unsafe field.flags = UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)
        unsafe fields.append(field)
    }
}
