import DER
import Testing

@testable import Revocation

@Suite("The index of revoked serials is exact")
struct IndexTests {
    /// A way of numbering certificates.
    enum Numbering: CaseIterable {
        case random16, mixedLengths, counting, sharedPrefix, sharedSuffix, oneOctet, twoOctets, fewBits

        func serial(_ index: Int, _ generator: inout SeededGenerator) -> [UInt8] {
            func random(_ count: Int) -> [UInt8] {
                [UInt8.random(in: 1...0x7F, using: &generator)]
                    + (1..<max(1, count)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            }
            switch self {
            case .random16: return random(16)
            case .mixedLengths: return random(Int.random(in: 1...20, using: &generator))
            case .counting:
                let bytes = (0..<4).map { UInt8(truncatingIfNeeded: index >> (24 - 8 * $0)) }
                return [0x11] + bytes
            case .sharedPrefix: return [0x11, 0x20, 0x5D, 0xE2, 0x5E, 0x3D] + random(3)
            case .sharedSuffix: return random(2) + [UInt8](repeating: 0xAB, count: 14)
            case .oneOctet: return [UInt8(index & 0x7F)]
            case .twoOctets: return random(2)
            case .fewBits: return [0x01] + (0..<9).map { _ in UInt8.random(in: 0...1, using: &generator) }
            }
        }
    }

    @Test("it says what a dictionary says", arguments: Numbering.allCases, [1, 2, 7, 300, 5000])
    func dictionary(_ numbering: Numbering, _ count: Int) throws {
        var generator = SeededGenerator(state: UInt64(count))
        var expected: [[UInt8]: RevocationIndex.Record] = [:]
        var entries: [RevocationListDraft.Entry] = []
        let reasons = RevocationReason.allCases.filter { $0 != .removeFromCRL }
        for index in 0..<count {
            let serial = numbering.serial(index, &generator)
            guard expected[serial] == nil else { continue }
            let reason = reasons[index % reasons.count]
            let date = noon.adding(seconds: -Int64.random(in: 0...300_000_000, using: &generator))
            expected[serial] = RevocationIndex.Record(reason: reason, date: date)
            entries.append(RevocationListDraft.Entry(serial, date: date, reason: reason))
        }
        let authority = try TestAuthority()
        let index = try RevocationIndex(base: RevocationListDraft(1, entries).verified(by: authority))
        for (serial, record) in expected { #expect(index.record(serial) == record) }

        for round in 0..<2000 {
            // Serials of the same making, and listed ones with one bit changed, one octet more or one less.
            var other = numbering.serial(round, &generator)
            if let near = entries.randomElement(using: &generator)?.serial, round % 2 == 0 {
                other = near
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: other.append(0)
                case 1: other.removeLast()
                case 2: other.insert(0, at: 0)
                default: other[Int.random(in: other.indices, using: &generator)] ^= 1 << UInt8(round / 2 % 8)
                }
            }
            #expect(index.record(other) == expected[other])
        }
        #expect(index.record([]) == nil)
        #expect(index.record(of: [UInt8](repeating: 1, count: 40).span) == nil)
    }

    @Test("dates of all the years that can be written come back")
    func dates() throws {
        let dates = [
            Timestamp(year: 1950, month: 1, day: 1), Timestamp(year: 9999, month: 12, day: 31),
            Timestamp(year: 0, month: 1, day: 1),
        ].compactMap(\.self)
        let entries = dates.enumerated().map {
            RevocationListDraft.Entry([UInt8($0.offset) + 1, 2, 3, 4], date: $0.element)
        }
        let index = try RevocationIndex(base: RevocationListDraft(1, entries).verified(by: TestAuthority()))
        for entry in entries { #expect(index.record(entry.serial)?.date == entry.date) }
    }

    @Test("a hundred thousand random serials take at most 20 octets each, all told")
    func size() throws {
        let authority = try TestAuthority()
        var generator = SeededGenerator(state: 5)
        let entries = der { writer in
            writer.sequence { sequence in
                for index in 0..<100_000 {
                    let serial =
                        [UInt8.random(in: 1...0x7F, using: &generator)]
                        + (1..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
                    sequence.sequence {
                        $0.element(.integer, serial)
                        $0.time(noon.adding(seconds: -Int64(index) * 946))
                    }
                }
            }
        }
        var draft = RevocationListDraft(1)
        draft.rawEntries = entries
        let index = try RevocationIndex(base: draft.verified(by: authority))
        #expect(index.base.count == 100_000)
        #expect(index.byteCount <= 20 * 100_000)
    }

    @Test("a serial listed twice is found, and in a base removeFromCRL takes nothing back")
    func twice() throws {
        let authority = try TestAuthority()
        let draft = RevocationListDraft(
            1, [.init([5], reason: .removeFromCRL), .init([6], reason: .keyCompromise), .init([6])])
        let index = try RevocationIndex(base: draft.verified(by: authority))
        #expect(index.record([5]) != nil)
        #expect(index.record([6]) != nil)
    }

    @Test("an index is not made of a delta alone")
    func deltaAlone() throws {
        let delta = try RevocationListDraft(2, base: 1).verified(by: TestAuthority())
        #expect(throws: CRLError.numberMissing) { try RevocationIndex(base: delta) }
    }
}
