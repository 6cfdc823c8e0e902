public import X509

/// What an operator trusts, as configured and read from files: the ingredients of a `TrustSnapshot`.
public struct TrustSettings: Sendable {
    /// The name listeners refer to.
    public var name: String
    /// Which PKI.
    public var environment: TrustEnvironment
    /// The CAs every path must end in.
    public var anchors: [Certificate]
    /// The only CAs that may issue callers; empty, under a generic environment only, for any CA below an anchor.
    public var issuers: [Certificate]
    /// More CAs that paths may go through: hints, as if the caller had sent them.
    public var intermediates: [Certificate]
    /// Whether an IGC-Santé trust must name issuers, as a gateway's does; without, the kinds alone keep professionals out.
    public var requiresIssuers = true
    /// The inputs of path validation.
    public var path: PathPolicy
    /// Whose revocation is looked up.
    public var revocation: RevocationCheck

    /// Gathers the ingredients.
    public init(
        name: String, environment: TrustEnvironment, anchors: [Certificate], issuers: [Certificate] = [],
        intermediates: [Certificate] = [], path: PathPolicy = PathPolicy(), revocation: RevocationCheck = .path
    ) {
        self.name = name
        self.environment = environment
        self.anchors = anchors
        self.issuers = issuers
        self.intermediates = intermediates
        self.path = path
        self.revocation = revocation
    }
}

/// Why nothing can be trusted as configured.
public enum TrustError: Error, Hashable, Sendable {
    /// There is no anchor.
    case noAnchor(trust: String)
    /// There are issuers only: the path above them could not be checked, nor who revoked them.
    case issuersWithoutAnchor(trust: String)
    /// An IGC-Santé trust names no issuer, so professionals' certificates would pass as well.
    case noIssuer(trust: String)
    /// A certificate given as anchor or issuer is no CA's.
    case notAuthority(trust: String, subject: String)
    /// More levels than are ever checked.
    case depthOutOfRange(trust: String, limit: Int)
}

extension TrustError: CustomStringConvertible {
    /// One sentence for the operator.
    public var description: String {
        switch self {
        case .noAnchor(let trust): "trust \(trust): `anchors` names no certificate; give the root CA's"
        case .issuersWithoutAnchor(let trust):
            "trust \(trust): `issuers` alone is not enough: without the root in `anchors` neither the path above the "
                + "issuer nor its revocation can be checked; add the root CA that issued it"
        case .noIssuer(let trust):
            "trust \(trust): `issuers` names no certificate; under the roots of IGC-Santé professionals' certificates "
                + "would pass too, so name the CA that may issue callers, AC IGC-SANTE ELEMENTAIRE ORGANISATIONS mostly"
        case .notAuthority(let trust, let subject):
            "trust \(trust): \(subject) is not a CA certificate, and cannot be an anchor or an issuer"
        case .depthOutOfRange(let trust, let limit): "trust \(trust): `max_depth` must be between 0 and \(limit)"
        }
    }
}
