/// One field of a message, as it was sent.
struct Field: Equatable, CustomStringConvertible {
    let name: String
    let value: String

    var description: String { "\(name): \(value)" }
}

extension [Field] {
    /// The values of every field of a name, in order.
    subscript(all name: String) -> [String] {
        filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// The value of the first field of a name.
    subscript(name: String) -> String? { self[all: name].first }
}

/// A message as a peer of the gateway sees it.
struct Message: CustomStringConvertible {
    /// The request line or status line.
    var startLine = ""
    var fields: [Field] = []
    var body: [UInt8] = []
    /// The sizes of the chunks, for a chunked body.
    var chunks: [Int] = []
    var trailers: [Field] = []
    /// Whether the body came to the end that the head announced.
    var isComplete = false

    /// Of a response.
    var status: Int { startLine.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0 }
    /// Of a request.
    var method: String { startLine.split(separator: " ").first.map(String.init) ?? "" }
    /// Of a request.
    var target: String { startLine.split(separator: " ").dropFirst().first.map(String.init) ?? "" }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// A problem document's stable code.
    var code: String? { LogLine(text)?["code"] }

    var isChunked: Bool { fields["Transfer-Encoding"]?.lowercased() == "chunked" }

    var description: String {
        "\(startLine) \(fields) + \(body.count) bytes\(isComplete ? "" : ", cut"): \(text.prefix(400))"
    }
}

/// Reads messages off a stream, one after the other, and keeps what comes after each.
///
/// Deliberately simple and lenient, and not the product's own parser: the tests must see what was sent.
final class MessageReader {
    private let read: () throws -> [UInt8]
    private(set) var rest: [UInt8] = []
    private(set) var hasEnded = false

    init(_ stream: any ByteStream) {
        read = { try stream.read() }
    }

    /// A reader that the stream itself has, and that must not keep it alive.
    init(within stream: any ByteStream & AnyObject) {
        read = { [unowned stream] in try stream.read() }
    }

    struct Cut: Error, CustomStringConvertible {
        let received: [UInt8]
        var description: String {
            "cut after \(String(decoding: received.prefix(2_000), as: UTF8.self).debugDescription)"
        }
    }

    /// Reads more; false at the end.
    @discardableResult
    func fill() throws -> Bool {
        guard !hasEnded else { return false }
        let more = try read()
        rest += more
        hasEnded = more.isEmpty
        return !hasEnded
    }

    /// Reads a head: start line and fields; nothing if the stream ends before it begins.
    func readHead() throws -> Message? {
        var message = Message()
        guard let first = try readLine(orEnd: true) else { return nil }
        message.startLine = first
        message.fields = try readFields()
        return message
    }

    /// Reads a request whole.
    func readRequest() throws -> Message? {
        guard var message = try readHead() else { return nil }
        try readBody(of: &message, untilClose: false)
        return message
    }

    /// Reads the final response to a request, informational ones apart.
    func readResponse(to method: String = "GET") throws -> (informational: [Message], final: Message) {
        var informational: [Message] = []
        while true {
            guard var message = try readHead() else { throw Cut(received: rest) }
            if (100..<200).contains(message.status) {
                informational.append(message)
                continue
            }
            if method == "HEAD" || message.status == 204 || message.status == 304 {
                message.isComplete = true
            } else {
                try readBody(of: &message, untilClose: true)
            }
            return (informational, message)
        }
    }

    private func readBody(of message: inout Message, untilClose: Bool) throws {
        if message.isChunked {
            try readChunks(of: &message)
        } else if let length = message.fields["Content-Length"].flatMap({ Int($0) }) {
            while rest.count < length, try fill() {}
            message.isComplete = rest.count >= length
            message.body = Array(rest.prefix(length))
            rest.removeFirst(min(length, rest.count))
        } else if untilClose {
            while try fill() {}
            message.isComplete = true
            message.body = rest
            rest = []
        } else {
            message.isComplete = true
        }
    }

    private func readChunks(of message: inout Message) throws {
        do {
            while let line = try readLine() {
                guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else { throw Cut(received: rest) }
                if size == 0 {
                    message.trailers = try readFields()
                    message.isComplete = true
                    return
                }
                message.chunks.append(size)
                while rest.count < size + 2, try fill() {}
                message.body += rest.prefix(size)
                guard rest.count >= size + 2 else { return }
                rest.removeFirst(size + 2)
            }
        } catch is Cut {
            return
        }
    }

    private func readFields() throws -> [Field] {
        var fields: [Field] = []
        while let line = try readLine(), !line.isEmpty {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            let value = line[colon...].dropFirst().drop { $0 == " " }
            fields.append(Field(name: String(line[..<colon]), value: String(value)))
        }
        return fields
    }

    private func readLine(orEnd: Bool = false) throws -> String? {
        var searched = 0
        while true {
            if let end = rest[searched...].firstIndex(of: 0x0A) {
                let line = rest[..<end]
                let text = String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
                rest.removeFirst(end + 1)
                return text
            }
            searched = rest.count
            if try !fill() {
                if orEnd, rest.isEmpty { return nil }
                throw Cut(received: rest)
            }
        }
    }
}
