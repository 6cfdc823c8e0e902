extension Span<UInt8> {
    /// The first octet at or after `start` that is a control character (HTAB included), or the end.
    ///
    /// Eight octets at a time: in each, the high bit of `word - 0x20…` tells an octet below 0x20, the high bit of
    /// `(word ^ 0x7F…) - 0x01…` an octet of 0x7F. A borrow only reaches octets above the first hit, so the lowest
    /// one set is exact.
    @inlinable @inline(__always)
    public func endOfPlainContent(from start: Int) -> Int {
        let count = self.count
        var index = start
        let raw = unsafe bytes
        while index + 8 <= count {
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let flipped = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let below = (word &- 0x2020_2020_2020_2020) & ~word
            let delete = (flipped &- 0x0101_0101_0101_0101) & ~flipped
            let hits = (below | delete) & 0x8080_8080_8080_8080
            if hits != 0 { return index + hits.trailingZeroBitCount >> 3 }
            index += 8
        }
        while index < count, self[index] >= 0x20, self[index] != 0x7F { index += 1 }
        return index
    }

    /// The first octet at or after `start` that is no token character (RFC 9110 §5.6.2), or the end.
    ///
    /// Eight octets at a time as long as they are letters and hyphens, which is what the names of fields are made of.
    @inlinable @inline(__always)
    public func endOfToken(from start: Int) -> Int {
        let count = self.count
        var index = start
        let raw = unsafe bytes
        while index + 8 <= count {
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let low = word & 0x7F7F_7F7F_7F7F_7F7F
            // The high bit of each octet: at least `a` and at most `z` with the case folded; or `-`. No sum carries.
            let folded = low | 0x2020_2020_2020_2020
            let letters = (folded &+ 0x1F1F_1F1F_1F1F_1F1F) & ~(folded &+ 0x0505_0505_0505_0505)
            let hyphens = ~((low ^ 0x2D2D_2D2D_2D2D_2D2D) &+ 0x7F7F_7F7F_7F7F_7F7F)
            let others = ~((letters | hyphens) & ~word) & 0x8080_8080_8080_8080
            guard others == 0 else {
                index += others.trailingZeroBitCount >> 3
                break
            }
            index += 8
        }
        while index < count, Octet.isToken(self[index]) { index += 1 }
        return index
    }
}
