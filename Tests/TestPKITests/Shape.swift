import Crypto
import DER

/// The structure of DER without its values: tags with their depth, object identifiers, and the inside of extensions.
///
/// Two certificates of the same shape differ only in names, numbers, dates, keys and addresses.
func shape(of der: [UInt8]) throws -> [String] {
    var lines: [String] = []
    try appendShape(of: der, 0..<der.count, depth: 0, to: &lines)
    return lines
}

private func appendShape(of der: [UInt8], _ range: Range<Int>, depth: Int, to lines: inout [String]) throws {
    var cursor = DERCursor(range)
    var isAfterIdentifier = false
    while !cursor.isAtEnd {
        let element = try cursor.next(in: der.span)
        let indent = String(repeating: " ", count: depth)
        switch element.tag {
        case .objectIdentifier:
            let identifier = ObjectIdentifier(content: Array(der[element.content]))
            lines.append("\(indent)\(identifier?.dotted ?? "?")")
            isAfterIdentifier = true
            continue
        case .boolean:
            lines.append("\(indent)BOOLEAN \(der[element.content])")
            continue
        case .octetString where isAfterIdentifier:
            lines.append("\(indent)extension")
            try appendShape(of: der, element.content, depth: depth + 1, to: &lines)
        default:
            lines.append("\(indent)\(element.tag)")
            if element.tag.isConstructed {
                try appendShape(of: der, element.content, depth: depth + 1, to: &lines)
            }
        }
        isAfterIdentifier = false
    }
}

extension PublicKey {
    /// Whether a signature with an encoded algorithm is one of this key.
    func accepts(_ signature: [UInt8], over message: [UInt8], identifier: [UInt8]) throws -> Bool {
        let algorithm = try SignatureAlgorithm(algorithmIdentifier: identifier.span)
        return isValidSignature(signature.span, over: message.span, algorithm: algorithm)
    }
}
