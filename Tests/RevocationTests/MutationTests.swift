import DER
import TestPKI
import Testing
import X509

@testable import Revocation

@Suite("Whatever becomes of a CRL's bytes, the reader answers")
struct MutationTests {
    private func rich(_ authority: TestAuthority) throws -> [UInt8] {
        var draft = RevocationListDraft(
            300, base: 200,
            [.init([1, 2, 3]), .init([1, 2, 4], reason: .certificateHold), .init([UInt8](repeating: 5, count: 16))]
        ).identified(authority.issuing.keyIdentifier).scoped { writer in
            writer.constructed(.contextConstructed(0)) {
                $0.constructed(.contextConstructed(0)) { $0.ia5String("http://a.example/", tag: .context(6)) }
            }
            writer.boolean(true, tag: .context(1))
            writer.namedBits([1, 3], tag: .context(3))
        }
        draft.entries[0].extensions = [listExtension("2.5.29.24", der { $0.generalizedTime(noon) })]
        return try draft.signed(by: authority)
    }

    /// Reads bytes and, when they are a CRL, indexes them as if they were verified.
    private func exercise(_ bytes: [UInt8]) -> Bool {
        guard let list = try? CertificateRevocationList(der: bytes) else { return false }
        guard let serials = try? RevokedSerials(of: list) else { return false }
        _ = serials.record(of: [1, 2, 3])
        return true
    }

    @Test("every single bit turned")
    func bits() throws {
        let original = try rich(TestAuthority())
        #expect(exercise(original))
        var read = 0
        for index in original.indices {
            for bit in 0..<8 {
                var mutant = original
                mutant[index] ^= 1 << UInt8(bit)
                if exercise(mutant) { read += 1 }
            }
        }
        #expect(read > 0)
    }

    @Test("several octets changed, cut out, doubled or inserted, from a fixed seed", arguments: 0..<8)
    func mixtures(_ seed: Int) throws {
        var generator = SeededGenerator(state: UInt64(seed))
        let original = try rich(TestAuthority())
        for _ in 0..<1_000 {
            var mutant = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<mutant.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: mutant[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: mutant.remove(at: index)
                case 2: mutant.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                case 3: mutant[index] = [0x00, 0x7F, 0x80, 0x81, 0x84, 0xFF].randomElement(using: &generator) ?? 0
                default:
                    let end = min(mutant.count, index + Int.random(in: 1...32, using: &generator))
                    mutant.insert(contentsOf: mutant[index..<end], at: index)
                }
            }
            _ = exercise(mutant)
            _ = try? RevocationListFile.lists(in: mutant)
            _ = LDAPAnswer.lists(in: mutant)
        }
    }

    @Test("PEM and LDAP texts mutated likewise", arguments: 0..<4)
    func texts(_ seed: Int) throws {
        var generator = SeededGenerator(state: UInt64(seed))
        let bytes = try rich(TestAuthority())
        let pem = PEM.encode(PEMBlock(label: "X509 CRL", bytes: bytes))
        let originals = [Array((pem + pem).utf8), Array("DN: x\n\tcertificateRevocationList;binary:: MAA=\n".utf8)]
        for original in originals {
            for _ in 0..<300 {
                var mutant = original
                let index = Int.random(in: 0..<mutant.count, using: &generator)
                mutant[index] = UInt8.random(in: 0...255, using: &generator)
                mutant.removeSubrange(Int.random(in: index..<mutant.count, using: &generator)...)
                for list in (try? RevocationListFile.lists(in: mutant)) ?? [] { _ = exercise(list) }
                for list in LDAPAnswer.lists(in: mutant) { _ = exercise(list) }
            }
        }
    }
}

extension RevokedSerials {
    func record(of serial: [UInt8]) -> SerialTable.Record? {
        record(of: serial.span)
    }
}
