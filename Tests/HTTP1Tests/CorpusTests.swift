import HTTP
import HTTP1
import HTTP1Corpus
import Testing

@Suite("Corpus of messages, well and malformed")
struct CorpusTests {
    @Test("the corpus is there, whole")
    func corpusIsThere() {
        #expect(CorpusMessage.requests.count > 200)
        #expect(CorpusMessage.responses.count > 70)
    }

    @Test("a request comes out as its file says, at once and an octet at a time", arguments: CorpusMessage.requests)
    func request(_ message: CorpusMessage) {
        for step in [max(1, message.bytes.count), 1, 2, 7] {
            #expect(Reading.request(message.bytes.span, step: step) == message.outcome, "\(step) at a time")
        }
    }

    @Test("a response comes out as its file says, at once and an octet at a time", arguments: CorpusMessage.responses)
    func response(_ message: CorpusMessage) {
        for step in [max(1, message.bytes.count), 1, 2, 7] {
            let outcome = Reading.response(message.bytes.span, to: message.method, step: step)
            #expect(outcome == message.outcome, "\(step) at a time")
        }
    }

    @Test("every refusal of the corpus has a status a caller can act on")
    func statuses() {
        for error in MessageError.allCases {
            #expect([400, 414, 431, 501, 505].contains(error.status.rawValue))
            #expect(!error.description.isEmpty)
        }
    }

    @Test("no parser looks beyond the last octet: the page after it cannot be read")
    func guardPage() throws {
        let page = try GuardedPages(bytes: 32 * 1024)
        for message in CorpusMessage.requests where message.bytes.count <= page.capacity {
            for count in Set(stride(from: 0, through: message.bytes.count, by: max(1, message.bytes.count / 200)))
                .union([message.bytes.count])
            {
                let prefix = message.bytes.span.extracting(0..<count)
                page.withBytesAtEnd(prefix) { _ = Reading.request($0, step: max(1, $0.count)) }
            }
        }
        for message in CorpusMessage.responses where message.bytes.count <= page.capacity {
            for count in Set(stride(from: 0, through: message.bytes.count, by: max(1, message.bytes.count / 200)))
                .union([message.bytes.count])
            {
                let prefix = message.bytes.span.extracting(0..<count)
                page.withBytesAtEnd(prefix) { _ = Reading.response($0, to: message.method, step: max(1, $0.count)) }
            }
        }
    }
}
