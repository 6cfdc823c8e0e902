import Testing

@testable import DER

@Suite("Times")
struct TimestampTests {
    private func utc(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        return Timestamp(utcTime: 0..<bytes.count, in: bytes.span)
    }

    private func generalized(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        return Timestamp(generalizedTime: 0..<bytes.count, in: bytes.span)
    }

    @Test(
        "a UTCTime of another form than RFC 5280's is refused",
        arguments: [
            "", "Z", "1906281200Z", "190628120000", "190628120000+0000", "190628120000z", "190628120000ZZ",
            "190628120060Z", "190628126000Z", "190628240000Z", "190631120000Z", "190229120000Z", "191301120000Z",
            "190001120000Z", "190100120000Z", "19 628120000Z", "-90628120000Z", "19062812000.5Z",
        ])
    func refusedUTC(_ text: String) {
        #expect(utc(text) == nil)
    }

    @Test(
        "a GeneralizedTime of another form than RFC 5280's is refused",
        arguments: [
            "20190628120000", "20190628120000.5Z", "20190628120000+0000", "201906281200Z", "20190628120000,5Z",
            "20210229000000Z", "21000229000000Z", "190628120000Z",
        ])
    func refusedGeneralized(_ text: String) {
        #expect(generalized(text) == nil)
    }

    @Test(
        "dates are what other calendars say",
        arguments: [
            ("19700101000000Z", 0), ("19691231235959Z", -1), ("20000229120000Z", 951_825_600),
            ("20190628120000Z", 1_561_723_200), ("20330625000000Z", 2_003_270_400),
            ("20500101000000Z", 2_524_608_000), ("99991231235959Z", 253_402_300_799),
            ("00000101000000Z", -62_167_219_200),
        ])
    func dates(_ text: String, _ seconds: Int64) {
        #expect(generalized(text)?.secondsSinceEpoch == seconds)
    }

    @Test("the two digits of a UTCTime turn at 1950")
    func centuries() {
        #expect(utc("500101000000Z")?.rfc3339 == "1950-01-01T00:00:00Z")
        #expect(utc("491231235959Z")?.rfc3339 == "2049-12-31T23:59:59Z")
    }

    @Test("every day of four centuries is written and read back")
    func everyDay() {
        var wrong = 0
        for day in -36_525..<110_000 {
            let moment = Timestamp(secondsSinceEpoch: Int64(day) * 86_400 + 43_199)
            if Timestamp(rfc3339: moment.rfc3339) != moment { wrong += 1 }
        }
        #expect(wrong == 0)
    }

    @Test(
        "RFC 3339 is read with its offsets and fractions",
        arguments: [
            ("2019-06-28T12:00:00Z", 1_561_723_200), ("2019-06-28t12:00:00z", 1_561_723_200),
            ("2019-06-28T14:00:00+02:00", 1_561_723_200), ("2019-06-28T08:30:00-03:30", 1_561_723_200),
            ("2019-06-28T12:00:00.999Z", 1_561_723_200),
        ])
    func rfc3339(_ text: String, _ seconds: Int64) {
        #expect(Timestamp(rfc3339: text)?.secondsSinceEpoch == seconds)
    }

    @Test(
        "what is not RFC 3339 is none",
        arguments: [
            "", "2019-06-28", "2019-06-28T12:00:00", "2019-06-28 12:00:00Z", "2019-06-28T12:00:00.Z",
            "2019-06-28T12:00:00+0200", "2019-06-28T12:00:00+24:00", "2019-02-29T12:00:00Z", "2019-06-28T12:00:60Z",
            "2019-06-28T12:00:00Zé", "+019-06-28T12:00:00Z",
        ])
    func notRFC3339(_ text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("a time is written as UTCTime until 2049 and as GeneralizedTime from 2050")
    func written() throws {
        for (text, tag) in [
            ("1949-12-31T23:59:59Z", DERTag.generalizedTime), ("1950-01-01T00:00:00Z", .utcTime),
            ("2049-12-31T23:59:59Z", .utcTime), ("2050-01-01T00:00:00Z", .generalizedTime),
        ] {
            let moment = try #require(Timestamp(rfc3339: text))
            var writer = DERWriter()
            writer.time(moment)
            let bytes = writer.bytes
            var cursor = DERCursor(all: bytes.span)
            let element = try cursor.next(in: bytes.span)
            #expect(element.tag == tag)
            let read = try element.time(in: bytes.span)
            #expect(read == moment)
        }
    }

    @Test("arithmetic stops at the ends of time, and printing at the year 9999")
    func saturation() {
        let last = Timestamp(secondsSinceEpoch: .max)
        #expect(last.adding(seconds: 1) == last)
        #expect(Timestamp(secondsSinceEpoch: .min).adding(seconds: -1).secondsSinceEpoch == .min)
        #expect(last.seconds(since: Timestamp(secondsSinceEpoch: -1)) == .max)
        #expect(last.rfc3339 == "9999-12-31T23:59:59Z")
        #expect(Timestamp(secondsSinceEpoch: .min).rfc3339 == "0000-01-01T00:00:00Z")
    }
}
