/// Why a certificate was revoked: `CRLReason` of RFC 5280 §5.3.1.
public enum RevocationReason: UInt8, CaseIterable, Sendable {
    /// No reason is given, which is also what an absent reasonCode means.
    case unspecified = 0
    /// The subject's private key is known or suspected to be compromised.
    case keyCompromise = 1
    /// The private key of a CA is known or suspected to be compromised.
    case cACompromise = 2
    /// The subject's name or other facts have changed.
    case affiliationChanged = 3
    /// Another certificate has taken its place.
    case superseded = 4
    /// The certificate is no longer needed.
    case cessationOfOperation = 5
    /// Suspended: the only reason that can be taken back.
    case certificateHold = 6
    /// In a delta: no longer revoked.
    case removeFromCRL = 8
    /// A privilege in the certificate was withdrawn.
    case privilegeWithdrawn = 9
    /// The key of an attribute authority is known or suspected to be compromised.
    case aACompromise = 10
}

extension RevocationReason: CustomStringConvertible {
    /// The name of RFC 5280.
    public var description: String {
        switch self {
        case .unspecified: "unspecified"
        case .keyCompromise: "keyCompromise"
        case .cACompromise: "cACompromise"
        case .affiliationChanged: "affiliationChanged"
        case .superseded: "superseded"
        case .cessationOfOperation: "cessationOfOperation"
        case .certificateHold: "certificateHold"
        case .removeFromCRL: "removeFromCRL"
        case .privilegeWithdrawn: "privilegeWithdrawn"
        case .aACompromise: "aACompromise"
        }
    }
}
