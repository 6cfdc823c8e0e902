import DER
import Testing

@testable import X509

@Suite("A certificate is read strictly")
struct CertificateTests {
    @Test("a certificate is refused at every truncation of it")
    func truncations() {
        let bytes = CertificateDraft().bytes
        for count in 0..<bytes.count {
            let certificate = try? Certificate(der: Array(bytes[..<count]))
            #expect(certificate == nil, "cut at \(count)")
        }
    }

    @Test("nothing follows a certificate, nor the fields within it")
    func trailing() {
        let bytes = CertificateDraft().bytes
        #expect(throws: CertificateError.encoding(.trailingBytes(at: bytes.count))) {
            try Certificate(der: bytes + [0x00])
        }
        var draft = CertificateDraft()
        draft.trailer = [0x05, 0x00]
        #expect(draft.refusal != nil)
        draft = CertificateDraft()
        draft.uniqueIdentifiers = [0x84, 0x00]
        #expect(draft.refusal != nil)
    }

    @Test("a certificate of more than 64 KiB is refused unread")
    func size() {
        var draft = CertificateDraft()
        draft.signature = der { $0.bitString([UInt8](repeating: 0, count: Certificate.Limits.maxSize)) }
        #expect(draft.refusal == .tooLarge(count: draft.bytes.count))
    }

    @Test("the algorithms inside and outside what is signed are the same")
    func algorithms() {
        var draft = CertificateDraft()
        draft.outerAlgorithm = CertificateDraft.algorithm("1.2.840.113549.1.1.5")
        #expect(draft.refusal == .signatureAlgorithmsDiffer)
        // The same algorithm, with its parameters absent instead of NULL, is another encoding.
        draft.outerAlgorithm = der { $0.sequence { $0.objectIdentifier("1.2.840.113549.1.1.11") } }
        #expect(draft.refusal == .signatureAlgorithmsDiffer)
    }

    @Test("version 4 does not exist, and older versions have no extensions")
    func versions() throws {
        var draft = CertificateDraft()
        draft.version = der { $0.constructed(.contextConstructed(0)) { $0.integer(3) } }
        #expect(draft.refusal == .unsupportedVersion(3))
        draft.version = nil
        #expect(draft.refusal == .fieldOutsideVersion(version: 1))
        draft.extensions = nil
        #expect(try draft.read().version == 1)
        draft.uniqueIdentifiers = [0x81, 0x02, 0x00, 0xAA]
        #expect(draft.refusal == .fieldOutsideVersion(version: 1))
        draft.version = der { $0.constructed(.contextConstructed(0)) { $0.integer(1) } }
        #expect(try draft.read().hasUniqueIdentifiers)
    }

    @Test("an empty list of extensions is refused")
    func noExtensions() {
        var draft = CertificateDraft()
        draft.extensions = []
        #expect(draft.refusal != nil)
    }

    @Test("an extension that stands twice is refused, known or not")
    func duplicates() {
        for identifier: ObjectIdentifier in [.subjectKeyIdentifier, "1.2.3.4"] {
            var draft = CertificateDraft()
            let one = CertificateDraft.extension(identifier, der { $0.octetString([1]) })
            draft.extensions = [one, one]
            #expect(draft.refusal == .duplicateExtension(identifier))
        }
    }

    @Test("there are at most 64 extensions")
    func manyExtensions() throws {
        var draft = CertificateDraft()
        let list = (0...64).map { number in
            CertificateDraft.extension(ObjectIdentifier(dotted: "1.2.3.\(number)") ?? "1.2.3", [])
        }
        draft.extensions = Array(list.dropLast())
        #expect(try draft.read().extensions.count == 64)
        draft.extensions = list
        #expect(draft.refusal != nil)
    }

    @Test("a critical extension that nobody here processes is listed")
    func unhandled() throws {
        var draft = CertificateDraft()
        draft.extensions = [
            CertificateDraft.extension("1.2.3.4", critical: true, [0xFF]),
            CertificateDraft.extension("1.2.3.5", critical: false, [0xFF]),
            CertificateDraft.extension(.subjectKeyIdentifier, critical: true, der { $0.octetString([1]) }),
            CertificateDraft.extension(.basicConstraints, critical: true, der { $0.sequence { _ in } }),
        ]
        #expect(try draft.read().unhandledCriticalExtensions == ["1.2.3.4", .subjectKeyIdentifier])
    }

    @Test("an explicit critical FALSE has one meaning and is tolerated")
    func explicitFalse() throws {
        var draft = CertificateDraft()
        draft.extensions = [
            der { writer in
                writer.sequence {
                    $0.objectIdentifier("1.2.3.4")
                    $0.boolean(false)
                    $0.octetString([])
                }
            }
        ]
        #expect(try draft.read().extensions.first?.isCritical == false)
    }

    @Test(
        "a serial number is read whatever its sign and length, and says so",
        arguments: [
            ([0x00], "00", false), ([0x80], "-80", false), ([0xFF], "-01", false), ([0x00, 0xE3, 0x01], "E301", true),
            ([0xFF, 0x00], "-0100", false), ([0x01], "01", true),
            ([UInt8](repeating: 0x11, count: 21), String(repeating: "11", count: 21), false),
        ])
    func serials(_ octets: [UInt8], _ hex: String, _ isConforming: Bool) throws {
        var draft = CertificateDraft()
        draft.serial = der { $0.element(.integer, octets) }
        let serial = try draft.read().serial
        #expect(serial.octets == octets)
        #expect(serial.hex == hex)
        #expect(serial.isConforming == isConforming)
    }

    @Test(
        "a serial number that is padded or empty is refused",
        arguments: [[], [0x00, 0x01], [0xFF, 0xFF]] as [[UInt8]])
    func badSerials(_ octets: [UInt8]) {
        var draft = CertificateDraft()
        draft.serial = der { $0.element(.integer, octets) }
        #expect(draft.refusal != nil)
    }

    @Test("a signature is whole octets, and a validity two times")
    func odds() {
        var draft = CertificateDraft()
        draft.signature = der { $0.bitString([0xF0], unusedBits: 4) }
        #expect(draft.refusal != nil)
        draft = CertificateDraft()
        draft.validity = der { $0.sequence { $0.time(Timestamp(secondsSinceEpoch: 0)) } }
        #expect(draft.refusal != nil)
        draft.validity = der { writer in
            writer.sequence {
                $0.element(.utcTime, Array("1906281200Z".utf8))
                $0.time(Timestamp(secondsSinceEpoch: 0))
            }
        }
        #expect(draft.refusal != nil)
    }

    @Test("the ranges of a certificate lie where their fields are")
    func ranges() throws {
        let draft = CertificateDraft()
        let certificate = try draft.read()
        #expect(Array(certificate.der[certificate.subjectPublicKeyInfo]) == draft.keyInfo)
        #expect(Array(certificate.der[certificate.subjectPublicKey]) == [0x30, 0x03, 0x02, 0x01, 0x03])
        #expect(Array(certificate.der[certificate.signature]) == [UInt8](repeating: 0x5A, count: 256))
        #expect(certificate.der[certificate.tbs].first == 0x30)
        #expect(certificate.signatureAlgorithm.der == draft.innerAlgorithm)
        #expect(certificate.signatureAlgorithm.parameters == [0x05, 0x00])
        #expect(certificate.value(of: .basicConstraints) == [0x30, 0x00])
        #expect(certificate.isValid(at: certificate.notBefore) && certificate.isValid(at: certificate.notAfter))
        #expect(!certificate.isValid(at: certificate.notAfter.adding(seconds: 1)))
        #expect(try certificate == draft.read())
        #expect(!certificate.isSelfIssued)
    }
}
