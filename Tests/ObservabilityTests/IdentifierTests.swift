import Testing

@testable import Observability

@Suite("Identifiers")
struct IdentifierTests {
    @Test("of requests grow within a millisecond, over many, and when the clock steps back")
    func monotone() {
        var source = IdentifierSource()
        var last = source.requestID(at: WallTime(seconds: 1000, milliseconds: 500))
        var isMonotone = true
        for step in 0..<20_000 {
            let time = WallTime(seconds: step % 3 == 0 ? 999 : 1000, milliseconds: step / 100 % 1000)
            let next = source.requestID(at: time)
            if next <= last { isMonotone = false }
            last = next
        }
        #expect(isMonotone)
        let later = source.requestID(at: WallTime(seconds: 2000))
        #expect(later.milliseconds == 2_000_000)
        #expect(later > last)
    }

    @Test("of requests are UUIDs of version 7")
    func uuids() {
        var source = IdentifierSource()
        for _ in 0..<200 {
            let id = source.requestID(at: WallTime(seconds: 1_795_511_107, milliseconds: 45))
            let text = Array(id.description)
            #expect(text.count == RequestID.textLength)
            #expect(String(text[0..<13]) == "01a20ccd-3de5")
            #expect(text[14] == "7")
            #expect("89ab".contains(text[19]))
            #expect([8, 13, 18, 23].allSatisfy { text[$0] == "-" })
        }
    }

    @Test("are written digit by digit, with the dashes of a UUID")
    func digits() {
        #expect(
            RequestID(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210).description
                == "01234567-89ab-cdef-fedc-ba9876543210")
        #expect(RequestID(high: 0, low: .max).description == "00000000-0000-0000-ffff-ffffffffffff")
    }

    @Test("of two sources differ, in the same millisecond")
    func sourcesDiffer() {
        var one = IdentifierSource()
        var two = IdentifierSource()
        let time = WallTime(seconds: 1)
        let ids = (0..<1000).flatMap { _ in [one.requestID(at: time), two.requestID(at: time)] }
        #expect(Set(ids).count == ids.count)
    }

    @Test(
        "of traces are refused when not exact",
        arguments: [
            "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-011",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0\u{e9}",
        ])
    func badTraces(text: String) {
        #expect(read(text) == nil)
    }

    @Test(
        "of traces are read and written back as version 00",
        arguments: [
            (
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            ),
            (
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"
            ),
            (
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03"
            ),
            (
                "cc-00000000000000000000000000000001-ffffffffffffffff-01-more",
                "00-00000000000000000000000000000001-ffffffffffffffff-01"
            ),
            (
                "01-00000000000000010000000000000000-0000000000000001-06",
                "00-00000000000000010000000000000000-0000000000000001-02"
            ),
        ])
    func goodTraces(text: String, written: String) throws {
        let context = try #require(read(text))
        #expect(describe(context) == written)
    }

    @Test("of traces are made valid and random, and go on with another caller or another word on being recorded")
    func makes() throws {
        var source = IdentifierSource()
        let context = source.traceContext(isSampled: true)
        #expect(read(describe(context)) == context)
        #expect(context.flags == 3)
        #expect(source.traceContext().flags == 2)
        let child = context.called(by: 7)
        #expect(child.traceHigh == context.traceHigh && child.traceLow == context.traceLow)
        #expect(child.flags == context.flags)
        #expect(child.parent == 7)
        #expect(context.sampled(false).flags == 2)
        #expect(context.sampled(false).sampled(true) == context)
        #expect(source.traceContext() != context)
        #expect(source.span() != source.span())
        #expect(describe(child).utf8.count == TraceContext.textLength)
    }

    private func read(_ text: String) -> TraceContext? {
        TraceContext(text.utf8.span)
    }

    private func describe(_ context: TraceContext) -> String {
        var text: [UInt8] = []
        context.append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
