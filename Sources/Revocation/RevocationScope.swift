internal import DER
internal import X509

/// Which certificates and reasons a CRL speaks of: its issuingDistributionPoint (RFC 5280 §5.2.5), or everything.
struct RevocationScope: Hashable, Sendable {
    /// Which certificates of the CA are covered.
    enum Certificates: Hashable, Sendable { case all, users, authorities }

    private(set) var certificates: Certificates = .all
    /// The reasons covered; all of them unless onlySomeReasons says otherwise.
    private(set) var reasons: RevocationReasons = .all
    /// The names of the distribution point; nil when the CRL has none and so serves every one.
    private(set) var names: DistributionPointNames?
    /// The extension as encoded: a delta's and its base's must be the same (§5.2.4).
    ///
    /// Empty when there is none.
    private(set) var encoded: [UInt8] = []

    /// Everything that the CA issued.
    static var everything: RevocationScope { RevocationScope() }

    private init() {}

    /// Reads the value of the extension.
    init(issuingDistributionPoint value: Range<Int>, issuer: [UInt8], in bytes: Span<UInt8>) throws(CRLError) {
        encoded = bytes.copy(of: value)
        var outer = DERCursor(value)
        var fields = try outer.take(.sequence, in: bytes).children
        try outer.requireEnd()
        // §5.2.5: an empty sequence must not be issued.
        guard !fields.isAtEnd else { throw .contradictoryScope }
        if let point = try fields.takeOptional(.contextConstructed(0), in: bytes) {
            names = try DistributionPointNames(point, relativeTo: issuer, in: bytes)
        }
        let onlyUsers = try RevocationScope.flag(1, &fields, in: bytes)
        let onlyAuthorities = try RevocationScope.flag(2, &fields, in: bytes)
        if let some = try fields.takeOptional(.context(3), in: bytes) {
            reasons = try some.value { element throws(DERError) in try RevocationReasons(reading: element, in: bytes) }
        }
        let isIndirect = try RevocationScope.flag(4, &fields, in: bytes)
        let onlyAttributes = try RevocationScope.flag(5, &fields, in: bytes)
        try fields.requireEnd()
        guard !isIndirect else { throw .indirect }
        guard !onlyAttributes else { throw .onlyAttributeCertificates }
        switch (onlyUsers, onlyAuthorities) {
        case (true, true): throw .contradictoryScope
        case (true, false): certificates = .users
        case (false, true): certificates = .authorities
        case (false, false): certificates = .all
        }
    }

    /// The reasons for which this CRL can say whether a certificate is revoked: none when it does not speak of it.
    func reasons(covering subject: borrowing RevocationSubject) -> RevocationReasons {
        switch certificates {
        case .all: break
        case .users: guard !subject.isAuthority else { return [] }
        case .authorities: guard subject.isAuthority else { return [] }
        }
        guard let names else { return reasons }
        // RFC 5280 §6.3.3 (b)(2)(i) and (d): one name in common, and the reasons of both.
        return reasons.intersection(subject.distributionPoints.reasons(sharing: names))
    }

    private static func flag(
        _ number: UInt8, _ fields: inout DERCursor, in bytes: Span<UInt8>
    ) throws(CRLError) -> Bool {
        guard let element = try fields.takeOptional(.context(number), in: bytes) else { return false }
        return try element.value { element throws(DERError) in try element.boolean(in: bytes) }
    }
}
