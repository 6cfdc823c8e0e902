import DER
import Testing
import X509

@testable import Revocation

@Suite("Reading CRLs")
struct RevocationListTests {
    /// One way to spoil a CRL, and what it must come to.
    struct Spoiled: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Nil for any malformation.
        let error: CRLError?
        let spoil: @Sendable (inout RevocationListDraft) -> Void

        init(
            _ description: String, _ error: CRLError?, _ spoil: @escaping @Sendable (inout RevocationListDraft) -> Void
        ) {
            testDescription = description
            self.error = error
            self.spoil = spoil
        }
    }

    static let unknown: ObjectIdentifier = "1.2.250.1.71.9.9"

    static let refused: [Spoiled] = [
        Spoiled("version 1", .unsupportedVersion) { $0.version = nil },
        Spoiled("version 3", .unsupportedVersion) { $0.version = der { $0.integer(2) } },
        Spoiled("other algorithm outside", .signatureAlgorithmsDiffer) {
            $0.outerAlgorithm = RevocationListDraft.sha1WithRSA
        },
        Spoiled("no nextUpdate", .nextUpdateMissing) { $0.nextUpdate = nil },
        Spoiled("nextUpdate before thisUpdate", .nextUpdateBeforeThisUpdate) { $0 = $0.valid(from: 10, to: 9) },
        Spoiled("no extensions", .numberMissing) { $0.extensions = nil },
        Spoiled("no cRLNumber", .numberMissing) { $0 = RevocationListDraft(nil, base: 1) },
        Spoiled("negative cRLNumber", .numberOutOfRange) { $0 = RevocationListDraft(-1) },
        Spoiled("cRLNumber of 21 octets", .numberOutOfRange) {
            $0.extensions = [
                listExtension("2.5.29.20", der { $0.integer(magnitude: [UInt8](repeating: 7, count: 21)) })
            ]
        },
        Spoiled("critical cRLNumber", .criticalNumber) {
            $0.extensions = [listExtension("2.5.29.20", critical: true, der { $0.integer(1) })]
        },
        Spoiled("two cRLNumbers", .duplicateExtension("2.5.29.20")) {
            $0.extensions?.append(listExtension("2.5.29.20", der { $0.integer(2) }))
        },
        Spoiled("unknown critical extension", .unknownCriticalExtension(unknown)) {
            $0.extensions?.append(listExtension(unknown, critical: true, [5, 0]))
        },
        Spoiled("too many extensions", .tooManyExtensions(limit: 32)) { draft in
            for arc in 1...40 {
                guard let identifier = ObjectIdentifier(dotted: "1.2.3.\(arc)") else { continue }
                draft.extensions?.append(listExtension(identifier, [5, 0]))
            }
        },
        Spoiled("indirect", .indirect) { $0 = $0.scoped { $0.boolean(true, tag: .context(4)) } },
        Spoiled("attribute certificates", .onlyAttributeCertificates) {
            $0 = $0.scoped { $0.boolean(true, tag: .context(5)) }
        },
        Spoiled("users only and CAs only", .contradictoryScope) {
            $0 = $0.scoped {
                $0.boolean(true, tag: .context(1))
                $0.boolean(true, tag: .context(2))
            }
        },
        Spoiled("empty issuingDistributionPoint", .contradictoryScope) { $0 = $0.scoped { _ in } },
        Spoiled("certificateIssuer in an entry", .indirect) {
            $0.entries = [RevocationListDraft.Entry([1])]
            $0.entries[0].extensions = [listExtension("2.5.29.29", critical: true, der { $0.sequence { _ in } })]
        },
        Spoiled("unknown critical entry extension", .unknownCriticalEntryExtension(unknown)) {
            $0.entries = [RevocationListDraft.Entry([1])]
            $0.entries[0].extensions = [listExtension(unknown, critical: true, [5, 0])]
        },
        Spoiled("reasonCode 7", .unknownReason) {
            $0.entries = [RevocationListDraft.Entry([1])]
            $0.entries[0].extensions = [listExtension("2.5.29.21", der { $0.integer(7, tag: .enumerated) })]
        },
        Spoiled("two reasonCodes", .duplicateExtension("2.5.29.21")) {
            $0.entries = [RevocationListDraft.Entry([1], reason: .superseded)]
            $0.entries[0].extensions += $0.entries[0].extensions
        },
        Spoiled("serial of 33 octets", .serialTooLong(limit: 32)) {
            $0.entries = [RevocationListDraft.Entry([UInt8](repeating: 1, count: 33))]
        },
    ]

    @Test("what RFC 5280 forbids, or this reader does not know, is refused by name", arguments: Self.refused)
    func refuses(_ spoiled: Spoiled) throws {
        let authority = try TestAuthority()
        var draft = RevocationListDraft(7)
        spoiled.spoil(&draft)
        let error = #expect(throws: CRLError.self) { try draft.list(by: authority) }
        #expect(error == spoiled.error)
    }

    static let malformed: [Spoiled] = [
        Spoiled("serial not minimal", nil) { $0.entries = [RevocationListDraft.Entry([0, 1])] },
        Spoiled("empty serial", nil) { $0.entries = [RevocationListDraft.Entry([])] },
        Spoiled("entry without date", nil) {
            $0.rawEntries = der { writer in writer.sequence { $0.sequence { $0.integer(5) } } }
        },
        Spoiled("date of no calendar", nil) {
            $0.rawEntries = der { writer in
                writer.sequence {
                    $0.sequence {
                        $0.integer(5)
                        $0.element(.utcTime, Array("251301000000Z".utf8))
                    }
                }
            }
        },
        Spoiled("invalidityDate as UTCTime", nil) {
            $0.entries = [RevocationListDraft.Entry([1])]
            $0.entries[0].extensions = [listExtension("2.5.29.24", der { $0.time(noon) })]
        },
        Spoiled("an element after the date", nil) {
            $0.rawEntries = der { writer in
                writer.sequence {
                    $0.sequence {
                        $0.integer(5)
                        $0.time(noon)
                        $0.null()
                    }
                }
            }
        },
        Spoiled("bytes after the end", nil) { $0.trailer = [0] },
        Spoiled("reasons that are no ReasonFlags", nil) {
            $0 = $0.scoped { $0.octetString([], tag: .context(3)) }
        },
    ]

    @Test("what is not the DER of a CRL is refused as malformed", arguments: Self.malformed)
    func refusesMalformed(_ spoiled: Spoiled) throws {
        let authority = try TestAuthority()
        var draft = RevocationListDraft(7)
        spoiled.spoil(&draft)
        let error = #expect(throws: CRLError.self) { try draft.list(by: authority) }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a CRL cut anywhere is refused, and said to be cut")
    func cut() throws {
        let authority = try TestAuthority()
        let whole = try RevocationListDraft(7, [.init([1]), .init([2])]).signed(by: authority)
        #expect(throws: CRLError.empty) { try CertificateRevocationList(der: []) }
        for count in 4..<whole.count {
            #expect(throws: CRLError.truncated(expected: whole.count, found: count)) {
                try CertificateRevocationList(der: Array(whole[..<count]))
            }
        }
    }

    @Test("a CRL above the limit is refused unread")
    func size() throws {
        let bytes = try RevocationListDraft(7).signed(by: TestAuthority())
        #expect(throws: CRLError.tooLarge(limit: 10)) {
            try CertificateRevocationList(der: bytes, maximumSize: 10)
        }
    }

    @Test(
        "what servers send in place of a CRL is recognised",
        arguments: [
            ("<!DOCTYPE html><html></html>", CRLError.html), ("\n <html>", .html), ("", .empty), (" \r\n", .empty),
            ("not found", .notARevocationList), ("-----BEGIN X509 CRL-----\nMIIB", .malformedPEM),
            ("-----BEGIN X509 CRL-----\n????\n-----END X509 CRL-----\n", .malformedPEM),
            ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", .notARevocationList),
        ])
    func impostors(_ text: String, _ error: CRLError) {
        #expect(throws: error) { try RevocationListFile.lists(in: Array(text.utf8)) }
    }

    @Test("every field is read")
    func fields() throws {
        let authority = try TestAuthority()
        var draft = RevocationListDraft(
            300, [.init([1]), .init([0x7F, 2], reason: .certificateHold)]
        ).identified([9, 9])
        draft.entries[0].extensions = [
            listExtension("2.5.29.24", der { $0.generalizedTime(noon) }), listExtension(Self.unknown, [5, 0]),
        ]
        draft.extensions?.append(listExtension(Self.unknown, [5, 0]))
        draft.extensions?.append(
            listExtension(
                "2.5.29.46",
                der { writer in
                    writer.sequence {
                        $0.sequence {
                            $0.constructed(.contextConstructed(0)) {
                                $0.constructed(.contextConstructed(0)) {
                                    $0.ia5String("http://igc.example/d.crl", tag: .context(6))
                                }
                            }
                        }
                    }
                }))
        let list = try draft.list(by: authority)
        #expect(list.issuer == authority.certificate.subject)
        #expect(list.number == CRLNumber(300))
        #expect(!list.isDelta)
        #expect(list.authorityKeyIdentifier == [9, 9])
        #expect(list.thisUpdate == noon.adding(seconds: -3600))
        #expect(list.nextUpdate == noon.adding(seconds: 86_400))
        #expect(list.count == 2)
        #expect(list.announcesDeltas)
        #expect(try RevocationListDraft(3, base: 2).list(by: authority).baseNumber == CRLNumber(2))
    }

    @Test("an empty sequence of entries is taken for none")
    func emptyEntries() throws {
        var draft = RevocationListDraft(1)
        draft.rawEntries = [0x30, 0x00]
        #expect(try draft.list(by: TestAuthority()).count == 0)
    }

    @Test("dates in GeneralizedTime, negative and long serials are read, as PKITS wants")
    func unusual() throws {
        let authority = try TestAuthority()
        var draft = RevocationListDraft(1)
        draft.rawEntries = der { writer in
            writer.sequence {
                for serial in [[0xFF], [UInt8](repeating: 0x7F, count: 20), [0x00, 0x80]] as [[UInt8]] {
                    $0.sequence {
                        $0.element(.integer, serial)
                        $0.generalizedTime(noon)
                    }
                }
            }
        }
        let index = try RevocationIndex(base: draft.verified(by: authority))
        #expect(index.record([0xFF]) != nil)
        #expect(index.record(of: [UInt8](repeating: 0x7F, count: 20).span) != nil)
        #expect(index.record([0x00, 0x80])?.date == noon)
        #expect(index.record([0x80]) == nil)
    }

    @Test("a PEM file gives all its CRLs, whatever stands between")
    func pem() throws {
        let authority = try TestAuthority()
        let one = try RevocationListDraft(1).signed(by: authority)
        let two = try RevocationListDraft(2).signed(by: authority)
        let text =
            "CRL of \u{E9}\n" + PEM.encode(PEMBlock(label: "X509 CRL", bytes: one)) + "\n"
            + PEM.encode(PEMBlock(label: "CERTIFICATE", bytes: authority.certificate.der))
            + PEM.encode(PEMBlock(label: "X509 CRL", bytes: two)).replacing("\n", with: "\r\n")
        #expect(try RevocationListFile.lists(in: Array(text.utf8)) == [one, two])
        #expect(try RevocationListFile.lists(in: one) == [one])
    }
}

