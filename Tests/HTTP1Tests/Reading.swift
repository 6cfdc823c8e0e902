import HTTP
import HTTP1

/// What becomes of a message when it is read as the gateway reads it: head, body, trailers.
///
/// `step` octets arrive at a time. The result is text to compare: the outcome lines of the corpus.
enum Reading {
    static let identity = FoldedNames(names: [], prefixes: ["X-Identity"])

    static func request(_ bytes: Span<UInt8>, step: Int) -> String {
        outcome { () throws(MessageError) in
            var head = RequestHead()
            guard let consumed = try requestHead(bytes, step: step, into: &head) else { return nil }
            guard let body = try body(bytes, from: consumed, step: step, head.framing, head.fields.lines.count) else {
                return nil
            }
            return describe(head) + body
        }
    }

    static func response(_ bytes: Span<UInt8>, to method: HTTP.Method, step: Int) -> String {
        outcome { () throws(MessageError) in
            var head = ResponseHead()
            guard let consumed = try responseHead(bytes, to: method, step: step, into: &head) else { return nil }
            guard let body = try body(bytes, from: consumed, step: step, head.framing, head.fields.lines.count) else {
                return nil
            }
            return "\(head.status)" + body
        }
    }

    static func requestHead(
        _ bytes: Span<UInt8>, step: Int, into head: inout RequestHead
    ) throws(MessageError) -> Int? {
        var position = ParsePosition()
        var arrived = 0
        repeat {
            arrived = min(bytes.count, arrived + step)
            let progress = try parseRequestHead(
                bytes.extracting(0..<arrived), resume: &position, limits: Limits(), into: &head)
            if case .complete(let consumed) = progress { return consumed }
        } while arrived < bytes.count
        return nil
    }

    private static func responseHead(
        _ bytes: Span<UInt8>, to method: HTTP.Method, step: Int, into head: inout ResponseHead
    ) throws(MessageError) -> Int? {
        var position = ParsePosition()
        var arrived = 0
        repeat {
            arrived = min(bytes.count, arrived + step)
            let progress = try parseResponseHead(
                bytes.extracting(0..<arrived), resume: &position, limits: Limits(), to: method, into: &head)
            if case .complete(let consumed) = progress { return consumed }
        } while arrived < bytes.count
        return nil
    }

    private static func outcome(_ read: () throws(MessageError) -> String?) -> String {
        do throws(MessageError) {
            guard let facts = try read() else { return "incomplete" }
            return "accepted " + facts
        } catch {
            return "refused \(error.rawValue)"
        }
    }

    /// Decodes the body that begins at `start`; nil when it is not complete.
    private static func body(
        _ bytes: Span<UInt8>, from start: Int, step: Int, _ framing: BodyFraming, _ fieldCount: Int
    ) throws(MessageError) -> String? {
        var decoder = BodyDecoder(framing, limits: Limits()) { Reading.identity.contains($0) }
        var content: [UInt8] = []
        var position = start
        var arrived = start
        decoding: while true {
            switch try decoder.decode(bytes.extracting(0..<arrived), from: position) {
            case .data(let range):
                content.append(copying: bytes.extracting(range))
                position = range.upperBound
            case .needMore:
                position = arrived
                guard arrived < bytes.count else {
                    guard decoder.isCompleteAtClose else { return nil }
                    break decoding
                }
                arrived = min(bytes.count, arrived + step)
            case .end(let consumed):
                position = consumed
                break decoding
            }
        }
        var facts = " framing=\(describe(framing)) fields=\(fieldCount)"
        if !content.isEmpty { facts += " content=\(escape(content))" }
        if !decoder.trailers.lines.isEmpty { facts += " trailers=\(decoder.trailers.lines.count)" }
        if position < bytes.count { facts += " rest=\(bytes.count - position)" }
        return facts
    }

    private static func describe(_ head: RequestHead) -> String {
        var method: [UInt8] = []
        head.appendMethod(to: &method)
        var facts = "\(method.span.text) \(head.form)"
        if head.path.count < 100 { facts += " path=\(head.text(head.path))" }
        if let query = head.query { facts += " query=\(head.text(query))" }
        if head.form == .absolute || head.form == .authority {
            facts += " host=\(head.fields.text(of: .host) ?? "")"
        }
        return facts
    }

    private static func describe(_ framing: BodyFraming) -> String {
        if case .length(let count) = framing { return "length(\(count))" }
        return "\(framing)"
    }

    private static func escape(_ content: [UInt8]) -> String {
        var text = ""
        for byte in content {
            switch byte {
            case 13: text += "\\r"
            case 10: text += "\\n"
            default: text.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return text
    }
}
