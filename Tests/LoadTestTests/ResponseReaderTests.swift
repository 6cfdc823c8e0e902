import HTTP
import Testing

@testable import LoadTest

@Suite("Reading responses off a connection")
struct ResponseReaderTests {
    /// Shows the reader a text in pieces; how many responses ended.
    private func read(_ text: String, pieces size: Int, _ reader: inout ResponseReader) throws -> Int {
        var head = ResponseHead()
        let bytes = Array(text.utf8)
        var ended = 0
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            if try reader.take(piece.span, scratch: &head) { ended += 1 }
        }
        return ended
    }

    private static let responses = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", UInt16(200), true),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, true),
        ("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno", 403, false),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", 200, true),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, true),
    ]

    @Test("A response ends once, whatever pieces it comes in", arguments: responses, [1, 2, 7, 4_096])
    func pieces(response: (text: String, status: UInt16, keepsAlive: Bool), size: Int) throws {
        var reader = ResponseReader()
        for _ in 0..<2 {
            #expect(try read(response.text, pieces: size, &reader) == 1)
            #expect(reader.status == response.status)
            #expect(reader.keepsAlive == response.keepsAlive)
            #expect(!reader.isAmidst)
        }
    }

    @Test("A body without a length ends with the connection")
    func untilClose() throws {
        var reader = ResponseReader()
        #expect(try read("HTTP/1.1 200 OK\r\n\r\nsome", pieces: 64, &reader) == 0)
        #expect(reader.isAmidst)
        #expect(reader.isCompleteAtClose)
    }

    @Test("A body that is cut is not complete")
    func cut() throws {
        var reader = ResponseReader()
        #expect(try read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", pieces: 64, &reader) == 0)
        #expect(!reader.isCompleteAtClose)
    }

    @Test("What is no response throws")
    func rubbish() {
        var reader = ResponseReader()
        #expect(throws: MessageError.self) { try read("SSH-2.0-OpenSSH\r\n", pieces: 64, &reader) }
    }
}
