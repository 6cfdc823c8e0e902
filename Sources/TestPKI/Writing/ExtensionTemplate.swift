public import DER

/// An extension of a certificate or of a CRL to be written.
public struct ExtensionTemplate: Hashable, Sendable {
    /// Which extension it is.
    public var type: ObjectIdentifier
    /// Whether who does not know it must refuse.
    public var isCritical: Bool
    /// The DER inside the OCTET STRING.
    public var value: [UInt8]

    /// Describes an extension.
    public init(_ type: ObjectIdentifier, isCritical: Bool = false, value: [UInt8]) {
        self.type = type
        self.isCritical = isCritical
        self.value = value
    }

    /// Describes an extension; the closure writes what stands inside.
    public init(_ type: ObjectIdentifier, isCritical: Bool = false, _ body: (inout DERWriter) -> Void) {
        var writer = DERWriter()
        body(&writer)
        self.init(type, isCritical: isCritical, value: writer.bytes)
    }

    func write(to writer: inout DERWriter) {
        writer.sequence { element in
            element.objectIdentifier(type)
            if isCritical { element.boolean(true) }
            element.octetString(value)
        }
    }
}

/// Extensions of RFC 5280.
extension ExtensionTemplate {
    /// basicConstraints; of a certificate that is not a CA it is the empty SEQUENCE.
    public static func basicConstraints(
        isCA: Bool, pathLength: Int? = nil, isCritical: Bool
    ) -> ExtensionTemplate {
        ExtensionTemplate(OID.basicConstraints, isCritical: isCritical) { writer in
            writer.sequence { constraints in
                if isCA { constraints.boolean(true) }
                if let pathLength { constraints.integer(pathLength) }
            }
        }
    }

    /// keyUsage, critical as in every certificate of IGC-Santé.
    public static func keyUsage(_ usages: Set<KeyUsageBit>, isCritical: Bool = true) -> ExtensionTemplate {
        ExtensionTemplate(OID.keyUsage, isCritical: isCritical) { writer in
            writer.namedBits(Set(usages.map(\.rawValue)))
        }
    }

    /// extendedKeyUsage.
    public static func extendedKeyUsage(_ purposes: [ObjectIdentifier]) -> ExtensionTemplate {
        ExtensionTemplate(OID.extendedKeyUsage) { writer in
            writer.sequence { sequence in
                for purpose in purposes { sequence.objectIdentifier(purpose) }
            }
        }
    }

    /// certificatePolicies with one policy and the address of its practice statement.
    public static func policies(_ policies: [ObjectIdentifier], statement: String?) -> ExtensionTemplate {
        ExtensionTemplate(OID.certificatePolicies) { writer in
            writer.sequence { sequence in
                for policy in policies {
                    sequence.sequence { information in
                        information.objectIdentifier(policy)
                        guard let statement else { return }
                        information.sequence { qualifiers in
                            qualifiers.sequence { qualifier in
                                qualifier.objectIdentifier(OID.certificationPracticeStatement)
                                qualifier.ia5String(statement)
                            }
                        }
                    }
                }
            }
        }
    }

    /// subjectKeyIdentifier.
    public static func subjectKeyIdentifier(_ identifier: [UInt8]) -> ExtensionTemplate {
        ExtensionTemplate(OID.subjectKeyIdentifier) { $0.octetString(identifier) }
    }

    /// authorityKeyIdentifier with the key identifier alone.
    public static func authorityKeyIdentifier(_ identifier: [UInt8]) -> ExtensionTemplate {
        ExtensionTemplate(OID.authorityKeyIdentifier) { writer in
            writer.sequence { $0.octetString(identifier, tag: .context(0)) }
        }
    }

    /// cRLDistributionPoints, one point for each address.
    public static func distributionPoints(_ addresses: [String]) -> ExtensionTemplate {
        ExtensionTemplate(OID.crlDistributionPoints) { writePoints(addresses, to: &$0) }
    }

    /// freshestCRL: where the delta CRLs are.
    public static func freshestCRL(_ addresses: [String]) -> ExtensionTemplate {
        ExtensionTemplate(OID.freshestCRL) { writePoints(addresses, to: &$0) }
    }

    /// authorityInfoAccess: the OCSP responder, then the issuer's certificate.
    public static func authorityInformation(ocsp: String, issuer: String) -> ExtensionTemplate {
        ExtensionTemplate(OID.authorityInformationAccess) { writer in
            writer.sequence { sequence in
                for (method, address) in [(OID.ocsp, ocsp), (OID.caIssuers, issuer)] {
                    sequence.sequence { access in
                        access.objectIdentifier(method)
                        access.ia5String(address, tag: .context(6))
                    }
                }
            }
        }
    }

    /// subjectAltName.
    public static func alternativeNames(_ names: [AlternativeName]) -> ExtensionTemplate {
        ExtensionTemplate(OID.subjectAlternativeName) { writer in
            writer.sequence { sequence in
                for name in names { name.write(to: &sequence) }
            }
        }
    }

    /// privateKeyUsagePeriod: until when the key may sign.
    public static func privateKeyUsagePeriod(from start: Timestamp, to end: Timestamp) -> ExtensionTemplate {
        ExtensionTemplate(OID.privateKeyUsagePeriod) { writer in
            writer.sequence { period in
                period.implicitGeneralizedTime(start, tag: .context(0))
                period.implicitGeneralizedTime(end, tag: .context(1))
            }
        }
    }

    private static func writePoints(_ addresses: [String], to writer: inout DERWriter) {
        writer.sequence { sequence in
            for address in addresses {
                sequence.sequence { point in
                    point.constructed(.contextConstructed(0)) { name in
                        name.constructed(.contextConstructed(0)) { fullName in
                            fullName.ia5String(address, tag: .context(6))
                        }
                    }
                }
            }
        }
    }
}

/// A bit of keyUsage, by its number in RFC 5280 §4.2.1.3.
public enum KeyUsageBit: Int, Hashable, Sendable {
    /// Signatures other than on certificates and CRLs.
    case digitalSignature = 0
    /// Signatures that bind.
    case nonRepudiation = 1
    /// Encryption of keys.
    case keyEncipherment = 2
    /// Signatures on certificates.
    case certificateSigning = 5
    /// Signatures on CRLs.
    case crlSigning = 6
}

/// A name in subjectAltName.
public enum AlternativeName: Hashable, Sendable {
    /// A host name.
    case host(String)
    /// A user principal name of Microsoft, in an otherName.
    case userPrincipalName(String)

    func write(to writer: inout DERWriter) {
        switch self {
        case .host(let name): writer.ia5String(name, tag: .context(2))
        case .userPrincipalName(let name):
            writer.constructed(.contextConstructed(0)) { other in
                other.objectIdentifier(OID.userPrincipalName)
                other.constructed(.contextConstructed(0)) { $0.utf8String(name) }
            }
        }
    }
}

extension DERWriter {
    /// A GeneralizedTime under an IMPLICIT tag.
    mutating func implicitGeneralizedTime(_ time: Timestamp, tag: DERTag) {
        var plain = DERWriter()
        plain.generalizedTime(time)
        element(tag, plain.bytes.dropFirst(2))
    }
}
