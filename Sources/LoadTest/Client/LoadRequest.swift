import HTTP
import HTTP1

/// The request that a plan makes over and over, as both protocols send it.
struct LoadRequest {
    /// Of HTTP/1.1, head and content.
    let bytes: [UInt8]
    /// The same head for HTTP/2.
    let head: RequestHead
    /// The bytes of content.
    let contentSize: Int

    init(_ plan: LoadPlan) throws(LoadError) {
        let host = plan.serverName ?? "\(plan.target)"
        var text = plan.uploadSize > 0 ? "POST" : "GET"
        text += " \(plan.path) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: poterne-load\r\nAccept: */*\r\n"
        for field in plan.fields { text += field + "\r\n" }
        if plan.uploadSize > 0 {
            text += "Content-Type: application/octet-stream\r\nContent-Length: \(plan.uploadSize)\r\n"
        }
        if !plan.keepsConnections { text += "Connection: close\r\n" }
        text += "\r\n"
        let headBytes = Array(text.utf8)
        contentSize = plan.uploadSize
        bytes = headBytes + LoadRequest.content(plan.uploadSize)
        // In HTTP/1.1 a request may be as odd as one likes.
        head = plan.speech == .http1 ? RequestHead() : try LoadRequest.parsed(headBytes)
    }

    private static func parsed(_ bytes: [UInt8]) throws(LoadError) -> RequestHead {
        var head = RequestHead()
        var position = ParsePosition()
        do throws(MessageError) {
            let progress = try parseRequestHead(bytes.span, resume: &position, limits: HTTP.Limits(), into: &head)
            guard progress == .complete(consumed: bytes.count) else { throw .invalidFieldValue }
        } catch {
            throw .unusableRequest(error.description)
        }
        return head
    }

    static func content(_ count: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(ascii: "x"), count: count)
    }
}
