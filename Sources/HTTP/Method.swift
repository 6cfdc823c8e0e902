/// The method of a request (RFC 9110 §9).
public enum Method: Hashable, Sendable {
    /// Transfer a representation of the resource.
    case get
    /// As GET, without the content.
    case head
    /// Process the content of the request.
    case post
    /// Replace the resource.
    case put
    /// Remove the resource.
    case delete
    /// Open a tunnel. Poterne offers none.
    case connect
    /// Say what the resource or the server allows.
    case options
    /// Loop the request back.
    case trace
    /// Change a part of the resource (RFC 5789).
    case patch
    /// A method without a name here; its bytes in the arena of the head.
    case other(Range<Int>)

    /// The method that `name`, a valid token standing at `range` of the arena, means.
    ///
    /// Methods are case-sensitive (RFC 9110 §9.1): `get` is some other method.
    public init(_ name: Span<UInt8>, at range: Range<Int>) {
        switch (name.count, name.count > 0 ? name[0] : 0) {
        case (3, 0x47) where name.equals("GET"): self = .get
        case (3, 0x50) where name.equals("PUT"): self = .put
        case (4, 0x48) where name.equals("HEAD"): self = .head
        case (4, 0x50) where name.equals("POST"): self = .post
        case (5, 0x50) where name.equals("PATCH"): self = .patch
        case (5, 0x54) where name.equals("TRACE"): self = .trace
        case (6, 0x44) where name.equals("DELETE"): self = .delete
        case (7, 0x43) where name.equals("CONNECT"): self = .connect
        case (7, 0x4F) where name.equals("OPTIONS"): self = .options
        default: self = .other(range)
        }
    }

    /// The name of a method known here; nil for `other`.
    public var knownName: StaticString? {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .connect: "CONNECT"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        case .other: nil
        }
    }

    /// Whether the method is defined as safe (RFC 9110 §9.2.1).
    public var isSafe: Bool {
        switch self {
        case .get, .head, .options, .trace: true
        default: false
        }
    }

    /// Whether repeating the request has the effect of sending it once (RFC 9110 §9.2.2).
    public var isIdempotent: Bool {
        switch self {
        case .put, .delete: true
        default: isSafe
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether these bytes are exactly those of `text`.
    public func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount else { return false }
        let other = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        for index in 0..<count where self[index] != (unsafe other[index]) { return false }
        return true
    }
}
