import DER
import IGCSante
import X509

/// The short names of the identifiers that certificates of this PKI hold, for people.
extension ObjectIdentifier {
    /// What a purpose of an extendedKeyUsage allows; the digits for one that is not known.
    var purposeName: String {
        switch self {
        case .serverAuth: "serverAuth (TLS server)"
        case .clientAuth: "clientAuth (TLS client)"
        case .codeSigning: "codeSigning"
        case .emailProtection: "emailProtection"
        case .timeStamping: "timeStamping"
        case .ocspSigning: "OCSPSigning"
        case .smartcardLogon: "msSmartcardLogin (Windows log-on)"
        case .anyExtendedKeyUsage: "anyExtendedKeyUsage (any purpose)"
        default: dotted
        }
    }

    /// The name of an extension; the digits for one that is not known.
    var extensionName: String {
        switch self {
        case .subjectDirectoryAttributes: "subjectDirectoryAttributes"
        case .subjectKeyIdentifier: "subjectKeyIdentifier"
        case .keyUsage: "keyUsage"
        case .privateKeyUsagePeriod: "privateKeyUsagePeriod"
        case .subjectAlternativeName: "subjectAltName"
        case .issuerAlternativeName: "issuerAltName"
        case .basicConstraints: "basicConstraints"
        case .nameConstraints: "nameConstraints"
        case .crlDistributionPoints: "cRLDistributionPoints"
        case .certificatePolicies: "certificatePolicies"
        case .policyMappings: "policyMappings"
        case .authorityKeyIdentifier: "authorityKeyIdentifier"
        case .policyConstraints: "policyConstraints"
        case .extendedKeyUsage: "extKeyUsage"
        case .freshestCRL: "freshestCRL"
        case .inhibitAnyPolicy: "inhibitAnyPolicy"
        case .authorityInformationAccess: "authorityInfoAccess"
        case .productCategory: "product category (G01)"
        case .cardType: "card type (G02)"
        case .cardNumber: "card number"
        case .profession: "profession (G15)"
        case .expertise: "expertise (R01)"
        default: dotted
        }
    }

    private static let expertise: ObjectIdentifier = "1.2.250.1.71.4.2.5"
}

extension GeneralName {
    /// The kind of name and the name.
    var words: String {
        switch self {
        case .other(.userPrincipalName, let value): "UPN \(GeneralName.text(value) ?? "unreadable")"
        case .other(let type, _): "other name of type \(type.dotted)"
        case .email(let text): "email \(text)"
        case .dns(let text): "DNS \(text)"
        case .x400: "X.400 address"
        case .directory(let name): "directory \(name.rfc2253)"
        case .ediParty: "EDI party name"
        case .uri(let text): "URI \(text)"
        case .ipAddress(let octets): "IP \(GeneralName.address(octets))"
        case .registeredID(let identifier): "registered \(identifier.dotted)"
        }
    }

    private static func text(_ der: [UInt8]) -> String? {
        let bytes = der.span
        var cursor = DERCursor(all: bytes)
        guard let element = try? cursor.next(in: bytes) else { return nil }
        return String(validating: element.bytes(in: bytes), as: UTF8.self)
    }

    private static func address(_ octets: [UInt8]) -> String {
        if octets.count == 4 { return octets.map { String($0) }.joined(separator: ".") }
        let groups = stride(from: 0, to: octets.count - 1, by: 2).map {
            String(Int(octets[$0]) << 8 | Int(octets[$0 + 1]), radix: 16)
        }
        return groups.joined(separator: ":")
    }
}
