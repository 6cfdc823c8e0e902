/// The content of an error response: `application/problem+json` (RFC 9457).
public struct ProblemDetails: Sendable, Hashable {
    /// The media type of what `write` writes.
    public static var mediaType: StaticString { "application/problem+json" }

    /// The status code of the response.
    public var status: Status
    /// A URI that names the sort of problem; `about:blank` says no more than the status.
    public var type = "about:blank"
    /// The sort of problem in a few words; with nil, the reason phrase of the status.
    public var title: String?
    /// What went wrong this time, for a human.
    public var detail: String?
    /// A URI that names this occurrence.
    public var instance: String?
    /// Extension members (RFC 9457 §3.2), in the order they are written.
    public var extensions: [Member] = []

    /// One extension member.
    public struct Member: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Its value.
        public let value: Value

        /// A member.
        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// What a member may hold.
    public enum Value: Sendable, Hashable {
        /// A text.
        case string(String)
        /// A whole number.
        case integer(Int64)
        /// A truth value.
        case boolean(Bool)
        /// A list of texts.
        case strings([String])
    }

    /// A problem that says what the status says, and perhaps what went wrong.
    public init(status: Status, detail: String? = nil) {
        self.status = status
        self.detail = detail
    }

    /// The problem of a message that was refused.
    public init(_ error: MessageError) {
        self.init(status: error.status, detail: error.description)
        extensions = [Member("clause", .string("\(error.clause)"))]
    }

    /// Appends the JSON text to `output`.
    public func write(into output: inout [UInt8]) {
        output.append(literal: "{\"type\":")
        ProblemDetails.append(json: type, to: &output)
        ProblemDetails.append(member: "title", title ?? "\(status.reason)", to: &output)
        output.append(literal: ",\"status\":")
        output.append(decimal: UInt64(status.rawValue))
        if let detail { ProblemDetails.append(member: "detail", detail, to: &output) }
        if let instance { ProblemDetails.append(member: "instance", instance, to: &output) }
        for member in extensions {
            output.append(0x2C)
            ProblemDetails.append(json: member.name, to: &output)
            output.append(Octet.colon)
            ProblemDetails.append(member.value, to: &output)
        }
        output.append(literal: "}")
    }

    private static func append(member name: StaticString, _ value: String, to output: inout [UInt8]) {
        output.append(literal: ",\"")
        output.append(literal: name)
        output.append(literal: "\":")
        append(json: value, to: &output)
    }

    private static func append(_ value: Value, to output: inout [UInt8]) {
        switch value {
        case .string(let text):
            append(json: text, to: &output)
        case .integer(let number):
            if number < 0 { output.append(0x2D) }
            output.append(decimal: number.magnitude)
        case .boolean(let truth):
            output.append(literal: truth ? "true" : "false")
        case .strings(let texts):
            output.append(0x5B)
            for (index, text) in texts.enumerated() {
                if index > 0 { output.append(0x2C) }
                append(json: text, to: &output)
            }
            output.append(0x5D)
        }
    }

    private static func append(json text: String, to output: inout [UInt8]) {
        output.append(jsonString: Array(text.utf8).span)
    }
}

extension [UInt8] {
    /// Appends well-formed UTF-8 as a JSON string (RFC 8259 §7).
    public mutating func append(jsonString text: Span<UInt8>) {
        append(0x22)
        for index in 0..<text.count {
            let byte = text[index]
            switch byte {
            case 0x22, 0x5C:
                append(0x5C)
                append(byte)
            case 0x00...0x1F:
                append(literal: "\\u00")
                append(Octet.hexDigit(byte >> 4))
                append(Octet.hexDigit(byte))
            default:
                append(byte)
            }
        }
        append(0x22)
    }
}
