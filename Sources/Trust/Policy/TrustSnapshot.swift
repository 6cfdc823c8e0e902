public import Crypto
internal import DER
public import X509

/// Everything that is trusted at one moment, for one trust: immutable, shared by all threads, replaced whole.
public final class TrustSnapshot: Sendable {
    /// A digest of all that decides who passes, the same on every node that is configured alike: tickets and TLS
    /// session-id contexts are bound to it.
    public let fingerprint: SHA256Digest
    /// The name listeners refer to.
    public let name: String
    /// Which PKI.
    public let environment: TrustEnvironment
    /// The CAs every path must end in.
    public let anchors: [Certificate]
    /// The only CAs that may issue callers; empty for any CA below an anchor.
    public let issuers: [Certificate]
    /// More CAs that paths may go through.
    public let intermediates: [Certificate]
    /// The inputs of path validation.
    public let path: PathPolicy
    /// Whose revocation is looked up.
    public let revocation: RevocationCheck

    /// The CAs above with their keys decoded once, in the order in which they are tried.
    let pinned: [Authority]

    /// Takes what is configured.
    ///
    /// - Throws: `TrustError` for what could not decide safely.
    public init(_ settings: TrustSettings) throws(TrustError) {
        let trust = settings.name
        guard !settings.anchors.isEmpty else {
            throw settings.issuers.isEmpty ? .noAnchor(trust: trust) : .issuersWithoutAnchor(trust: trust)
        }
        guard settings.environment == .generic || !settings.requiresIssuers || !settings.issuers.isEmpty else {
            throw .noIssuer(trust: trust)
        }
        guard (0...Limits.maxDepth).contains(settings.path.maxDepth) else {
            throw .depthOutOfRange(trust: trust, limit: Limits.maxDepth)
        }
        // In another PKI path validation tells, when it comes to it: roots of version 1 cannot say that they are CAs.
        if settings.environment != .generic {
            for certificate in settings.anchors + settings.issuers
            where certificate.basicConstraints?.isAuthority != true {
                throw .notAuthority(trust: trust, subject: certificate.subject.rfc2253)
            }
        }

        name = settings.name
        environment = settings.environment
        anchors = settings.anchors
        issuers = settings.issuers
        intermediates = settings.intermediates
        path = settings.path
        revocation = settings.revocation
        fingerprint = TrustSnapshot.fingerprint(of: settings)

        let anchorSet = Set(settings.anchors)
        let issuerSet = Set(settings.issuers)
        var seen: Set<Certificate> = []
        pinned = (settings.anchors + settings.issuers + settings.intermediates).compactMap { certificate in
            guard seen.insert(certificate).inserted else { return nil }
            return Authority(
                certificate, isAnchor: anchorSet.contains(certificate), mayIssueCallers: issuerSet.contains(certificate)
            )
        }
    }

    /// Whether any CA below an anchor may issue callers.
    var admitsAnyIssuer: Bool { issuers.isEmpty }

    private static func fingerprint(of settings: TrustSettings) -> SHA256Digest {
        var writer = DERWriter()
        writer.sequence { fields in
            fields.utf8String(settings.environment.rawValue)
            fields.utf8String(settings.revocation.rawValue)
            for certificates in [settings.anchors, settings.issuers, settings.intermediates] {
                // The order of files changes nothing, so it changes no fingerprint.
                let digests = Set(certificates.map { $0.thumbprint.hex }).sorted()
                fields.sequence { list in
                    for digest in digests { list.utf8String(digest) }
                }
            }
            let path = settings.path
            fields.utf8String(path.purpose.rawValue)
            fields.utf8String(path.absentExtendedKeyUsage.rawValue)
            fields.utf8String(
                "\(path.maxDepth) \(path.requiresExplicitPolicy) \(path.inhibitsPolicyMapping) "
                    + "\(path.inhibitsAnyPolicy) \(path.strength.rsaBits) \(path.strength.admitsSHA1)")
            fields.sequence { list in
                for policy in path.policies.map(\.dotted).sorted() { list.utf8String(policy) }
            }
        }
        return SHA256.digest(of: writer.bytes.span)
    }
}
