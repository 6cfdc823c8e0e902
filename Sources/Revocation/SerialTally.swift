internal import DER

/// What the first walk learns of the serial numbers of one length, so that the table can be laid out exactly.
struct SerialTally: Sendable {
    private(set) var count = 0
    /// Where the first serial lies; what all others are compared with.
    private(set) var first: Range<Int> = 0..<0
    /// How many leading octets all of them share.
    private(set) var sharedOctets = 0
    private(set) var earliest: Int64 = .max
    private(set) var latest: Int64 = .min

    /// Counts an entry in.
    mutating func add(_ entry: RevokedEntry, in bytes: Span<UInt8>) {
        if count == 0 {
            first = entry.serial
            sharedOctets = entry.serial.count
        } else {
            var shared = 0
            while shared < sharedOctets,
                bytes[first.lowerBound &+ shared] == bytes[entry.serial.lowerBound &+ shared]
            {
                shared &+= 1
            }
            sharedOctets = shared
        }
        count += 1
        earliest = min(earliest, entry.date.secondsSinceEpoch)
        latest = max(latest, entry.date.secondsSinceEpoch)
    }
}
