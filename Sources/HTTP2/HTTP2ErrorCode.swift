/// An error code of RST_STREAM and GOAWAY (RFC 9113 §7).
public struct HTTP2ErrorCode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The number on the wire.
    public let rawValue: UInt32

    /// Any number: those that are not registered are to be taken as they come.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Nothing is wrong.
    public static var noError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x0) }
    /// The peer broke the protocol.
    public static var protocolError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x1) }
    /// Something of our own failed.
    public static var internalError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x2) }
    /// The peer sent more than its window.
    public static var flowControlError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x3) }
    /// SETTINGS were not acknowledged in time.
    public static var settingsTimeout: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x4) }
    /// A frame came for a stream that is half-closed or closed.
    public static var streamClosed: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x5) }
    /// A frame has a length that its type cannot have.
    public static var frameSizeError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x6) }
    /// The stream was not acted upon: the request may be sent again.
    public static var refusedStream: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x7) }
    /// The stream is not wanted any more.
    public static var cancel: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x8) }
    /// The field compression state is lost.
    public static var compressionError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0x9) }
    /// The connection of a CONNECT was lost.
    public static var connectError: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0xA) }
    /// The peer does something that only an attacker would.
    public static var enhanceYourCalm: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0xB) }
    /// TLS is weaker than RFC 9113 §9.2 demands.
    public static var inadequateSecurity: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0xC) }
    /// HTTP/1.1 is needed.
    public static var http11Required: HTTP2ErrorCode { HTTP2ErrorCode(rawValue: 0xD) }

    /// The name in the registry, or the number.
    public var description: String {
        switch self {
        case .noError: "NO_ERROR"
        case .protocolError: "PROTOCOL_ERROR"
        case .internalError: "INTERNAL_ERROR"
        case .flowControlError: "FLOW_CONTROL_ERROR"
        case .settingsTimeout: "SETTINGS_TIMEOUT"
        case .streamClosed: "STREAM_CLOSED"
        case .frameSizeError: "FRAME_SIZE_ERROR"
        case .refusedStream: "REFUSED_STREAM"
        case .cancel: "CANCEL"
        case .compressionError: "COMPRESSION_ERROR"
        case .connectError: "CONNECT_ERROR"
        case .enhanceYourCalm: "ENHANCE_YOUR_CALM"
        case .inadequateSecurity: "INADEQUATE_SECURITY"
        case .http11Required: "HTTP_1_1_REQUIRED"
        default: "0x" + String(rawValue, radix: 16)
        }
    }
}
