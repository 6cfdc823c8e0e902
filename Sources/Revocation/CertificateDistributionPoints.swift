internal import DER
internal import X509

/// Where a certificate says its CRLs are, as far as that is compared with what a CRL says of itself.
///
/// These are its cRLDistributionPoints (RFC 5280 §4.2.1.13). They are never fetched.
struct CertificateDistributionPoints: Hashable, Sendable {
    private struct Point: Hashable, Sendable {
        let names: DistributionPointNames
        let reasons: RevocationReasons
    }

    private var points: [Point] = []

    /// None that is known.
    init() {}

    /// Those of a certificate without the extension: its issuer's name, for every reason (§6.3.3, last paragraph).
    init(issuer: [UInt8]) {
        points = [Point(names: DistributionPointNames(directoryName: issuer), reasons: .all)]
    }

    /// Reads the value of the extension, `CRLDistributionPoints`.
    init(_ value: Range<Int>, issuer: [UInt8], in bytes: Span<UInt8>) throws(CRLError) {
        // A CRL for the CA's own directory entry serves every certificate of the CA.
        self.init(issuer: issuer)
        var outer = DERCursor(value)
        var sequence = try outer.take(.sequence, in: bytes).children
        try outer.requireEnd()
        while !sequence.isAtEnd {
            guard points.count < RevocationLimits.distributionPointNames else {
                throw .tooManyExtensions(limit: RevocationLimits.distributionPointNames)
            }
            var fields = try sequence.take(.sequence, in: bytes).children
            let name = try fields.takeOptional(.contextConstructed(0), in: bytes)
            var reasons = RevocationReasons.all
            if let some = try fields.takeOptional(.context(1), in: bytes) {
                reasons = try some.value { element throws(DERError) in
                    try RevocationReasons(reading: element, in: bytes)
                }
            }
            let otherIssuer = try fields.takeOptional(.contextConstructed(2), in: bytes)
            try fields.requireEnd()
            // A point with a cRLIssuer is served by indirect CRLs, which are refused.
            guard let name, otherIssuer == nil else { continue }
            points.append(
                Point(names: try DistributionPointNames(name, relativeTo: issuer, in: bytes), reasons: reasons))
        }
    }

    /// The reasons of the points that have a name in common with a CRL's.
    func reasons(sharing names: DistributionPointNames) -> RevocationReasons {
        var reasons: RevocationReasons = []
        for point in points where point.names.share(aNameWith: names) {
            reasons.formUnion(point.reasons)
        }
        return reasons
    }
}

extension CertificateDistributionPoints {
    /// Those of a certificate.
    ///
    /// One whose extension cannot be read is left with its issuer's name alone: CRLs of other
    /// distribution points then do not speak of it, and it is refused for want of one that does.
    init(of certificate: Certificate, issuer: [UInt8]) {
        let der = certificate.der
        let bytes = der.span
        guard let value = certificate.extensions.first(where: { $0.identifier == .crlDistributionPoints })?.value,
            let points = try? CertificateDistributionPoints(value, issuer: issuer, in: bytes)
        else {
            self.init(issuer: issuer)
            return
        }
        self = points
    }
}
