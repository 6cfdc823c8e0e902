public import DER

/// A policy under which a certificate was issued (RFC 5280 §4.2.1.4).
public struct PolicyInformation: Hashable, Sendable {
    /// The policy.
    public let identifier: ObjectIdentifier
    /// Where its certification practice statements are.
    public let practiceStatements: [String]

    init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = element.children
        identifier = try fields.next(.objectIdentifier, in: bytes).objectIdentifier(in: bytes)
        var statements: [String] = []
        if let list = try fields.optional(.sequence, in: bytes) {
            var count = 0
            var cursor = list.children
            repeat {
                var qualifier = try cursor.next(.sequence, in: bytes).children
                count += 1
                guard count <= Certificate.Limits.maxPolicyQualifiers else {
                    throw .tooManyElements(at: qualifier.position)
                }
                let kind = try qualifier.next(.objectIdentifier, in: bytes).objectIdentifier(in: bytes)
                let value = try qualifier.next(in: bytes)
                try qualifier.expectEnd()
                if kind == .cpsQualifier,
                    case .text(let uri) = DirectoryString.decode(value.bytes(in: bytes), as: value.tag)
                {
                    statements.append(uri)
                }
            } while !cursor.isAtEnd
        }
        try fields.expectEnd()
        practiceStatements = statements
    }

    /// Reads CertificatePolicies, in which no policy stands twice.
    ///
    /// - Throws: `DERError` when they are not, or are more than `Certificate.Limits.maxPolicies`.
    static func list(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) -> [PolicyInformation] {
        var policies: [PolicyInformation] = []
        var cursor = try element.expecting(.sequence).children
        repeat {
            let next = try cursor.next(.sequence, in: bytes)
            guard policies.count < Certificate.Limits.maxPolicies else {
                throw .tooManyElements(at: next.whole.lowerBound)
            }
            let policy = try PolicyInformation(reading: next, in: bytes)
            guard !policies.contains(where: { $0.identifier == policy.identifier }) else {
                throw .repeated(at: next.whole.lowerBound)
            }
            policies.append(policy)
        } while !cursor.isAtEnd
        return policies
    }
}

/// One pair of policies that a CA holds for equivalent (RFC 5280 §4.2.1.5).
public struct PolicyMapping: Hashable, Sendable {
    /// The policy in the domain of the CA that issued the certificate.
    public let issuerDomain: ObjectIdentifier
    /// The policy in the domain of the CA whose certificate it is.
    public let subjectDomain: ObjectIdentifier

    static func list(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) -> [PolicyMapping] {
        var mappings: [PolicyMapping] = []
        var cursor = try element.expecting(.sequence).children
        repeat {
            var pair = try cursor.next(.sequence, in: bytes).children
            guard mappings.count < Certificate.Limits.maxPolicyMappings else {
                throw .tooManyElements(at: pair.position)
            }
            let issuerDomain = try pair.next(.objectIdentifier, in: bytes).objectIdentifier(in: bytes)
            let subjectDomain = try pair.next(.objectIdentifier, in: bytes).objectIdentifier(in: bytes)
            try pair.expectEnd()
            mappings.append(PolicyMapping(issuerDomain: issuerDomain, subjectDomain: subjectDomain))
        } while !cursor.isAtEnd
        return mappings
    }
}

/// Demands on the policies of the certificates below a CA (RFC 5280 §4.2.1.11).
public struct PolicyConstraints: Hashable, Sendable {
    /// After how many more certificates an acceptable policy is required.
    public let requireExplicitPolicy: Int?
    /// After how many more certificates policies are no longer mapped.
    public let inhibitPolicyMapping: Int?

    init(reading element: DERElement, in bytes: Span<UInt8>) throws(DERError) {
        var fields = try element.expecting(.sequence).children
        requireExplicitPolicy = try fields.optional(.context(0), in: bytes)?.smallInteger(in: bytes)
        inhibitPolicyMapping = try fields.optional(.context(1), in: bytes)?.smallInteger(in: bytes)
        try fields.expectEnd()
        // §4.2.1.11: "Conforming CAs MUST NOT issue certificates where policy constraints is an empty sequence."
        guard requireExplicitPolicy != nil || inhibitPolicyMapping != nil else {
            throw .missing(.context(0), at: fields.position)
        }
    }
}
