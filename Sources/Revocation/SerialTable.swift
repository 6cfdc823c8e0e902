internal import DER

/// The revoked serial numbers of one length, with date and reason, packed for exact look-up.
///
/// Serials are spread over buckets by a quotient: after the octets that all serials share, the next three (the prefix) are
/// mixed with a seeded hash of the octets that follow (the suffix). Given the suffix, that is a bijection of the prefix,
/// so bucket number, the few mixed bits below it, and the suffix say the whole serial again: nothing is lost, nothing
/// can collide, and the prefix need not be stored. The mixing makes buckets even whatever the CA's numbering is.
///
/// One record is the suffix, then a little-endian field: the mixed bits, four bits of reason, and the seconds since the
/// earliest date. A million 16-octet serials over several years take 13 + 5 octets each, and half a one for the directory.
///
/// A look-up runs over one bucket of raw memory: checked arrays took four times as long (600 ns against 150 at a
/// million). Every offset comes from the layout that the table itself was filled by, never from a peer.
@safe
final class SerialTable: @unchecked Sendable {
    // Sound: `SerialTableFiller` alone writes, before anybody else has the table.

    /// What is known of one serial.
    struct Record {
        let date: Int64
        let reason: RevocationReason
    }

    fileprivate let layout: SerialTableLayout
    /// Octets in front that all serials share, stored once.
    private let shared: [UInt8]
    /// Index of the first record of each bucket, and the number of records at the end.
    fileprivate let directory: UnsafeMutableBufferPointer<UInt32>
    /// The records, and eight octets more, so that a word may be loaded anywhere.
    fileprivate let records: UnsafeMutableRawBufferPointer

    fileprivate init(_ tally: SerialTally, seed: UInt64, in bytes: Span<UInt8>) {
        layout = SerialTableLayout(tally, seed: seed)
        shared = bytes.copy(of: tally.first.lowerBound..<(tally.first.lowerBound + layout.sharedOctets))
        unsafe directory = .allocate(capacity: (1 << layout.bucketBits) + 1)
        unsafe directory.initialize(repeating: 0)
        unsafe records = .allocate(byteCount: tally.count * layout.stride + 8, alignment: 8)
        unsafe records.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit {
        unsafe directory.deallocate()
        unsafe records.deallocate()
    }

    /// Octets of memory that the table takes.
    var byteCount: Int {
        unsafe records.count + directory.count * MemoryLayout<UInt32>.size + shared.count
    }

    /// What is known of a serial of this table's length; nil when it is not in it.
    ///
    /// A serial listed twice, once to be removed, is not removed.
    func record(of serial: Span<UInt8>) -> Record? {
        unsafe serial.withUnsafeBufferPointer { buffer in
            guard buffer.count == layout.octets, let start = buffer.baseAddress else { return nil }
            return unsafe record(of: UnsafeRawPointer(start))
        }
    }

    private func record(of serial: UnsafeRawPointer) -> Record? {
        for index in shared.indices {
            guard unsafe serial.load(fromByteOffset: index, as: UInt8.self) == shared[index] else { return nil }
        }
        let mixed = unsafe layout.mixedPrefix(of: serial)
        let low = mixed & layout.storedMask
        let bucket = Int(truncatingIfNeeded: mixed >> layout.storedBits)
        guard unsafe bucket &+ 1 < directory.count, let base = unsafe UnsafeRawPointer(records.baseAddress) else {
            return nil
        }
        let suffix = unsafe serial + layout.sharedOctets + layout.prefixOctets
        let word = unsafe layout.leadingWord(of: suffix)
        let stride = layout.stride
        var found: Record?
        var position = unsafe base + Int(directory[bucket]) &* stride
        let end = unsafe base + Int(directory[bucket &+ 1]) &* stride
        while unsafe position < end {
            defer { unsafe position += stride }
            guard unsafe position.loadUnaligned(as: UInt64.self) & layout.leadingMask == word else { continue }
            guard unsafe layout.endsAlike(position, suffix) else { continue }
            let field = unsafe layout.field(at: position)
            guard field & layout.storedMask == low else { continue }
            let record = layout.record(of: field)
            found = record
            guard record.reason == .removeFromCRL else { break }
        }
        return found
    }
}

/// Fills a table in two passes over the same serials: `count` for each, `endCounting`, `place` for each, `table`.
@safe
struct SerialTableFiller {
    /// The table, complete once every serial was placed.
    let table: SerialTable

    /// Begins with a table for a tally that has entries.
    init(_ tally: SerialTally, seed: UInt64, in bytes: Span<UInt8>) {
        table = SerialTable(tally, seed: seed, in: bytes)
    }

    /// Counts a serial into its bucket.
    func count(_ serial: Span<UInt8>) {
        guard let mixed = mixedPrefix(of: serial) else { return }
        unsafe table.directory[Int(truncatingIfNeeded: mixed >> table.layout.storedBits)] &+= 1
    }

    /// Ends the first pass: each bucket's count becomes the index after its last record.
    func endCounting() {
        var sum: UInt32 = 0
        for bucket in unsafe 0..<table.directory.count {
            unsafe sum &+= table.directory[bucket]
            unsafe table.directory[bucket] = sum
        }
    }

    /// Puts an entry in its place, which leaves each bucket's number at its first record when all are placed.
    func place(_ serial: Span<UInt8>, date: Int64, reason: RevocationReason) {
        let layout = table.layout
        guard let mixed = mixedPrefix(of: serial) else { return }
        let bucket = Int(truncatingIfNeeded: mixed >> layout.storedBits)
        guard unsafe table.directory[bucket] > 0 else { return }
        unsafe table.directory[bucket] &-= 1
        var position = unsafe Int(table.directory[bucket]) * layout.stride
        for index in (layout.sharedOctets + layout.prefixOctets)..<layout.octets {
            unsafe table.records[position] = serial[index]
            position += 1
        }
        var field = layout.field(mixed: mixed, date: date, reason: reason)
        for _ in 0..<layout.fieldOctets {
            unsafe table.records[position] = UInt8(truncatingIfNeeded: field)
            field >>= 8
            position += 1
        }
    }

    private func mixedPrefix(of serial: Span<UInt8>) -> UInt64? {
        unsafe serial.withUnsafeBufferPointer { buffer in
            guard buffer.count == table.layout.octets, let start = buffer.baseAddress else { return nil }
            return unsafe table.layout.mixedPrefix(of: UnsafeRawPointer(start))
        }
    }
}
