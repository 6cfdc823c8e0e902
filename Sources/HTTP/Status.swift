/// A status code (RFC 9110 §15): three digits, 100 to 599.
public struct Status: RawRepresentable, Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The code.
    public let rawValue: UInt16

    /// A code as a number, taken as it is.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A code written in the source.
    public init(integerLiteral value: UInt16) { rawValue = value }

    /// Whether the response is interim, another one follows (RFC 9110 §15.2).
    public var isInformational: Bool { rawValue < 200 }
    /// Whether the code is 2xx.
    public var isSuccess: Bool { rawValue >= 200 && rawValue < 300 }
    /// Whether the code says that the server failed.
    public var isServerError: Bool { rawValue >= 500 }

    /// Whether a response with this code never has content, whatever its fields say (RFC 9112 §6.3).
    public var isAlwaysBodiless: Bool { rawValue < 200 || rawValue == 204 || rawValue == 304 }

    /// The code in decimal.
    public var description: String { String(rawValue) }

    /// The reason phrase of RFC 9110 §15 and the registry; empty for an unregistered code.
    public var reason: StaticString {
        switch rawValue {
        case 100: "Continue"
        case 101: "Switching Protocols"
        case 103: "Early Hints"
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 203: "Non-Authoritative Information"
        case 204: "No Content"
        case 205: "Reset Content"
        case 206: "Partial Content"
        case 207: "Multi-Status"
        case 300: "Multiple Choices"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 402: "Payment Required"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 407: "Proxy Authentication Required"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 416: "Range Not Satisfiable"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 423: "Locked"
        case 425: "Too Early"
        case 426: "Upgrade Required"
        case 428: "Precondition Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 451: "Unavailable For Legal Reasons"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        case 507: "Insufficient Storage"
        case 511: "Network Authentication Required"
        default: ""
        }
    }
}
