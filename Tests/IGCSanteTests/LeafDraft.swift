import DER
import X509

@testable import IGCSante

/// A holder's certificate to be, shaped as those of IGC-Santé; nobody signs it, for classification checks no signature.
struct LeafDraft {
    typealias Attribute = (type: ObjectIdentifier, value: String)

    var issuer: [[Attribute]] = [
        [(.countryName, "FR")], [(.organizationName, "FICTIF")],
        [(.commonName, "AC FICTIVE ELEMENTAIRE ORGANISATIONS")],
    ]
    var subject: [[Attribute]] = [
        [(.countryName, "FR")], [(.stateOrProvinceName, "Rhône (69)")], [(.organizationName, "CENTRE D'ESSAI")],
        [(.organizationalUnitName, "10B0221636")], [(.commonName, "INSI-AUTO")],
    ]
    var isAuthority = false
    var keyUsage: Set<Int>? = [0]
    var purposes: [ObjectIdentifier]? = [.clientAuth]
    var policies: [ObjectIdentifier] = [.policyOrgAuthCli]
    /// The content of the extension G01; nil for none.
    var category: [UInt8]? = [0x04, 0x01, 0x03]
    var authorityKeyIdentifier: [UInt8]?

    /// A draft of a kind, as it is in an environment.
    static func of(_ kind: CertificateKind, in environment: Environment) -> LeafDraft {
        var draft = LeafDraft()
        switch kind {
        case .orgAuthCli: break
        case .servSSL:
            draft.keyUsage = [0, 2]
            draft.purposes = [.serverAuth, .clientAuth]
        case .orgSign:
            draft.keyUsage = [0, 1]
            draft.purposes = [.emailProtection]
        case .orgConf:
            draft.keyUsage = [2]
            draft.purposes = [.emailProtection, .anyExtendedKeyUsage]
        case .ppAuth, .cardAuth:
            draft.purposes = [.clientAuth, .smartcardLogon]
        case .ppSign, .cardSign:
            draft.keyUsage = [1]
            draft.purposes = [.emailProtection]
        case .legacyCPS:
            draft.policies = ["1.2.250.1.71.3.7.1"]
        }
        if kind.domain == .persons {
            draft.issuer[2] = [(.commonName, "AC FICTIVE ELEMENTAIRE PERSONNES")]
            draft.subject = [
                [(.countryName, "FR")], [(.title, "Médecin")],
                [(.givenName, "ANNE"), (.commonName, "899700000001"), (.surname, "ESSAI")],
            ]
        }
        if kind == .cardAuth || kind == .cardSign { draft.category = [0x04, 0x01, 0x00] }
        if kind != .legacyCPS {
            draft.policies = [
                environment == .test ? .policyTest : kind.productionPolicy ?? "1.2.250.1.213.1.7.1.1.2.9.9"
            ]
        }
        if environment == .test {
            draft.category?[2] |= 0x80
            draft.issuer[2][0].value = "TEST " + draft.issuer[2][0].value
        }
        return draft
    }

    var classification: Classification {
        get throws { Classification.classify(try Certificate(der: bytes), issuer: nil) }
    }

    var bytes: [UInt8] {
        var writer = DERWriter()
        let algorithm: (inout DERWriter) -> Void = { writer in
            writer.sequence {
                $0.objectIdentifier("1.2.840.113549.1.1.11")
                $0.null()
            }
        }
        writer.sequence { certificate in
            certificate.sequence { tbs in
                tbs.constructed(.contextConstructed(0)) { $0.integer(2) }
                tbs.integer(1)
                algorithm(&tbs)
                LeafDraft.write(issuer, to: &tbs)
                tbs.sequence {
                    $0.time(Timestamp(secondsSinceEpoch: 1_700_000_000))
                    $0.time(Timestamp(secondsSinceEpoch: 1_800_000_000))
                }
                LeafDraft.write(subject, to: &tbs)
                tbs.sequence {
                    algorithm(&$0)
                    $0.bitString([0])
                }
                tbs.constructed(.contextConstructed(3)) { $0.sequence { writeExtensions(to: &$0) } }
            }
            algorithm(&certificate)
            certificate.bitString([0])
        }
        return writer.bytes
    }

    private func writeExtensions(to list: inout DERWriter) {
        func add(_ identifier: ObjectIdentifier, _ body: (inout DERWriter) -> Void) {
            list.sequence {
                $0.objectIdentifier(identifier)
                $0.octetString { body(&$0) }
            }
        }
        add(.basicConstraints) { writer in writer.sequence { if isAuthority { $0.boolean(true) } } }
        if let keyUsage { add(.keyUsage) { $0.namedBits(keyUsage) } }
        if let purposes {
            add(.extendedKeyUsage) { writer in
                writer.sequence { list in purposes.forEach { list.objectIdentifier($0) } }
            }
        }
        if !policies.isEmpty {
            add(.certificatePolicies) { writer in
                writer.sequence { list in
                    for policy in policies { list.sequence { $0.objectIdentifier(policy) } }
                }
            }
        }
        if let category { add(.productCategory) { $0.raw(category) } }
        if let authorityKeyIdentifier {
            add(.authorityKeyIdentifier) { writer in
                writer.sequence { $0.octetString(authorityKeyIdentifier, tag: .context(0)) }
            }
        }
    }

    private static func write(_ name: [[Attribute]], to writer: inout DERWriter) {
        writer.sequence { names in
            for relative in name {
                names.set { set in
                    for attribute in relative {
                        set.sequence {
                            $0.objectIdentifier(attribute.type)
                            $0.utf8String(attribute.value)
                        }
                    }
                }
            }
        }
    }
}
