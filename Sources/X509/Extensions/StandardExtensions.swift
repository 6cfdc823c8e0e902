import DER

/// The values of the extensions that RFC 5280 defines; nil or empty for those a certificate does not have.
struct StandardExtensions: Sendable {
    var basicConstraints: BasicConstraints?
    var keyUsage: KeyUsage?
    var extendedKeyUsage: [ObjectIdentifier]?
    var policies: [PolicyInformation]?
    var policyMappings: [PolicyMapping] = []
    var policyConstraints: PolicyConstraints?
    var inhibitAnyPolicy: Int?
    var nameConstraints: NameConstraints?
    var subjectKeyIdentifier: [UInt8]?
    var authorityKeyIdentifier: AuthorityKeyIdentifier?
    var subjectAlternativeNames: [GeneralName]?
    var issuerAlternativeNames: [GeneralName] = []
    var distributionPoints: [DistributionPoint] = []
    var freshestDistributionPoints: [DistributionPoint] = []
    var authorityInformationAccess: [AccessDescription] = []
    var unhandledCritical: [ObjectIdentifier] = []

    /// Reads the values of all the extensions; a malformed value is refused even where nothing would use it.
    init(reading extensions: [CertificateExtension], in bytes: Span<UInt8>) throws(CertificateError) {
        for one in extensions {
            do throws(DERError) {
                try read(one, in: bytes)
            } catch {
                throw .invalidExtension(one.identifier, error)
            }
        }
    }

    private mutating func read(_ one: CertificateExtension, in bytes: Span<UInt8>) throws(DERError) {
        if one.isCritical && !StandardExtensions.mayBeCritical.contains(one.identifier) {
            unhandledCritical.append(one.identifier)
        }
        guard StandardExtensions.known.contains(one.identifier) else { return }
        var cursor = DERCursor(one.value)
        let value = try cursor.next(in: bytes)
        try cursor.expectEnd()

        switch one.identifier {
        case .basicConstraints: basicConstraints = try BasicConstraints(reading: value, in: bytes)
        case .keyUsage: keyUsage = try KeyUsage(reading: value, in: bytes)
        case .extendedKeyUsage: extendedKeyUsage = try StandardExtensions.purposes(value, in: bytes)
        case .certificatePolicies: policies = try PolicyInformation.list(reading: value, in: bytes)
        case .policyMappings: policyMappings = try PolicyMapping.list(reading: value, in: bytes)
        case .policyConstraints: policyConstraints = try PolicyConstraints(reading: value, in: bytes)
        case .inhibitAnyPolicy: inhibitAnyPolicy = try value.expecting(.integer).smallInteger(in: bytes)
        case .nameConstraints: nameConstraints = try NameConstraints(reading: value, in: bytes)
        case .subjectKeyIdentifier: subjectKeyIdentifier = try value.expecting(.octetString).bytes(in: bytes)
        case .authorityKeyIdentifier:
            authorityKeyIdentifier = try AuthorityKeyIdentifier(reading: value, in: bytes)
        case .subjectAlternativeName:
            subjectAlternativeNames = try GeneralName.list(reading: value.expecting(.sequence), in: bytes)
        case .issuerAlternativeName:
            issuerAlternativeNames = try GeneralName.list(reading: value.expecting(.sequence), in: bytes)
        case .crlDistributionPoints: distributionPoints = try DistributionPoint.list(reading: value, in: bytes)
        case .freshestCRL: freshestDistributionPoints = try DistributionPoint.list(reading: value, in: bytes)
        case .authorityInformationAccess:
            authorityInformationAccess = try AccessDescription.list(reading: value, in: bytes)
        default: break
        }
    }

    private static func purposes(
        _ value: DERElement, in bytes: Span<UInt8>
    ) throws(DERError) -> [ObjectIdentifier] {
        var purposes: [ObjectIdentifier] = []
        var cursor = try value.expecting(.sequence).children
        repeat {
            let next = try cursor.next(.objectIdentifier, in: bytes)
            guard purposes.count < Certificate.Limits.maxKeyPurposes else {
                throw .tooManyElements(at: next.whole.lowerBound)
            }
            purposes.append(try next.objectIdentifier(in: bytes))
        } while !cursor.isAtEnd
        return purposes
    }

    /// The extensions whose demands path validation meets, so that a critical one does not make it refuse.
    ///
    /// The others that are known here must be non-critical by RFC 5280; a critical one demands something unknown.
    private static let mayBeCritical: Set<ObjectIdentifier> = [
        .basicConstraints, .keyUsage, .extendedKeyUsage, .certificatePolicies, .policyMappings, .policyConstraints,
        .inhibitAnyPolicy, .nameConstraints, .subjectAlternativeName, .crlDistributionPoints,
    ]

    private static let known = mayBeCritical.union([
        .subjectKeyIdentifier, .authorityKeyIdentifier, .issuerAlternativeName, .freshestCRL,
        .authorityInformationAccess,
    ])
}
