import DER

@testable import X509

/// A certificate to be, every field of which a test may spoil; nobody signs it, for the reader checks no signature.
struct CertificateDraft {
    var version: [UInt8]? = der { $0.constructed(.contextConstructed(0)) { $0.integer(2) } }
    var serial = der { $0.integer(magnitude: [0x7A, 0x0A, 0x32]) }
    var innerAlgorithm = sha256WithRSA
    var issuer = name([("2.5.4.6", .printableString, "FR"), ("2.5.4.3", .utf8String, "Autorité d'essai")])
    var validity = der { writer in
        writer.sequence {
            $0.time(Timestamp(secondsSinceEpoch: 1_700_000_000))
            $0.time(Timestamp(secondsSinceEpoch: 1_800_000_000))
        }
    }
    var subject = name([("2.5.4.6", .printableString, "FR"), ("2.5.4.3", .utf8String, "Essai")])
    var keyInfo = der { writer in
        writer.sequence {
            $0.sequence {
                $0.objectIdentifier("1.2.840.113549.1.1.1")
                $0.null()
            }
            $0.bitString([0x30, 0x03, 0x02, 0x01, 0x03])
        }
    }
    var uniqueIdentifiers: [UInt8] = []
    var extensions: [[UInt8]]? = [CertificateDraft.extension(.basicConstraints, der { $0.sequence { _ in } })]
    var outerAlgorithm = sha256WithRSA
    var signature = der { $0.bitString([UInt8](repeating: 0x5A, count: 256)) }
    var trailer: [UInt8] = []

    var bytes: [UInt8] {
        der { certificate in
            certificate.sequence {
                $0.sequence { tbs in
                    if let version { tbs.raw(version) }
                    tbs.raw(serial)
                    tbs.raw(innerAlgorithm)
                    tbs.raw(issuer)
                    tbs.raw(validity)
                    tbs.raw(subject)
                    tbs.raw(keyInfo)
                    tbs.raw(uniqueIdentifiers)
                    if let extensions {
                        tbs.constructed(.contextConstructed(3)) { $0.sequence { $0.raw(extensions.flatMap(\.self)) } }
                    }
                }
                $0.raw(outerAlgorithm)
                $0.raw(signature)
                $0.raw(trailer)
            }
        }
    }

    func read() throws(CertificateError) -> Certificate {
        try Certificate(der: bytes)
    }

    /// The error that reading ends in; nil when it succeeds.
    var refusal: CertificateError? {
        do throws(CertificateError) {
            _ = try read()
            return nil
        } catch {
            return error
        }
    }

    /// A draft with one more extension, whose value a closure writes.
    static func with(
        _ identifier: ObjectIdentifier, critical: Bool = false, _ value: (inout DERWriter) -> Void
    ) -> CertificateDraft {
        var draft = CertificateDraft()
        draft.extensions = [Self.extension(identifier, critical: critical, der(value))]
        return draft
    }

    static func `extension`(_ identifier: ObjectIdentifier, critical: Bool = false, _ value: [UInt8]) -> [UInt8] {
        der { writer in
            writer.sequence {
                $0.objectIdentifier(identifier)
                if critical { $0.boolean(true) }
                $0.octetString(value)
            }
        }
    }

    static let sha256WithRSA = algorithm("1.2.840.113549.1.1.11")

    static func algorithm(_ identifier: ObjectIdentifier) -> [UInt8] {
        der { writer in
            writer.sequence {
                $0.objectIdentifier(identifier)
                $0.null()
            }
        }
    }

    /// A name with one attribute in each RDN.
    static func name(_ attributes: [(ObjectIdentifier, DERTag, String)]) -> [UInt8] {
        der { writer in
            writer.sequence { names in
                for (type, tag, value) in attributes {
                    names.set { $0.raw(attribute(type, tag, Array(value.utf8))) }
                }
            }
        }
    }

    static func attribute(_ type: ObjectIdentifier, _ tag: DERTag, _ value: [UInt8]) -> [UInt8] {
        der { writer in
            writer.sequence {
                $0.objectIdentifier(type)
                $0.element(tag, value)
            }
        }
    }
}

/// What a closure writes.
func der(_ body: (inout DERWriter) -> Void) -> [UInt8] {
    var writer = DERWriter()
    body(&writer)
    return writer.bytes
}

/// Numbers that are the same at every run: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
