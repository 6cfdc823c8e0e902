public import DER

/// The inputs of path validation besides certificates (RFC 5280 §6.1.1), and the bounds of a path.
public struct PathPolicy: Hashable, Sendable {
    /// For what a leaf is to be used: what its extendedKeyUsage, and those of the CAs above, must allow.
    public enum Purpose: String, Hashable, Sendable, CaseIterable {
        /// Authenticating a TLS client.
        case client
        /// Authenticating a TLS server.
        case server
        /// Whatever it is for.
        case any
    }

    /// What to do with a leaf that has no extendedKeyUsage, when the purpose is a particular one.
    public enum AbsentExtendedKeyUsage: String, Hashable, Sendable, CaseIterable {
        /// It is not for this purpose.
        case refuse
        /// It is for every purpose (RFC 5280 §4.2.1.12).
        case admit
    }

    /// The purpose.
    public var purpose = Purpose.client
    /// What an absent extendedKeyUsage means.
    public var absentExtendedKeyUsage = AbsentExtendedKeyUsage.refuse
    /// Intermediates between the leaf and the anchor, neither of them counted.
    public var maxDepth = 4
    /// user-initial-policy-set; empty for any-policy.
    public var policies: Set<ObjectIdentifier> = []
    /// initial-explicit-policy.
    public var requiresExplicitPolicy = false
    /// initial-policy-mapping-inhibit.
    public var inhibitsPolicyMapping = false
    /// initial-any-policy-inhibit.
    public var inhibitsAnyPolicy = false
    /// The algorithms and key sizes that are held for safe.
    public var strength = StrengthFloor()
    /// What one verification may cost.
    public var budget = Budget()

    /// What the gateway uses when nothing is configured.
    public init() {}
}

/// The least that keys and signatures of a path must have.
///
/// The anchor's own signature proves nothing and is not looked at.
public struct StrengthFloor: Hashable, Sendable {
    /// Bits of an RSA modulus: below 2048, factoring is within reach of states, and RGS and ANSSI forbid it.
    public var rsaBits = 2_048
    /// Whether SHA-1 signatures are taken; collisions have been made since 2017.
    public var admitsSHA1 = false

    /// The floor of the gateway.
    public init() {}
}
