import DER
import X509

/// What the subject of a certificate must hold so that whom it names is beyond doubt.
enum SubjectShape {
    /// Every way in which a subject is not as those of its domain are.
    static func reasons(
        against subject: DistinguishedName, in domain: CertificateDomain
    ) -> [Classification.Reason] {
        switch domain {
        case .organisations: organisation(subject)
        case .persons: person(subject)
        }
    }

    /// C, ST, O, OU and CN, each once and in an RDN of its own; other attributes identify nobody and are let be.
    private static func organisation(_ subject: DistinguishedName) -> [Classification.Reason] {
        var reasons = required(
            [.countryName, .stateOrProvinceName, .organizationName, .organizationalUnitName, .commonName], in: subject)
        if subject.relativeNames.contains(where: { $0.count > 1 }) { reasons.append(.multiValuedRelativeName) }
        return reasons
    }

    /// One CN, and beside it a title, a given name and a surname, or else a pseudonym: a card that serves a team.
    private static func person(_ subject: DistinguishedName) -> [Classification.Reason] {
        if !subject.values(of: .pseudonym).isEmpty { return required([.commonName, .pseudonym], in: subject) }
        return required([.commonName, .title, .givenName, .surname], in: subject)
    }

    /// What is wrong with attributes of which each must stand once, with a text that can be shown.
    private static func required(
        _ types: [ObjectIdentifier], in subject: DistinguishedName
    ) -> [Classification.Reason] {
        let attributes = subject.attributes
        return types.compactMap { type in
            let found = attributes.filter { $0.type == type }
            guard let only = found.first, found.count == 1 else { return .attribute(type, count: found.count) }
            // A NUL or a line end in a name has been used to make a reader see another name than the one signed.
            guard only.isString, !only.value.isEmpty, only.value.unicodeScalars.allSatisfy({ !$0.isControl }) else {
                return .unreadableAttribute(type)
            }
            return nil
        }
    }
}

extension Unicode.Scalar {
    /// Whether the scalar steers a terminal or a text instead of showing.
    fileprivate var isControl: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
