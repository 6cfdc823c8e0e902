public import Crypto
public import DER

/// A certificate of an organisation, a server or a person to be written, with every field open to be wrong.
public struct LeafTemplate: Sendable {
    /// The two orders of extensions that are seen in real certificates.
    public enum ExtensionOrder: Sendable {
        /// Of the platform that issued until the middle of 2022.
        case before2022
        /// Of the platform that has issued since December 2022.
        case since2022
    }

    /// The holder's name.
    public var subject: NameTemplate
    /// The first second of its validity.
    public var notBefore: Timestamp
    /// The last second of its validity.
    public var notAfter: Timestamp
    /// The content octets of the serial number; none draws 16 random ones.
    public var serial: [UInt8]?
    /// The issuer's name, where it is to differ from that of the CA that signs.
    public var issuer: NameTemplate?
    /// What the signature is made with; none takes what suits the CA's key.
    public var algorithm: SignatureAlgorithm?
    /// Whether the last bit of the signature is flipped.
    public var hasBrokenSignature = false

    /// In which order the extensions stand.
    public var order: ExtensionOrder = .since2022
    /// What the key may do; none leaves the extension out.
    public var keyUsage: Set<KeyUsageBit>? = [.digitalSignature]
    /// What the key is for; none leaves the extension out.
    public var extendedKeyUsage: [ObjectIdentifier]?
    /// The policy; none leaves the extension out.
    public var policy: ObjectIdentifier?
    /// Category of product (extension 1.2.250.1.71.1.2.5): 0x03 a software certificate, with 0x80 added a test one; none
    /// leaves the extension out.
    public var productCategory: UInt8?
    /// Type of card (1.2.250.1.71.1.2.2).
    public var cardType: Int?
    /// Issuer and number of the card (1.2.250.1.71.1.2.3).
    public var cardNumber: String?
    /// Profession (1.2.250.1.71.1.2.7).
    public var profession: Int?
    /// Know-how (1.2.250.1.71.4.2.5).
    public var knowHow: [String] = []
    /// Other names of the holder.
    public var alternativeNames: [AlternativeName] = []
    /// Until when the key may sign, from the first second of the validity on.
    public var keyUsageEnd: Timestamp?
    /// What basicConstraints says; none leaves the extension out.
    public var basicConstraints: ExtensionTemplate? = .basicConstraints(isCA: false, isCritical: false)
    /// Whether the key identifiers of holder and issuer are there.
    public var hasKeyIdentifiers = true
    /// Extensions after the usual ones.
    public var additionalExtensions: [ExtensionTemplate] = []

    /// Describes a certificate without purpose and policy.
    public init(subject: NameTemplate, notBefore: Timestamp, notAfter: Timestamp) {
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// The certificate that the holder signs alone, its own issuer.
    /// - Parameter key: the holder's key.
    /// - Returns: the DER of the certificate.
    /// - Throws: what OpenSSL says.
    public func selfSigned(with key: PrivateKey) throws(CryptoError) -> [UInt8] {
        let publicKeyInfo = try key.publicKeyInfo
        let identifier = derivedIdentifier(of: publicKeyInfo)
        let number = if let serial { serial } else { try randomSerial() }
        let fields = CertificateFields(
            serial: number, issuer: (issuer ?? subject).der, notBefore: notBefore,
            notAfter: notAfter, subject: subject.der, publicKeyInfo: publicKeyInfo,
            extensions: extensions(keyIdentifier: identifier, issuer: identifier, publication: nil))
        return try fields.signed(by: key, algorithm: algorithm ?? .usual(for: key.kind))
    }

    /// The extensions in the order of the platform.
    func extensions(keyIdentifier: [UInt8], issuer: [UInt8], publication: Publication?) -> [ExtensionTemplate] {
        let subjectKey = hasKeyIdentifiers ? ExtensionTemplate.subjectKeyIdentifier(keyIdentifier) : nil
        let authorityKey = hasKeyIdentifiers ? ExtensionTemplate.authorityKeyIdentifier(issuer) : nil
        let usage = keyUsage.map { ExtensionTemplate.keyUsage($0) }
        let purposes = extendedKeyUsage.map(ExtensionTemplate.extendedKeyUsage)
        let policies = policy.map { ExtensionTemplate.policies([$0], statement: publication?.statement) }
        let names = alternativeNames.isEmpty ? nil : ExtensionTemplate.alternativeNames(alternativeNames)
        let period = keyUsageEnd.map { ExtensionTemplate.privateKeyUsagePeriod(from: notBefore, to: $0) }
        let points = publication.map { ExtensionTemplate.distributionPoints($0.revocationLists) }
        let freshest = publication.map { ExtensionTemplate.freshestCRL($0.deltaRevocationLists) }
        let access = publication.map { ExtensionTemplate.authorityInformation(ocsp: $0.ocsp, issuer: $0.certificate) }
        let category = productCategory.map { byte in
            ExtensionTemplate(OID.productCategory) { $0.octetString([byte]) }
        }
        let type = cardType.map { number in ExtensionTemplate(OID.cardType) { $0.integer(number) } }
        let number = cardNumber.map { text in ExtensionTemplate(OID.cardNumber) { $0.printableString(text) } }
        let job = profession.map { number in ExtensionTemplate(OID.profession) { $0.integer(number) } }
        let skills =
            knowHow.isEmpty
            ? nil
            : ExtensionTemplate(OID.knowHow) { writer in
                writer.sequence { sequence in
                    for one in knowHow { sequence.utf8String(one) }
                }
            }
        let ordered: [ExtensionTemplate?] =
            switch order {
            case .before2022:
                [
                    basicConstraints, subjectKey, authorityKey, usage, policies, purposes, period, names, points,
                    freshest, access, category, type, number, job, skills,
                ]
            case .since2022:
                [
                    purposes, authorityKey, access, policies, points, subjectKey, freshest, job, usage, category,
                    type, number, period, names, basicConstraints, skills,
                ]
            }
        return ordered.compactMap(\.self) + additionalExtensions
    }
}
