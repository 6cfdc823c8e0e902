/// How the records of a `SerialTable` are laid out, and how a serial becomes one.
struct SerialTableLayout: Sendable {
    /// Octets of every serial: those all share, then the prefix, then the suffix.
    let octets: Int
    let sharedOctets: Int
    let prefixOctets: Int
    let suffixOctets: Int
    /// Octets of the field after the suffix, at most eight.
    let fieldOctets: Int
    /// Bits of the mixed prefix that number the bucket.
    let bucketBits: UInt64
    /// Bits of the mixed prefix below those, stored in the field.
    let storedBits: UInt64
    let storedMask: UInt64
    /// Of the word at the start of a record, what belongs to the suffix.
    let leadingMask: UInt64
    let earliest: Int64
    let seed: UInt64

    static var reasonBits: UInt64 { 4 }

    /// Lays out a table for serials of which the tally has at least one.
    init(_ tally: SerialTally, seed: UInt64) {
        octets = tally.first.count
        sharedOctets = tally.sharedOctets
        let span = UInt64(bitPattern: tally.latest &- tally.earliest)
        let dateBits = UInt64(UInt64.bitWidth - span.leadingZeroBitCount)
        // The field has 64 bits at most. A span of dates above 36 bits, two thousand years, leaves fewer for the prefix.
        prefixOctets = min(dateBits > 36 ? 2 : 3, octets - sharedOctets)
        suffixOctets = octets - sharedOctets - prefixOctets
        // Some 4 to 8 records a bucket: one octet of directory an entry at most, and a scan of two or three cache lines.
        let bits = Int.bitWidth - 1 - max(1, tally.count).leadingZeroBitCount
        bucketBits = UInt64(max(0, min(bits - 2, prefixOctets * 8)))
        storedBits = UInt64(prefixOctets * 8) - bucketBits
        storedMask = (1 << storedBits) - 1
        // Little-endian: the first octets of a record are the low ones of its word.
        leadingMask = suffixOctets >= 8 ? .max : (1 << UInt64(suffixOctets * 8)) - 1
        earliest = tally.earliest
        let fieldBits = dateBits + SerialTableLayout.reasonBits + storedBits
        fieldOctets = Int((fieldBits + 7) / 8)
        self.seed = seed
    }

    /// Octets of one record.
    var stride: Int { suffixOctets + fieldOctets }

    /// The prefix, mixed with the suffix.
    @inline(__always)
    func mixedPrefix(of serial: UnsafeRawPointer) -> UInt64 {
        var prefix: UInt64 = 0
        for index in sharedOctets..<(sharedOctets &+ prefixOctets) {
            unsafe prefix = prefix << 8 | UInt64(serial.load(fromByteOffset: index, as: UInt8.self))
        }
        let suffix = unsafe serial + (sharedOctets &+ prefixOctets)
        var hash = seed
        if suffixOctets < 8 {
            hash = mix(hash, unsafe leadingWord(of: suffix))
        } else {
            var offset = 0
            while offset &+ 8 < suffixOctets {
                hash = mix(hash, unsafe suffix.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset &+= 8
            }
            // The last word overlaps the one before it.
            hash = mix(hash, unsafe suffix.loadUnaligned(fromByteOffset: suffixOctets &- 8, as: UInt64.self))
        }
        return prefix ^ (hash & ((1 << UInt64(prefixOctets &* 8)) &- 1))
    }

    /// The first eight octets of a suffix as a word, fewer when it is shorter.
    @inline(__always)
    func leadingWord(of suffix: UnsafeRawPointer) -> UInt64 {
        if suffixOctets >= 8 { return unsafe suffix.loadUnaligned(as: UInt64.self) }
        // A serial ends where it ends: no word may be loaded past it.
        var word: UInt64 = 0
        for index in (0..<suffixOctets).reversed() {
            unsafe word = word << 8 | UInt64(suffix.load(fromByteOffset: index, as: UInt8.self))
        }
        return word
    }

    /// Whether two suffixes are alike after their leading word.
    @inline(__always)
    func endsAlike(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer) -> Bool {
        var index = 8
        while index < suffixOctets {
            guard
                unsafe one.load(fromByteOffset: index, as: UInt8.self)
                    == other.load(fromByteOffset: index, as: UInt8.self)
            else { return false }
            index &+= 1
        }
        return true
    }

    /// The field of the record at an address.
    @inline(__always)
    func field(at record: UnsafeRawPointer) -> UInt64 {
        let word = unsafe record.loadUnaligned(fromByteOffset: suffixOctets, as: UInt64.self)
        return fieldOctets >= 8 ? word : word & ((1 << UInt64(fieldOctets &* 8)) &- 1)
    }

    /// The field that says what is known of a serial.
    func field(mixed: UInt64, date: Int64, reason: RevocationReason) -> UInt64 {
        let seconds = UInt64(bitPattern: date &- earliest)
        return (seconds << SerialTableLayout.reasonBits | UInt64(reason.rawValue)) << storedBits | mixed & storedMask
    }

    /// What a field says.
    func record(of field: UInt64) -> SerialTable.Record {
        let value = field >> storedBits
        return SerialTable.Record(
            date: earliest &+ Int64(bitPattern: value >> SerialTableLayout.reasonBits),
            reason: RevocationReason(rawValue: UInt8(truncatingIfNeeded: value & 0x0F)) ?? .unspecified)
    }

    @inline(__always)
    private func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low ^ seed
    }
}
