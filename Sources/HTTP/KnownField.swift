/// A field name that some rule of the gateway looks for.
///
/// Names are told apart once, when the head is read, so that no later step compares text again.
public enum KnownField: UInt8, CaseIterable, Sendable {
    /// Any name without a case here.
    case other = 0
    /// `Host`.
    case host
    /// `Connection`.
    case connection
    /// `Content-Length`.
    case contentLength
    /// `Transfer-Encoding`.
    case transferEncoding
    /// `Expect`.
    case expect
    /// `Upgrade`.
    case upgrade
    /// `TE`.
    case te
    /// `Trailer`.
    case trailer
    /// `Keep-Alive`.
    case keepAlive
    /// `Proxy-Connection`.
    case proxyConnection
    /// `Proxy-Authorization`.
    case proxyAuthorization
    /// `Proxy-Authenticate`.
    case proxyAuthenticate
    /// `HTTP2-Settings`.
    case http2Settings
    /// `Via`.
    case via
    /// `Forwarded`.
    case forwarded
    /// `X-Forwarded-For`.
    case xForwardedFor
    /// `X-Forwarded-Proto`.
    case xForwardedProto
    /// `X-Forwarded-Host`.
    case xForwardedHost
    /// `X-Forwarded-Port`.
    case xForwardedPort
    /// `X-Real-IP`.
    case xRealIP
    /// `X-Request-Id`.
    case xRequestID
    /// `traceparent`.
    case traceparent
    /// `tracestate`.
    case tracestate
    /// `Authorization`.
    case authorization
    /// `WWW-Authenticate`.
    case wwwAuthenticate
    /// `Cookie`.
    case cookie
    /// `Set-Cookie`.
    case setCookie
    /// `Content-Type`.
    case contentType
    /// `Content-Encoding`.
    case contentEncoding
    /// `Content-Range`.
    case contentRange
    /// `Cache-Control`.
    case cacheControl
    /// `Max-Forwards`.
    case maxForwards
    /// `Range`.
    case range
    /// `Date`.
    case date
    /// `Server`.
    case server
    /// `Location`.
    case location
    /// `Retry-After`.
    case retryAfter
    /// `Age`.
    case age
    /// `Expires`.
    case expires
    /// `Vary`.
    case vary
    /// `Accept`.
    case accept
    /// `User-Agent`.
    case userAgent
    /// `Strict-Transport-Security`.
    case strictTransportSecurity

    /// The name as the RFC that defines it writes it; empty for `other`.
    public var name: StaticString {
        switch self {
        case .other: ""
        case .host: "Host"
        case .connection: "Connection"
        case .contentLength: "Content-Length"
        case .transferEncoding: "Transfer-Encoding"
        case .expect: "Expect"
        case .upgrade: "Upgrade"
        case .te: "TE"
        case .trailer: "Trailer"
        case .keepAlive: "Keep-Alive"
        case .proxyConnection: "Proxy-Connection"
        case .proxyAuthorization: "Proxy-Authorization"
        case .proxyAuthenticate: "Proxy-Authenticate"
        case .http2Settings: "HTTP2-Settings"
        case .via: "Via"
        case .forwarded: "Forwarded"
        case .xForwardedFor: "X-Forwarded-For"
        case .xForwardedProto: "X-Forwarded-Proto"
        case .xForwardedHost: "X-Forwarded-Host"
        case .xForwardedPort: "X-Forwarded-Port"
        case .xRealIP: "X-Real-IP"
        case .xRequestID: "X-Request-Id"
        case .traceparent: "traceparent"
        case .tracestate: "tracestate"
        case .authorization: "Authorization"
        case .wwwAuthenticate: "WWW-Authenticate"
        case .cookie: "Cookie"
        case .setCookie: "Set-Cookie"
        case .contentType: "Content-Type"
        case .contentEncoding: "Content-Encoding"
        case .contentRange: "Content-Range"
        case .cacheControl: "Cache-Control"
        case .maxForwards: "Max-Forwards"
        case .range: "Range"
        case .date: "Date"
        case .server: "Server"
        case .location: "Location"
        case .retryAfter: "Retry-After"
        case .age: "Age"
        case .expires: "Expires"
        case .vary: "Vary"
        case .accept: "Accept"
        case .userAgent: "User-Agent"
        case .strictTransportSecurity: "Strict-Transport-Security"
        }
    }

    /// Whether the field concerns one connection only and is never passed on.
    ///
    /// RFC 9110 §7.6.1 names Proxy-Connection, Keep-Alive, TE, Transfer-Encoding and Upgrade beside
    /// Connection itself; HTTP2-Settings is of the same sort (RFC 7540 §3.2.1), and the credentials for
    /// a proxy (RFC 9110 §11.7) have their end here, since no proxy stands behind a gateway.
    public var isHopByHop: Bool {
        switch self {
        case .connection, .transferEncoding, .upgrade, .te, .keepAlive,
            .proxyConnection, .proxyAuthorization, .proxyAuthenticate, .http2Settings:
            true
        default: false
        }
    }
}

/// Some of the known fields.
public struct KnownFields: Sendable {
    /// One bit for each.
    private var bits: UInt64 = 0

    /// Those that a closure says so of; never `other`.
    public init(where isElement: (KnownField) -> Bool) {
        for field in KnownField.allCases where field != .other && isElement(field) {
            bits |= 1 << UInt64(field.rawValue)
        }
    }

    /// Whether a field is one of them.
    public func contains(_ field: KnownField) -> Bool { bits >> UInt64(field.rawValue) & 1 == 1 }
}
