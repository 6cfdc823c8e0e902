import HTTP
import Testing

@Suite("Characters and names")
struct NameTests {
    private static func isToken(_ byte: UInt8) -> Bool {
        let marks = Set("!#$%&'*+-.^_`|~".utf8)
        return marks.contains(byte) || (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }

    private static func classify(_ name: [UInt8]) -> KnownField { KnownField(name.span) }

    @Test("the character classes are those of RFC 9110 §5.6.2 and §5.5, for each octet")
    func classes() {
        for byte in UInt8.min...UInt8.max {
            #expect(Octet.isToken(byte) == NameTests.isToken(byte), "\(byte)")
            #expect(Octet.isFieldContent(byte) == (byte == 9 || (byte >= 32 && byte != 127)), "\(byte)")
            #expect(Octet.isVisible(byte) == (33...126).contains(byte), "\(byte)")
            let hex = byte < 128 ? Character(Unicode.Scalar(byte)).hexDigitValue : nil
            #expect(Octet.hexValue(byte).map(Int.init) == hex, "\(byte)")
        }
    }

    @Test("a known name is known in every case", arguments: KnownField.allCases.filter { $0 != .other })
    func known(_ field: KnownField) {
        let name = "\(field.name)"
        for spelling in [name, name.lowercased(), name.uppercased()] {
            #expect(NameTests.classify(Array(spelling.utf8)) == field)
        }
    }

    @Test("a name that differs in one octet is another one", arguments: KnownField.allCases.filter { $0 != .other })
    func nearMisses(_ field: KnownField) {
        let name = Array("\(field.name)".utf8)
        for index in name.indices {
            for byte in UInt8.min...UInt8.max where Octet.isToken(byte) {
                guard Octet.lowercased(byte) != Octet.lowercased(name[index]) else { continue }
                var other = name
                other[index] = byte
                let found = NameTests.classify(other)
                let text = String(decoding: other, as: UTF8.self).lowercased()
                #expect(found != field, "\(text)")
                #expect(found == .other || "\(found.name)".lowercased() == text, "\(text)")
            }
        }
        #expect(NameTests.classify(name + [0x61]) != field)
        #expect(NameTests.classify(Array(name.dropLast())) != field)
    }

    @Test(
        "what is no token is no field name", arguments: ["", "a b", "a:", "é", "a\r", "a\n", "a\0", "(a)", "a/b", "\""])
    func invalidNames(_ name: String) {
        #expect(FieldName(name) == nil)
    }

    @Test(
        "what would end a line or is padded is no field value",
        arguments: ["a\rb", "a\n", "\0", " a", "a ", "\ta", "\u{7F}"])
    func invalidValues(_ value: String) {
        let bytes = Array(value.utf8)
        let isValid = FieldName.isValidValue(bytes.span)
        #expect(!isValid)
    }

    @Test(
        "a name of a family is found however it is spelt",
        arguments: [
            ("X-SSL-Client-Verify", true), ("x_ssl_client_verify", true), ("X.SSL.Client.Verify", true),
            ("x-sSl_cLIENT.s-dn", true), ("X-SSL-Client", false), ("X-SSL-Clients", false), ("XX-SSL-Client-A", false),
            ("Client-Cert", true), ("client_cert", true), ("CLIENT.CERT", true), ("Client-Cert-Chain", false),
            ("Client-Cer", false), ("ClientCert", false), ("", false), ("X", false),
            ("X~SSL!Client^Verify", true), ("Client|Cert", true), ("Client*Cert", true),
        ])
    func families(_ name: String, _ isMember: Bool) {
        let families = FoldedNames(names: ["Client-Cert"], prefixes: ["X-SSL-Client-"])
        let bytes = Array(name.utf8)
        let found = families.contains(bytes.span)
        #expect(found == isMember)
    }

    @Test("an empty set holds nothing")
    func emptyFamily() {
        let bytes = Array("a".utf8)
        let isMember = FoldedNames().contains(bytes.span)
        #expect(!isMember)
    }

    @Test("a token ends at the first octet that may not be in it, wherever that is")
    func tokenEnds() {
        for byte in UInt8.min...UInt8.max {
            for position in 0..<19 {
                var name = Array("Content-X-Length-Z0a".utf8)
                name[position] = byte
                let end = name.span.endOfToken(from: 0)
                #expect(end == (NameTests.isToken(byte) ? name.count : position), "\(byte) at \(position)")
            }
        }
    }

    @Test(
        "methods are told apart by case",
        arguments: ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"])
    func methods(_ name: String) {
        let bytes = Array(name.utf8)
        let method = HTTP.Method(bytes.span, at: 0..<bytes.count)
        #expect(method.knownName.map { "\($0)" } == name)
        let lowercased = Array(name.lowercased().utf8)
        let other = HTTP.Method(lowercased.span, at: 3..<5)
        #expect(other == .other(3..<5))
    }

    @Test("numbers are written without leading zeros", arguments: [0, 1, 9, 10, 15, 16, 255, 256, 65_536, UInt64.max])
    func numbers(_ value: UInt64) {
        var bytes: [UInt8] = []
        bytes.append(decimal: value)
        #expect(bytes.span.text == String(value))
        bytes = []
        bytes.append(hexadecimal: value)
        #expect(bytes.span.text == String(value, radix: 16, uppercase: true))
    }
}

@Suite struct KnownFieldTests {
    @Test("every known field has a bit of its own in a set of 64")
    func bits() {
        #expect(KnownField.allCases.count <= 64)
        #expect(Set(KnownField.allCases.map(\.rawValue)).count == KnownField.allCases.count)
        #expect(KnownField.allCases.allSatisfy { $0.rawValue < 64 })
    }
}
