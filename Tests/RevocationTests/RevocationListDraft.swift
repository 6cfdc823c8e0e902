import Crypto
import DER
import TestPKI
import X509

@testable import Revocation

/// The moment at which most tests are.
let noon = Timestamp(secondsSinceEpoch: 1_700_000_000)

func der(_ body: (inout DERWriter) -> Void) -> [UInt8] {
    var writer = DERWriter()
    body(&writer)
    return writer.bytes
}

/// An Extension of a CRL or of an entry.
func listExtension(_ identifier: ObjectIdentifier, critical: Bool = false, _ value: [UInt8]) -> [UInt8] {
    der { writer in
        writer.sequence {
            $0.objectIdentifier(identifier)
            if critical { $0.boolean(true) }
            $0.octetString(value)
        }
    }
}

/// A CA of a test, with a key that signs quickly.
struct TestAuthority {
    let key: PrivateKey
    let certificate: Certificate
    let issuing: CertificateAuthority

    init(_ name: String = "Autorité d'essai", configure: (inout AuthorityTemplate) -> Void = { _ in }) throws {
        key = try PrivateKey.generate(.p256)
        var template = AuthorityTemplate(
            name: NameTemplate(.france, .commonName(name)), notBefore: noon.adding(seconds: -86_400_000),
            notAfter: noon.adding(seconds: 86_400_000))
        configure(&template)
        issuing = try CertificateAuthority(root: template, key: key)
        certificate = try Certificate(der: issuing.certificate)
    }

    /// A certificate of this CA.
    func leaf(
        serial: [UInt8], isAuthority: Bool = false, extensions: [ExtensionTemplate] = []
    ) throws -> Certificate {
        var template = LeafTemplate(
            subject: NameTemplate(.commonName("Essai")), notBefore: noon.adding(seconds: -86_400),
            notAfter: noon.adding(seconds: 86_400))
        template.serial = serial
        template.additionalExtensions = extensions
        if isAuthority { template.basicConstraints = .basicConstraints(isCA: true, isCritical: true) }
        return try Certificate(der: issuing.issue(template, to: key))
    }
}

/// A CRL to be, every field of which a test may spoil.
struct RevocationListDraft {
    /// A revoked serial, with whatever extensions, each already DER.
    struct Entry {
        var serial: [UInt8]
        var date = noon.adding(seconds: -1000)
        var extensions: [[UInt8]] = []

        init(_ serial: [UInt8], date: Timestamp = noon.adding(seconds: -1000), reason: RevocationReason? = nil) {
            self.serial = serial
            self.date = date
            if let reason {
                extensions = [
                    listExtension("2.5.29.21", der { $0.integer(Int(reason.rawValue), tag: .enumerated) })
                ]
            }
        }
    }

    static let ecdsaWithSHA256 = der { writer in writer.sequence { $0.objectIdentifier("1.2.840.10045.4.3.2") } }
    static let sha1WithRSA = der { writer in
        writer.sequence {
            $0.objectIdentifier("1.2.840.113549.1.1.5")
            $0.null()
        }
    }

    var version: [UInt8]? = der { $0.integer(1) }
    var innerAlgorithm = Self.ecdsaWithSHA256
    var outerAlgorithm = Self.ecdsaWithSHA256
    var issuer: [UInt8]?
    var thisUpdate = der { $0.time(noon.adding(seconds: -3600)) }
    var nextUpdate: [UInt8]? = der { $0.time(noon.adding(seconds: 86_400)) }
    var entries: [Entry] = []
    /// In place of the entries, whatever they are.
    var rawEntries: [UInt8]?
    var extensions: [[UInt8]]? = []
    var trailer: [UInt8] = []

    init(_ number: Int? = 1, base: Int? = nil, _ entries: [Entry] = []) {
        self.entries = entries
        if let number { extensions?.append(listExtension("2.5.29.20", der { $0.integer(number) })) }
        if let base { extensions?.append(listExtension("2.5.29.27", critical: true, der { $0.integer(base) })) }
    }

    /// The same with thisUpdate and nextUpdate at so many seconds from `noon`.
    func valid(from: Int64, to: Int64) -> Self {
        var draft = self
        draft.thisUpdate = der { $0.time(noon.adding(seconds: from)) }
        draft.nextUpdate = der { $0.time(noon.adding(seconds: to)) }
        return draft
    }

    /// The same with an issuingDistributionPoint.
    func scoped(_ body: (inout DERWriter) -> Void) -> Self {
        var draft = self
        draft.extensions?.append(listExtension("2.5.29.28", critical: true, der { $0.sequence(body) }))
        return draft
    }

    /// The same with the key identifier of a CA.
    func identified(_ keyIdentifier: [UInt8]) -> Self {
        var draft = self
        let value = der { writer in writer.sequence { $0.octetString(keyIdentifier, tag: .context(0)) } }
        draft.extensions?.append(listExtension("2.5.29.35", value))
        return draft
    }

    /// The DER, signed by a CA's key.
    func signed(by authority: TestAuthority) throws -> [UInt8] {
        let list = der { writer in
            writer.sequence { tbs in
                if let version { tbs.raw(version) }
                tbs.raw(innerAlgorithm)
                tbs.raw(issuer ?? authority.certificate.subject.der)
                tbs.raw(thisUpdate)
                if let nextUpdate { tbs.raw(nextUpdate) }
                if let rawEntries {
                    tbs.raw(rawEntries)
                } else if !entries.isEmpty {
                    tbs.sequence { sequence in
                        for entry in entries {
                            sequence.sequence {
                                $0.element(.integer, entry.serial)
                                $0.time(entry.date)
                                if !entry.extensions.isEmpty {
                                    $0.element(.sequence, entry.extensions.flatMap(\.self))
                                }
                            }
                        }
                    }
                }
                if let extensions {
                    tbs.constructed(.contextConstructed(0)) { $0.element(.sequence, extensions.flatMap(\.self)) }
                }
            }
        }
        let signature = try authority.key.sign(list.span, algorithm: .ecdsa(.sha256))
        return der { writer in
            writer.sequence {
                $0.raw(list)
                $0.raw(outerAlgorithm)
                $0.bitString(signature)
            }
        } + trailer
    }

    func list(by authority: TestAuthority) throws -> CertificateRevocationList {
        try CertificateRevocationList(der: signed(by: authority))
    }

    func verified(by authority: TestAuthority) throws -> VerifiedRevocationList {
        try list(by: authority).verified(by: authority.certificate)
    }
}

/// A generator whose run can be told again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

extension RevocationIndex {
    /// What the index says of a serial, given as an array.
    func record(_ serial: [UInt8]) -> Record? {
        record(of: serial.span)
    }
}
