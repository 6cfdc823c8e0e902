/// Why a session is at its end, or a request was not sent.
public enum HTTP2Error: Error, Hashable, Sendable {
    /// The peer sent more of something, that costs it little and us much, than anybody needs.
    case flooded(HTTP2Flood, count: Int)
    /// One field section claims more bytes than any limit of ours lets through, by far.
    case headerListBomb(bytes: Int)
    /// One field section is cut into more CONTINUATION frames than the limit (CVE-2024-27316 and its kin).
    case continuationFlood(limit: Int)
    /// More of our acknowledgements wait for the peer than the limit: it sends and does not read.
    case unreadAcknowledgements(limit: Int)
    /// What came first is not the connection preface (RFC 9113 §3.4).
    case badPreface
    /// The peer broke the protocol, and was told so with this code.
    case violated(HTTP2ErrorCode)
    /// The session has ended, or takes no new streams.
    case closed
    /// The library says this of itself: a lack of memory, or a mistake of ours.
    case library(Int32)

    /// How many there were of what there were too many, where that was it.
    public var count: Int? {
        switch self {
        case .flooded(_, let count): count
        case .headerListBomb(let bytes): bytes
        case .continuationFlood(let limit), .unreadAcknowledgements(let limit): limit
        case .badPreface, .violated, .closed, .library: nil
        }
    }

    /// What GOAWAY says of it.
    public var code: HTTP2ErrorCode {
        switch self {
        case .flooded, .headerListBomb, .continuationFlood, .unreadAcknowledgements: .enhanceYourCalm
        case .badPreface: .protocolError
        case .violated(let code): code
        case .closed: .noError
        case .library: .internalError
        }
    }
}

/// What a peer can have too much of.
public enum HTTP2Flood: String, Hashable, Sendable, CaseIterable {
    /// Streams opened and reset at once (CVE-2023-44487), or made to be reset by us (CVE-2025-8671).
    case resets
    /// SETTINGS (CVE-2019-9515).
    case settings
    /// PING (CVE-2019-9512).
    case pings
    /// DATA without data that does not end its stream (CVE-2019-9518).
    case emptyFrames = "empty_frames"
    /// PRIORITY (CVE-2019-9513), of which no use is made.
    case priorities
    /// WINDOW_UPDATE out of proportion with what was sent.
    case windowUpdates = "window_updates"
}

extension HTTP2Error: CustomStringConvertible {
    /// One sentence for the log.
    public var description: String {
        switch self {
        case .flooded(let flood, let count): "The peer floods the session with \(flood.rawValue): \(count) so far."
        case .headerListBomb(let bytes): "A field section of at least \(bytes) bytes came."
        case .continuationFlood(let limit): "A field section came in more than \(limit) CONTINUATION frames."
        case .unreadAcknowledgements(let limit): "The peer leaves more than \(limit) acknowledgements unread."
        case .badPreface: "The connection does not begin as HTTP/2 does."
        case .violated(let code): "The peer broke the protocol: \(code)."
        case .closed: "The session has ended."
        case .library(let code): "nghttp2 failed with \(code)."
        }
    }

    /// A stable code for logs and metrics.
    public var name: String {
        switch self {
        case .flooded(let flood, _): "h2_flood_\(flood.rawValue)"
        case .headerListBomb: "h2_header_list_bomb"
        case .continuationFlood: "h2_flood_continuations"
        case .unreadAcknowledgements: "h2_flood_acknowledgements"
        case .badPreface: "h2_bad_preface"
        case .violated: "h2_protocol_error"
        case .closed: "h2_closed"
        case .library: "h2_internal_error"
        }
    }
}
