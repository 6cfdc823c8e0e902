internal import DER

/// The revoked serial numbers of one length, with date and reason, packed for exact look-up.
///
/// Serials are spread over buckets by a quotient: after the octets that all serials share, the next two (the prefix) are
/// mixed with a seeded hash of the octets that follow (the suffix). Given the suffix, that is a bijection of the prefix,
/// so bucket number, the few mixed bits below it, and the suffix say the whole serial again: nothing is lost, nothing
/// can collide, and the prefix need not be stored. The mixing makes buckets even whatever the CA's numbering is.
///
/// One record is the suffix, then a little-endian field: the mixed bits, four bits of reason, and the seconds since the
/// earliest date. A million 16-octet serials over eight years take 14 + 4 octets each, and a quarter for the directory.
struct SerialTable: Sendable {
    /// What is known of one serial.
    struct Record {
        let date: Int64
        let reason: RevocationReason
    }

    /// Octets in front that all serials share, stored once.
    let shared: [UInt8]
    let prefixOctets: Int
    let suffixOctets: Int
    let fieldOctets: Int
    /// Bits of the mixed prefix that number the bucket, and those below them that are stored.
    let bucketBits: Int
    let storedBits: Int
    let earliest: Int64
    let seed: UInt64
    /// Index of the first record of each bucket, and the number of records at the end.
    private(set) var directory: [UInt32]
    private(set) var records: [UInt8]

    static var reasonBits: Int { 4 }

    /// Lays out an empty table for a tally with entries.
    init(_ tally: SerialTally, seed: UInt64, in bytes: Span<UInt8>) {
        let octets = tally.first.count
        let sharedOctets = tally.sharedOctets
        shared = bytes.copy(of: tally.first.lowerBound..<(tally.first.lowerBound + sharedOctets))
        prefixOctets = min(2, octets - sharedOctets)
        suffixOctets = octets - sharedOctets - prefixOctets
        // Some 8 to 16 records a bucket: half an octet of directory an entry at most, and a scan of a few cache lines.
        let bits = Int.bitWidth - 1 - max(1, tally.count).leadingZeroBitCount
        bucketBits = max(0, min(bits - 3, prefixOctets * 8))
        storedBits = prefixOctets * 8 - bucketBits
        earliest = tally.earliest
        let span = UInt64(bitPattern: tally.latest &- tally.earliest)
        let fieldBits = UInt64.bitWidth - span.leadingZeroBitCount + SerialTable.reasonBits + storedBits
        fieldOctets = (fieldBits + 7) / 8
        self.seed = seed
        directory = [UInt32](repeating: 0, count: (1 << bucketBits) + 1)
        records = [UInt8](repeating: 0, count: tally.count * (suffixOctets + fieldOctets))
    }

    /// Octets of one record.
    var stride: Int { suffixOctets + fieldOctets }

    /// Octets of memory that the table takes.
    var byteCount: Int { records.count + directory.count * MemoryLayout<UInt32>.size + shared.count }

    /// The mixed prefix of a serial whose shared octets are known to be ours.
    @inline(__always)
    private func mixedPrefix(of serial: Span<UInt8>) -> Int {
        var prefix = 0
        for index in shared.count..<(shared.count &+ prefixOctets) {
            prefix = prefix << 8 | Int(serial[index])
        }
        var hash = seed
        var index = shared.count &+ prefixOctets
        while index < serial.count {
            var word: UInt64 = 0
            let end = min(serial.count, index &+ 8)
            while index < end {
                word = word << 8 | UInt64(serial[index])
                index &+= 1
            }
            let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            hash = product.high ^ product.low ^ seed
        }
        return prefix ^ Int(truncatingIfNeeded: hash & ((1 << UInt64(prefixOctets * 8)) &- 1))
    }
}

extension SerialTable {
    /// Counts a serial into its bucket: the first of the two passes that fill the table.
    mutating func count(_ serial: Span<UInt8>) {
        directory[mixedPrefix(of: serial) >> storedBits] += 1
    }

    /// Ends the first pass: each bucket's count becomes the index after its last record.
    mutating func endCounting() {
        var sum: UInt32 = 0
        for bucket in directory.indices {
            sum += directory[bucket]
            directory[bucket] = sum
        }
    }

    /// Puts an entry in its place: the second pass, which leaves each bucket's number at its first record.
    mutating func place(_ serial: Span<UInt8>, date: Int64, reason: RevocationReason) {
        let mixed = mixedPrefix(of: serial)
        let bucket = mixed >> storedBits
        directory[bucket] -= 1
        var position = Int(directory[bucket]) * stride
        for index in (shared.count + prefixOctets)..<serial.count {
            records[position] = serial[index]
            position += 1
        }
        let seconds = UInt64(bitPattern: date &- earliest)
        var field = (seconds << UInt64(SerialTable.reasonBits) | UInt64(reason.rawValue)) << UInt64(storedBits)
        field |= UInt64(truncatingIfNeeded: mixed & ((1 << storedBits) - 1))
        for _ in 0..<fieldOctets {
            records[position] = UInt8(truncatingIfNeeded: field)
            field >>= 8
            position += 1
        }
    }

    /// What is known of a serial of this table's length; nil when it is not in it.
    ///
    /// A serial listed twice, once to be removed, is not removed.
    func record(of serial: Span<UInt8>) -> Record? {
        for index in shared.indices {
            guard serial[index] == shared[index] else { return nil }
        }
        let mixed = mixedPrefix(of: serial)
        let bucket = mixed >> storedBits
        let low = UInt64(truncatingIfNeeded: mixed & ((1 << storedBits) - 1))
        let suffix = shared.count &+ prefixOctets
        let bytes = records.span
        var found: Record?
        var position = Int(directory[bucket]) &* stride
        let end = Int(directory[bucket &+ 1]) &* stride
        while position < end {
            defer { position &+= stride }
            var index = 0
            while index < suffixOctets, bytes[position &+ index] == serial[suffix &+ index] { index &+= 1 }
            guard index == suffixOctets else { continue }
            var field: UInt64 = 0
            for index in (0..<fieldOctets).reversed() {
                field = field << 8 | UInt64(bytes[position &+ suffixOctets &+ index])
            }
            guard field & ((1 << UInt64(storedBits)) &- 1) == low else { continue }
            field >>= UInt64(storedBits)
            let reason = RevocationReason(rawValue: UInt8(field & 0x0F)) ?? .unspecified
            let seconds = Int64(bitPattern: field >> UInt64(SerialTable.reasonBits))
            found = Record(date: earliest &+ seconds, reason: reason)
            guard reason == .removeFromCRL else { break }
        }
        return found
    }
}
