import DER
import Testing

@testable import X509

@Suite("Files of certificates")
struct FileTests {
    private let certificate = CertificateDraft().bytes

    private func pem(_ label: String, _ bytes: [UInt8]) -> String {
        PEM.encode(PEMBlock(label: label, bytes: bytes))
    }

    private func bag(_ certificates: [[UInt8]], of type: ObjectIdentifier = CertificateBag.signedData) -> [UInt8] {
        der { writer in
            writer.sequence {
                $0.objectIdentifier(type)
                $0.constructed(.contextConstructed(0)) {
                    $0.sequence {
                        $0.integer(1)
                        $0.set { _ in }
                        $0.sequence { $0.objectIdentifier("1.2.840.113549.1.7.1") }
                        $0.constructed(.contextConstructed(0)) { $0.raw(certificates.flatMap(\.self)) }
                        $0.set { _ in }
                    }
                }
            }
        }
    }

    @Test("one certificate in DER, in PEM and in PKCS#7 of either form is the same certificate")
    func forms() throws {
        let expected = [try Certificate(der: certificate)]
        #expect(try CertificateFile.certificates(in: certificate) == expected)
        #expect(try CertificateFile.certificates(in: Array(pem("CERTIFICATE", certificate).utf8)) == expected)
        #expect(try CertificateFile.certificates(in: bag([certificate])) == expected)
        #expect(try CertificateFile.certificates(in: Array(pem("PKCS7", bag([certificate])).utf8)) == expected)
    }

    @Test("text around blocks, keys between them, CR LF and a byte order mark are passed over")
    func surroundings() throws {
        var other = CertificateDraft()
        other.serial = der { $0.integer(5) }
        let text =
            "\u{FEFF}subject=/C=FR\n" + pem("CERTIFICATE", certificate) + "Bag Attributes\n    localKeyID: 01\n"
            + "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
            + "-----END RSA PRIVATE KEY-----\n" + pem("CERTIFICATE", other.bytes)
        for ending in ["\n", "\r\n"] {
            let file = Array(
                text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: ending).utf8)
            #expect(try CertificateFile.certificates(in: file).map(\.serial.hex) == ["7A0A32", "05"])
        }
        let blocks = try PEM.blocks(in: Array(text.utf8))
        #expect(blocks.map(\.label) == ["CERTIFICATE", "RSA PRIVATE KEY", "CERTIFICATE"])
        #expect(blocks.map(\.hasHeaders) == [false, true, false])
    }

    @Test("a file without a certificate says what it holds instead")
    func none() {
        for file in [[], Array("0 nothing".utf8), bag([])] {
            #expect(throws: CertificateFileError.noCertificate(labels: [])) {
                try CertificateFile.certificates(in: file)
            }
        }
        #expect(throws: CertificateFileError.noCertificate(labels: ["X509 CRL"])) {
            try CertificateFile.certificates(in: Array(pem("X509 CRL", [0x30, 0x00]).utf8))
        }
    }

    @Test(
        "a block that begins and is not well-formed is refused, with its line",
        arguments: [
            ("-----BEGIN CERTIFICATE-----\nAAAA\n", PEMError.unterminated(label: "CERTIFICATE", line: 1)),
            ("x\n-----BEGIN A-----\nAAAA\n-----END B-----\n", .unterminated(label: "A", line: 2)),
            ("-----BEGIN A-----\n-----BEGIN A-----\n-----END A-----\n", .unterminated(label: "A", line: 1)),
            ("-----BEGIN A-----\nAAA\n-----END A-----\n", .invalidBase64(label: "A", line: 1)),
            ("-----BEGIN A-----\nAA=A\n-----END A-----\n", .invalidBase64(label: "A", line: 1)),
            ("-----BEGIN A-----\nAA==\nAAAA\n-----END A-----\n", .invalidBase64(label: "A", line: 1)),
            ("-----BEGIN A-----\nAB==\n-----END A-----\n", .invalidBase64(label: "A", line: 1)),
            ("-----BEGIN A-----\nAAA-\n-----END A-----\n", .invalidBase64(label: "A", line: 1)),
            ("-----BEGIN A-----\nAAAA\nX: y\n-----END A-----\n", .invalidBase64(label: "A", line: 1)),
        ])
    func malformedPEM(_ text: String, _ error: PEMError) {
        #expect(throws: error) { try PEM.blocks(in: Array(text.utf8)) }
    }

    @Test("any bytes are written as PEM and read back", arguments: [0, 1, 2, 3, 47, 48, 49, 1000])
    func roundTrip(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let text = pem("X", bytes)
        #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count <= 64 })
        #expect(try PEM.blocks(in: Array(text.utf8)) == [PEMBlock(label: "X", bytes: bytes)])
    }

    @Test("the certificate that is malformed is counted")
    func position() throws {
        let text = pem("CERTIFICATE", certificate) + pem("CERTIFICATE", [0x30, 0x00])
        do throws(CertificateFileError) {
            _ = try CertificateFile.certificates(in: Array(text.utf8))
            Issue.record("a malformed certificate was read")
        } catch {
            guard case .certificate(position: 2, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test("a PKCS#7 file of another content, in BER or cut is refused")
    func malformedBags() {
        #expect(throws: CertificateFileError.self) {
            try CertificateFile.certificates(in: bag([certificate], of: "1.2.840.113549.1.7.3"))
        }
        let whole = bag([certificate])
        for count in 1..<whole.count {
            #expect(throws: CertificateFileError.self) { try CertificateFile.certificates(in: Array(whole[..<count])) }
        }
        #expect(throws: CertificateFileError.self) {
            try CertificateFile.certificates(in: [0x30, 0x80, 0x06, 0x01, 0x2A, 0, 0])
        }
    }

    @Test("a file beyond the bound is refused unread")
    func size() {
        let file = [UInt8](repeating: 0x20, count: PEM.Limits.maxSize + 1)
        #expect(throws: CertificateFileError.tooLarge(count: file.count)) { try CertificateFile.certificates(in: file) }
    }
}
