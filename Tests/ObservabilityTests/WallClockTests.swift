import Glibc
import Observability
import Testing

@Suite("Wall clock")
struct WallClockTests {
    @Test(
        "writes the calendar's own days",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799, "9999-12-31T23:59:59.000Z"), (Int64.max, "9999-12-31T23:59:59.000Z"),
            (-62_167_219_200, "0000-01-01T00:00:00.000Z"), (Int64.min, "0000-01-01T00:00:00.000Z"),
        ] as [(Int64, String)])
    func days(seconds: Int64, text: String) {
        var clock = WallClock()
        #expect(rfc3339(&clock, WallTime(seconds: seconds)) == text)
    }

    @Test("agrees with the C library on any second, in any order")
    func agrees() {
        var clock = WallClock()
        for _ in 0..<2000 {
            let seconds = Int64.random(in: -2_208_988_800...32_503_680_000)
            var time = time_t(seconds)
            var fields = unsafe tm()
            unsafe gmtime_r(&time, &fields)
            var buffer = [CChar](repeating: 0, count: 64)
            unsafe strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S.007Z [%d/%b/%Y:%H:%M:%S +0000]", &fields)
            let expected = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            var text: [UInt8] = []
            clock.appendRFC3339(WallTime(seconds: seconds, milliseconds: 7), to: &text)
            text.append(UInt8(ascii: " "))
            clock.appendCommonLog(WallTime(seconds: seconds), to: &text)
            if String(decoding: text, as: UTF8.self) != expected {
                Issue.record("\(seconds): \(String(decoding: text, as: UTF8.self)) instead of \(expected)")
                return
            }
        }
    }

    @Test("changes the milliseconds within a second, and the second with the next")
    func cached() {
        var clock = WallClock()
        #expect(rfc3339(&clock, WallTime(seconds: 59, milliseconds: 1)) == "1970-01-01T00:00:59.001Z")
        #expect(rfc3339(&clock, WallTime(seconds: 59, milliseconds: 999)) == "1970-01-01T00:00:59.999Z")
        #expect(rfc3339(&clock, WallTime(seconds: 60, milliseconds: 0)) == "1970-01-01T00:01:00.000Z")
        #expect(WallTime.now().seconds >= 1_700_000_000)
    }

    private func rfc3339(_ clock: inout WallClock, _ time: WallTime) -> String {
        var text: [UInt8] = []
        clock.appendRFC3339(time, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
