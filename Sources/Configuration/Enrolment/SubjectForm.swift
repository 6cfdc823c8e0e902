/// The subject of a certificate as an operator writes it, brought into the one form in which it is compared.
///
/// That form is RFC 2253 as OpenSSL prints it: most specific first, no spaces around separators, octets outside ASCII as
/// `\C3`. Two names that differ have two forms, so comparing them is comparing names.
struct SubjectForm: Hashable {
    /// Why a text is no subject.
    struct Fault: Error {
        let message: String
        let hint: String?
    }

    /// The form.
    let text: String

    private var values: [String: [String]] = [:]

    /// Reads RFC 4514, or its elder RFC 2253; spaces may stand around separators.
    init(_ text: String) throws(Fault) {
        var reader = Reader(bytes: Array(text.utf8))
        var relativeNames: [[(type: String, value: Value)]] = []
        repeat {
            var attributes: [(type: String, value: Value)] = []
            repeat { attributes.append(try reader.attribute()) } while reader.skip(UInt8(ascii: "+"))
            relativeNames.append(attributes)
        } while reader.skip(UInt8(ascii: ","))
        guard reader.isAtEnd else {
            throw Fault(message: "\(text.quoted) is no distinguished name", hint: Self.example)
        }
        if relativeNames.count > 1, relativeNames.first?.first?.type == "C", relativeNames.last?.first?.type == "CN" {
            let turned = relativeNames.reversed().map(Self.text).joined(separator: ",")
            throw Fault(message: "the most specific name comes first", hint: turned)
        }
        self.text = relativeNames.map(Self.text).joined(separator: ",")
        for attribute in relativeNames.joined() {
            if case .text(let bytes) = attribute.value {
                values[attribute.type, default: []].append(String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    private static let example = "CN=INSI-AUTO,OU=10B0221636,O=CENTRE DE SANTE,ST=Rh\\C3\\B4ne (69),C=FR"

    /// The value of an attribute that there is once.
    func value(of type: String) -> String? {
        guard let values = values[type], values.count == 1 else { return nil }
        return values[0]
    }

    private enum Value {
        case text([UInt8])
        /// `#` and hexadecimal: of a type without a name, or no string.
        case dump([UInt8])
    }

    private static func text(of attributes: [(type: String, value: Value)]) -> String {
        attributes.map { attribute in
            switch attribute.value {
            case .text(let bytes): "\(attribute.type)=" + String(decoding: escaped(bytes), as: UTF8.self)
            case .dump(let digits): "\(attribute.type)=#" + String(decoding: digits, as: UTF8.self)
            }
        }.joined(separator: "+")
    }

    /// The escapes that OpenSSL writes; `X509.DistinguishedName.rfc2253` writes the same.
    private static func escaped(_ text: [UInt8]) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for (index, octet) in text.enumerated() {
            let isSpecial = Reader.special.contains(octet)
            let isEdge = octet == UInt8(ascii: " ") && (index == 0 || index == text.count - 1)
            let isHash = octet == UInt8(ascii: "#") && index == 0 && text.count > 1
            if octet < 0x20 || octet >= 0x7F {
                output += [UInt8(ascii: "\\"), digits[Int(octet >> 4)], digits[Int(octet & 0x0F)]]
            } else if isSpecial || isEdge || isHash {
                output += [UInt8(ascii: "\\"), octet]
            } else {
                output.append(octet)
            }
        }
        return output
    }

    /// Types by their names in lower case: RFC 4514 §3 has case not matter.
    private static let types: [String: String] = [
        "cn": "CN", "ou": "OU", "o": "O", "st": "ST", "l": "L", "c": "C", "gn": "GN", "givenname": "GN", "sn": "SN",
        "surname": "SN", "title": "title", "dc": "DC", "uid": "UID", "serialnumber": "serialNumber",
        "emailaddress": "emailAddress", "street": "street",
    ]

    private struct Reader {
        static let special = Array(",+\"\\<>;".utf8)
        let bytes: [UInt8]
        var index = 0

        var isAtEnd: Bool { index == bytes.count }

        mutating func skip(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func attribute() throws(Fault) -> (type: String, value: Value) {
            while skip(UInt8(ascii: " ")) {}
            let start = index
            while index < bytes.count, bytes[index] != UInt8(ascii: "="), bytes[index] != UInt8(ascii: ",") {
                index += 1
            }
            let name = String(decoding: bytes[start..<index], as: UTF8.self).trimmingSpaces
            let isName = !name.isEmpty && name.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: ".") }
            guard isName, skip(UInt8(ascii: "=")) else {
                throw Fault(message: "expected TYPE=VALUE, found \(name.quoted)", hint: SubjectForm.example)
            }
            return (SubjectForm.types[name.lowercased()] ?? name, try value())
        }

        private mutating func value() throws(Fault) -> Value {
            while skip(UInt8(ascii: " ")) {}
            if skip(UInt8(ascii: "#")) {
                let start = index
                while index < bytes.count, bytes[index] != UInt8(ascii: ","), bytes[index] != UInt8(ascii: "+") {
                    index += 1
                }
                let digits = String(decoding: bytes[start..<index], as: UTF8.self).trimmingSpaces.uppercased()
                guard !digits.isEmpty, digits.utf8.allSatisfy({ Self.digit($0) != nil }) else {
                    throw Fault(message: "\"#\" begins a value in hexadecimal", hint: "write \\# for # itself")
                }
                return .dump(Array(digits.utf8))
            }
            var value: [UInt8] = []
            // Spaces at the end count only when they are escaped.
            var kept = 0
            while index < bytes.count, bytes[index] != UInt8(ascii: ","), bytes[index] != UInt8(ascii: "+") {
                let byte = bytes[index]
                index += 1
                if byte == UInt8(ascii: "\\") {
                    value.append(try escape())
                    kept = value.count
                } else if Self.special.contains(byte) {
                    throw Fault(
                        message: "\(String(decoding: [byte], as: UTF8.self).quoted) within a value",
                        hint: "write a backslash before it")
                } else {
                    value.append(byte)
                    if byte != UInt8(ascii: " ") { kept = value.count }
                }
            }
            value.removeLast(value.count - kept)
            guard String(validating: value, as: UTF8.self) != nil else {
                throw Fault(message: "an escaped value is not UTF-8", hint: nil)
            }
            return .text(value)
        }

        private mutating func escape() throws(Fault) -> UInt8 {
            guard index < bytes.count else { throw Fault(message: "a backslash at the end", hint: nil) }
            let first = bytes[index]
            index += 1
            guard let high = Self.digit(first) else { return first }
            guard index < bytes.count, let low = Self.digit(bytes[index]) else {
                throw Fault(message: "a backslash before one hexadecimal digit", hint: "\\C3\\B4 is \u{F4}")
            }
            index += 1
            return high << 4 | low
        }

        private static func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
            default: nil
            }
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var rest = Substring(self)
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
