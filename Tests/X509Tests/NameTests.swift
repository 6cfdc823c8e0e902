import DER
import Testing

@testable import X509

@Suite("Distinguished names")
struct NameTests {
    /// A name as encoded, and what OpenSSL 3.0's `X509_NAME_print_ex` and `X509_NAME_oneline` make of it.
    struct Printed: Sendable, CustomTestStringConvertible {
        let what: String
        let hex: String
        let rfc2253: String
        let oneline: String
        var testDescription: String { what }
    }

    static let printed = [
        Printed(
            what: "quotes and separators", hex: "301e311c301a06035504030c13612c622b6322645c653c663e673b683d692f6a",
            rfc2253: ##"CN=a\,b\+c\"d\\e\<f\>g\;h=i/j"##,
            oneline: ##"/CN=a,b\+c"d\e<f>g;h=i\/j"##),
        Printed(
            what: "leading hash", hex: "300d310b300906035504030c022378",
            rfc2253: ##"CN=\#x"##,
            oneline: ##"/CN=#x"##),
        Printed(
            what: "single hash", hex: "300c310a300806035504030c0123",
            rfc2253: ##"CN=#"##,
            oneline: ##"/CN=#"##),
        Printed(
            what: "spaces", hex: "3010310e300c06035504030c052020782020",
            rfc2253: ##"CN=\  x \ "##,
            oneline: ##"/CN=  x  "##),
        Printed(
            what: "single space", hex: "300c310a300806035504030c0120",
            rfc2253: ##"CN=\ "##,
            oneline: ##"/CN= "##),
        Printed(
            what: "empty", hex: "300b3109300706035504030c00",
            rfc2253: ##"CN="##,
            oneline: ##"/CN="##),
        Printed(
            what: "controls", hex: "30123110300e06035504030c076100620a637f64",
            rfc2253: ##"CN=a\00b\0Ac\7Fd"##,
            oneline: ##"/CN=a\x00b\x0Ac\x7Fd"##),
        Printed(
            what: "utf8", hex: "30273114301206035504080c0b5268c3b46e652028363929310f300d060355040a0c06e697a5e69cac",
            rfc2253: ##"O=\E6\97\A5\E6\9C\AC,ST=Rh\C3\B4ne (69)"##,
            oneline: ##"/ST=Rh\xC3\xB4ne (69)/O=\xE6\x97\xA5\xE6\x9C\xAC"##),
        Printed(
            what: "teletex", hex: "3010310e300c060355040714055268f46e65",
            rfc2253: ##"L=Rh\C3\B4ne"##,
            oneline: ##"/L=Rh\xF4ne"##),
        Printed(
            what: "bmp", hex: "30173115301306035504031e0c0052006800f4006e006520ac",
            rfc2253: ##"CN=Rh\C3\B4ne\E2\82\AC"##,
            oneline: ##"/CN=\x00R\x00h\x00\xF4\x00n\x00e \xAC"##),
        Printed(
            what: "universal", hex: "30173115301306035504031c0c00000061000000e90001f600",
            rfc2253: ##"CN=a\C3\A9\F0\9F\98\80"##,
            oneline: ##"/CN=\x00\x00\x00a\x00\x00\x00\xE9\x00\x01\xF6\x00"##),
        Printed(
            what: "multi",
            hex: "302f310b300906035504061302465231203008060355042a0c0141300a06035504030c03312f32300806035504040c0142",
            rfc2253: ##"SN=B+CN=1/2+GN=A,C=FR"##,
            oneline: ##"/C=FR/GN=A+CN=1\/2+SN=B"##),
        Printed(
            what: "unknown type", hex: "301c310b300906032a03040c02c3a9310d300b06062a817a014701130178",
            rfc2253: ##"1.2.250.1.71.1=#130178,1.2.3.4=#0C02C3A9"##,
            oneline: ##"/1.2.3.4=\xC3\xA9/1.2.250.1.71.1=x"##),
        Printed(
            what: "not a string", hex: "300d310b3009060355042d030200ff",
            rfc2253: ##"x500UniqueIdentifier=#030200FF"##,
            oneline: ##"/x500UniqueIdentifier=\xFF"##),
        Printed(
            what: "email dc",
            hex: "302b31123010060a0992268993f22c640119160266723115301306092a864886f70d01090116066140622e6672",
            rfc2253: ##"emailAddress=a@b.fr,DC=fr"##,
            oneline: ##"/DC=fr/emailAddress=a@b.fr"##),
        Printed(
            what: "nothing", hex: "3000",
            rfc2253: ##""##,
            oneline: ##""##),
    ]

    @Test("print octet for octet as OpenSSL prints them", arguments: printed)
    func printing(_ printed: Printed) throws {
        let name = try DistinguishedName(der: octets(printed.hex))
        #expect(name.rfc2253 == printed.rfc2253)
        #expect(name.oneline == printed.oneline)
    }

    @Test(
        "are refused when a string is outside its alphabet",
        arguments: [
            (DERTag.utf8String, [0xFF]), (.utf8String, [0xC0, 0x80]), (.utf8String, [0xED, 0xA0, 0x80]),
            (.printableString, [0xC3, 0xA9]), (.ia5String, [0x80]), (.bmpString, [0x00]), (.bmpString, [0xD8, 0x00]),
            (.universalString, [0, 0, 0]), (.universalString, [0, 0x11, 0, 0]),
        ] as [(DERTag, [UInt8])])
    func malformedStrings(_ tag: DERTag, _ value: [UInt8]) {
        let encoded = der { writer in
            writer.sequence { $0.set { $0.raw(CertificateDraft.attribute(.commonName, tag, value)) } }
        }
        #expect(throws: DERError.self) { try DistinguishedName(der: encoded) }
    }

    @Test(
        "are refused when they are no names",
        arguments: ["", "30", "3100", "30023100", "300431023000", "30020500", "300000"])
    func malformed(_ hex: String) {
        #expect(throws: DERError.self) { try DistinguishedName(der: octets(hex)) }
    }

    @Test("have at most 64 RDNs of 16 attributes")
    func bounds() throws {
        let one: (ObjectIdentifier, DERTag, String) = ("2.5.4.3", .utf8String, "x")
        #expect(
            try DistinguishedName(der: CertificateDraft.name(Array(repeating: one, count: 64))).relativeNames.count
                == 64)
        #expect(throws: DERError.self) {
            try DistinguishedName(der: CertificateDraft.name(Array(repeating: one, count: 65)))
        }
        let crowded = der { writer in
            writer.sequence {
                $0.set { set in
                    for _ in 0..<17 { set.raw(CertificateDraft.attribute(.commonName, .utf8String, [0x78])) }
                }
            }
        }
        #expect(throws: DERError.self) { try DistinguishedName(der: crowded) }
    }

    @Test(
        "match whatever case, white space and string type (RFC 5280 §7.1)",
        arguments: [
            ("AC Racine", "ac racine"), ("  AC   Racine ", "AC Racine"), ("Rhône", "RHÔNE"), ("Rho\u{302}ne", "Rhône"),
            ("", " "),
        ])
    func matching(_ left: String, _ right: String) throws {
        let one = try DistinguishedName(der: CertificateDraft.name([("2.5.4.3", .utf8String, left)]))
        let other = try DistinguishedName(der: CertificateDraft.name([("2.5.4.3", .utf8String, right)]))
        #expect(one.matches(other) && other.matches(one))
        #expect(one != other)
    }

    @Test("match across PrintableString and UTF8String, and within any order of one RDN")
    func matchingForms() throws {
        let printable = try DistinguishedName(der: CertificateDraft.name([("2.5.4.3", .printableString, "AC")]))
        let utf8 = try DistinguishedName(der: CertificateDraft.name([("2.5.4.3", .utf8String, "AC")]))
        #expect(printable.matches(utf8))
        func team(_ order: [Int]) throws -> DistinguishedName {
            let attributes = [
                CertificateDraft.attribute(.givenName, .utf8String, [0x41]),
                CertificateDraft.attribute(.surname, .utf8String, [0x42]),
            ]
            return try DistinguishedName(
                der: der { writer in writer.sequence { $0.set { set in order.forEach { set.raw(attributes[$0]) } } } })
        }
        #expect(try team([0, 1]).matches(team([1, 0])))
        #expect(try !team([0, 0]).matches(team([0, 1])))
    }

    @Test("do not match what differs in a word, a type, an RDN or the order")
    func different() throws {
        func name(_ attributes: [(ObjectIdentifier, String)]) throws -> DistinguishedName {
            try DistinguishedName(der: CertificateDraft.name(attributes.map { ($0.0, .utf8String, $0.1) }))
        }
        let base = try name([("2.5.4.10", "ASIP"), ("2.5.4.3", "AC Racine")])
        for other in [
            try name([("2.5.4.10", "ASIP"), ("2.5.4.3", "ACRacine")]),
            try name([("2.5.4.10", "ASIP"), ("2.5.4.11", "AC Racine")]),
            try name([("2.5.4.10", "ASIP")]),
            try name([("2.5.4.3", "AC Racine"), ("2.5.4.10", "ASIP")]),
            try name([("2.5.4.10", "ASIP"), ("2.5.4.3", "AC Racine"), ("2.5.4.3", "x")]),
            try name([]),
        ] {
            #expect(!base.matches(other))
        }
        #expect(try base.isWithin(name([("2.5.4.10", "asip")])))
        #expect(try base.isWithin(name([])))
        #expect(try !base.isWithin(name([("2.5.4.3", "AC Racine")])))
    }

    @Test("give every value of a type, in encoded order, a slash or a comma within one included")
    func values() throws {
        let name = try DistinguishedName(
            der: CertificateDraft.name([
                ("2.5.4.11", .utf8String, "0002 187512751"), ("2.5.4.11", .utf8String, "a,OU=b/OU=c"),
            ]))
        #expect(name.values(of: .organizationalUnitName) == ["0002 187512751", "a,OU=b/OU=c"])
        #expect(name.values(of: .commonName).isEmpty)
    }
}

/// The octets of a hexadecimal text.
func octets(_ hex: String) -> [UInt8] {
    let digits = hex.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
