internal import DER

/// Every revoked serial of one CRL, base or delta, exactly and compactly.
///
/// Made once, never changed.
final class RevokedSerials: Sendable {
    /// By length of the serial in octets.
    private let tables: [SerialTable?]

    /// Builds the tables by two more walks over the entries.
    ///
    /// - Throws: `CRLError` never in practice, the entries having been walked before.
    init(of list: CertificateRevocationList) throws(CRLError) {
        let der = list.der
        let bytes = der.span
        // A seed per table: how serials fall into buckets cannot be arranged by whoever asks for certificates.
        let seed = SystemRandomNumberGenerator.word()
        var fillers: [SerialTableFiller?] = []
        for tally in list.tallies {
            fillers.append(tally.count > 0 ? SerialTableFiller(tally, seed: seed, in: bytes) : nil)
        }
        var counting = RevokedEntryCursor(list.entries)
        while let serial = try counting.nextSerial(in: bytes) {
            fillers[serial.count]?.count(bytes.extracting(serial))
        }
        for filler in fillers { filler?.endCounting() }
        var placing = RevokedEntryCursor(list.entries)
        while let entry = try placing.next(in: bytes) {
            fillers[entry.serial.count]?.place(
                bytes.extracting(entry.serial), date: entry.date.secondsSinceEpoch, reason: entry.reason)
        }
        tables = fillers.map { $0?.table }
    }

    /// Octets of memory that the serials take.
    var byteCount: Int { tables.reduce(0) { $0 + ($1?.byteCount ?? 0) } }

    /// What is known of a serial; nil when it is not listed.
    func record(of serial: Span<UInt8>) -> SerialTable.Record? {
        guard serial.count < tables.count else { return nil }
        return tables[serial.count]?.record(of: serial)
    }
}

extension SystemRandomNumberGenerator {
    /// One random word.
    fileprivate static func word() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}
