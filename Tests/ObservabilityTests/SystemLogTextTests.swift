import Testing

@testable import Observability

@Suite("Texts for the system's log")
struct SystemLogTextTests {
    private let time = WallTime(seconds: 1_795_537_507, milliseconds: 7)

    private func syslog(_ log: LogStamp.Log, _ line: String, identifier: String = "poterne") -> String {
        var text = SyslogText(LogStamp(log, identifier: identifier, facility: 10))
        var datagram: [UInt8] = []
        text.append(line.utf8.span, at: time, to: &datagram)
        return String(decoding: datagram, as: UTF8.self)
    }

    private func journal(_ log: LogStamp.Log, _ line: String) -> [UInt8] {
        var datagram: [UInt8] = []
        JournalText(LogStamp(log, identifier: "poterne", facility: 3)).append(line.utf8.span, to: &datagram)
        return datagram
    }

    @Test("a priority is the facility's and the line's own")
    func priority() {
        #expect(syslog(.access, "x").hasPrefix("<86>1 2026-"))
        #expect(syslog(.audit, "x").hasPrefix("<85>1 "))
        #expect(syslog(.operator, "3x").hasPrefix("<83>1 "))
        #expect(syslog(.operator, "3x").hasSuffix(" operator - x"))
        #expect(syslog(.operator, "x").hasPrefix("<86>1 "))
        #expect(syslog(.operator, "3a\u{1E}b").hasSuffix(" operator - a b"))
    }

    @Test("a message that is too long is cut between characters")
    func cut() {
        for shift in 0..<4 {
            let text = syslog(.access, String(repeating: "a", count: shift) + String(repeating: "é", count: 8000))
            #expect(text.utf8.count <= 8192)
            #expect(text.utf8.count > 8185)
            #expect(text.hasSuffix("é…"))
        }
    }

    @Test("an entry of the journal has a line's members as fields, with their meaning")
    func fields() {
        let line = #"{"path":"/a\"b\\c\u001fd","status":200,"resumed":true,"reason":"x=y","text":"one\ntwo"}"#
        let entry = String(decoding: journal(.access, line), as: UTF8.self)
        #expect(
            entry.contains(
                "SYSLOG_IDENTIFIER=poterne\nSYSLOG_FACILITY=3\nPOTERNE_LOG=access\nPRIORITY=6\nMESSAGE=\(line)\n"))
        #expect(entry.contains("\nPOTERNE_PATH=/a\"b\\c\u{1f}d\nPOTERNE_STATUS=200\nPOTERNE_RESUMED=true\n"))
        #expect(entry.contains("\nPOTERNE_REASON=x=y\nPOTERNE_TEXT\n\u{7}\0\0\0\0\0\0\0one\ntwo\n"))
    }

    @Test(
        "what is no object of ours has no fields, and does no harm",
        arguments: [
            "", "plain", "{", "{}", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":\"", "{\"a\":\"\\", "{\"a\":[1]}",
            "{\"a\":{\"b\":1}}", "{,}",
        ])
    func harmless(_ line: String) {
        let entry = String(decoding: journal(.audit, line), as: UTF8.self)
        #expect(entry.hasSuffix("MESSAGE=\(line)\n"))
    }

    @Test("a line of the operator's log with line feeds is one entry")
    func lines() {
        let entry = String(decoding: journal(.operator, "4one\u{1E}two"), as: UTF8.self)
        #expect(entry.contains("PRIORITY=4\nMESSAGE\n\u{7}\0\0\0\0\0\0\0one\ntwo\n"))
    }
}