@Suite("Numbers of CRLs")
struct CRLNumberTests {
    private func number(_ content: [UInt8]) -> CRLNumber? {
        CRLNumber(content: content.indices, in: content.span)
    }

    @Test("they are compared by value, up to 20 octets")
    func order() {
        let largest = [UInt8](repeating: 0xFF, count: 20)
        let ordered: [[UInt8]] = [
            [0], [1], [0x7F], [0, 0x80], [0, 0xFF, 0xFF], [1, 0, 0, 0, 0, 0, 0, 0, 0],
            [1] + [UInt8](repeating: 0, count: 16), [0] + largest,
        ]
        let numbers = ordered.compactMap(number)
        #expect(numbers.count == ordered.count)
        #expect(numbers == numbers.sorted())
        #expect(Set(numbers).count == ordered.count)
    }

    @Test("they are told in decimal, and long ones in hexadecimal")
    func text() {
        #expect(number([0x05, 0x07])?.description == "1287")
        #expect(number([1, 0, 0, 0, 0, 0, 0, 0, 0])?.description == "0x10000000000000000")
    }

    @Test("none is negative, empty or longer")
    func refused() {
        #expect(number([]) == nil)
        #expect(number([0x80]) == nil)
        #expect(number([1] + [UInt8](repeating: 0, count: 20)) == nil)
    }
}
