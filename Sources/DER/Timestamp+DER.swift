/// The two times of ASN.1, in the only forms that RFC 5280 §4.1.2.5 allows: seconds present, no fraction, always `Z`.
///
/// A GeneralizedTime before 2050 is read although §4.1.2.5 tells issuers to write UTCTime then: NIST's PKITS (4.2.4)
/// requires relying parties to accept it.
extension Timestamp {
    /// Reads `YYMMDDHHMMSSZ`; years 50 to 99 are of the twentieth century.
    @inlinable
    public init?(utcTime content: Range<Int>, in bytes: Span<UInt8>) {
        guard content.count == 13, let year = Timestamp.twoDigits(at: content.lowerBound, in: bytes) else { return nil }
        self.init(
            year: year >= 50 ? 1900 + year : 2000 + year, monthToSecond: content.lowerBound + 2, in: bytes)
    }

    /// Reads `YYYYMMDDHHMMSSZ`.
    @inlinable
    public init?(generalizedTime content: Range<Int>, in bytes: Span<UInt8>) {
        guard content.count == 15, let century = Timestamp.twoDigits(at: content.lowerBound, in: bytes),
            let year = Timestamp.twoDigits(at: content.lowerBound + 2, in: bytes)
        else { return nil }
        self.init(year: century * 100 + year, monthToSecond: content.lowerBound + 4, in: bytes)
    }

    @usableFromInline
    init?(year: Int, monthToSecond start: Int, in bytes: Span<UInt8>) {
        guard let month = Timestamp.twoDigits(at: start, in: bytes),
            let day = Timestamp.twoDigits(at: start + 2, in: bytes),
            let hour = Timestamp.twoDigits(at: start + 4, in: bytes),
            let minute = Timestamp.twoDigits(at: start + 6, in: bytes),
            let second = Timestamp.twoDigits(at: start + 8, in: bytes),
            bytes[start + 10] == UInt8(ascii: "Z")
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    @inlinable
    static func twoDigits(at index: Int, in bytes: Span<UInt8>) -> Int? {
        let tens = bytes[index] &- UInt8(ascii: "0")
        let units = bytes[index + 1] &- UInt8(ascii: "0")
        guard tens <= 9, units <= 9 else { return nil }
        return Int(tens) * 10 + Int(units)
    }
}
