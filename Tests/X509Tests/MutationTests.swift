import DER
import Testing

@testable import X509

@Suite("Whatever becomes of a certificate's bytes, the reader answers")
struct MutationTests {
    /// A certificate with every extension that the reader knows, shaped as those of IGC-Santé.
    private static var rich: [UInt8] {
        var draft = CertificateDraft()
        let uri = der { writer in
            writer.sequence {
                $0.constructed(.contextConstructed(0)) {
                    $0.constructed(.contextConstructed(0)) {
                        $0.ia5String("http://igc.example/CRL/A.crl", tag: .context(6))
                    }
                }
            }
        }
        draft.extensions = [
            CertificateDraft.extension(.extendedKeyUsage, der { $0.sequence { $0.objectIdentifier(.clientAuth) } }),
            CertificateDraft.extension(
                .authorityKeyIdentifier,
                der { writer in
                    writer.sequence { $0.octetString([UInt8](repeating: 7, count: 20), tag: .context(0)) }
                }),
            CertificateDraft.extension(
                .authorityInformationAccess,
                der { writer in
                    writer.sequence {
                        $0.sequence {
                            $0.objectIdentifier(.ocspAccess)
                            $0.ia5String("http://ocsp.example", tag: .context(6))
                        }
                    }
                }),
            CertificateDraft.extension(
                .certificatePolicies,
                der { writer in
                    writer.sequence {
                        $0.sequence {
                            $0.objectIdentifier("1.2.250.1.213.1.7.1.1.2.4.1")
                            $0.sequence {
                                $0.sequence {
                                    $0.objectIdentifier(.cpsQualifier)
                                    $0.ia5String("http://igc.example/PC")
                                }
                            }
                        }
                    }
                }),
            CertificateDraft.extension(.crlDistributionPoints, der { $0.sequence { $0.raw(uri) } }),
            CertificateDraft.extension(.freshestCRL, der { $0.sequence { $0.raw(uri) } }),
            CertificateDraft.extension(.keyUsage, critical: true, der { $0.namedBits([0]) }),
            CertificateDraft.extension(
                .subjectAlternativeName,
                der { writer in
                    writer.sequence {
                        $0.ia5String("a.example", tag: .context(2))
                        $0.octetString([127, 0, 0, 1], tag: .context(7))
                    }
                }),
            CertificateDraft.extension(
                .nameConstraints, critical: true,
                der { writer in
                    writer.sequence {
                        $0.constructed(.contextConstructed(0)) {
                            $0.sequence { $0.ia5String("a.fr", tag: .context(2)) }
                        }
                    }
                }),
            CertificateDraft.extension(.basicConstraints, der { $0.sequence { _ in } }),
        ]
        return draft.bytes
    }

    /// Reads bytes and, when they are a certificate, everything that is made on demand.
    private func exercise(_ bytes: [UInt8]) -> Bool {
        guard let certificate = try? Certificate(der: bytes) else { return false }
        let texts = [
            certificate.subject.rfc2253, certificate.subject.oneline, certificate.issuer.rfc2253,
            certificate.serial.hex, certificate.notAfter.rfc3339, "\(certificate.unhandledCriticalExtensions)",
        ]
        return certificate.isSelfIssued || !texts.isEmpty
    }

    @Test("every single bit turned")
    func bits() {
        let original = Self.rich
        #expect(exercise(original))
        var read = 0
        for index in original.indices {
            for bit in 0..<8 {
                var mutant = original
                mutant[index] ^= 1 << UInt8(bit)
                if exercise(mutant) { read += 1 }
            }
        }
        // Most octets are values that may be anything; the count only shows that mutants get past the first element.
        #expect(read > 0)
    }

    @Test("several octets changed, cut out, doubled or inserted, from a fixed seed", arguments: 0..<8)
    func mixtures(_ seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed))
        let original = Self.rich
        for _ in 0..<2_000 {
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
        }
    }

    @Test("a real caller's certificate, mutated likewise", .enabled(if: RealCertificates.arePresent))
    func real() throws {
        let original = try RealCertificates.certificate("ee/TEST-ORG_AUTH_CLI-INSI_MANU-20250425-150125b6.pem").der
        var generator = SeededGenerator(state: 2_025)
        for index in original.indices {
            var mutant = original
            mutant[index] = UInt8.random(in: 0...255, using: &generator)
            _ = exercise(mutant)
            _ = exercise(Array(original[..<index]))
        }
    }
}
