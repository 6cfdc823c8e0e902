import HTTP
import HTTP1
import Testing

/// The head of a request, read by the parser that reads callers'.
func requestHead(_ lines: String...) throws -> RequestHead {
    let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    var position = ParsePosition()
    var head = RequestHead()
    let progress = try parseRequestHead(bytes.span, resume: &position, limits: Limits(), into: &head)
    try #require(progress == .complete(consumed: bytes.count))
    return head
}

/// The head of a response, read by the parser that reads upstreams'.
func responseHead(_ lines: String...) throws -> ResponseHead {
    let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    var position = ParsePosition()
    var head = ResponseHead()
    let progress = try parseResponseHead(bytes.span, resume: &position, limits: Limits(), to: .get, into: &head)
    try #require(progress == .complete(consumed: bytes.count))
    return head
}

extension FieldSection {
    /// `Name: value` for each line, in order.
    var texts: [String] {
        lines.map { "\(text($0.name)): \(text($0.value))" }
    }

    /// The names, in order.
    var names: [String] {
        lines.map { text($0.name) }
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: arena[range], as: UTF8.self)
    }
}
