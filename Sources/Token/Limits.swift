/// The bounds of what this module reads; all of it comes from callers, or from servers on the network.
public enum Limits {
    /// Bytes of a token: an access token with a few hundred roles has 8 KiB, and most servers' heads end there; with the
    /// name of its field it has to stay under the 16 KiB of a field line, so that it is this bound that refuses it.
    public static let token = 12 * 1024

    /// Values and depth of a token's header or claims; claims nest a few objects deep.
    static let claims = JSONLimits(bytes: token, depth: 8, values: 2_000)

    /// Bytes of a key id: it is compared, never shown; those in use are digests, UUIDs or dates.
    static let keyIdentifier = 256

    /// Bytes of a key set: a hundred keys, with certificates beside them, take 200 KiB.
    public static let keySet = 512 * 1024

    /// Values and depth of a key set.
    static let keySetText = JSONLimits(bytes: keySet, depth: 6, values: 20_000)

    /// Keys used of a set, the first ones: issuers publish two or three of each algorithm.
    static let keys = 64

    /// Keys that a token without a key id is tried with: each costs a signature's verification.
    static let keysTried = 4

    /// The smallest RSA modulus in bits (RFC 7518 §3.3, and the RGS annex B1 of ANSSI).
    static let rsaModulusBits = 2_048

    /// Bytes of an answer to introspection.
    public static let introspection = 64 * 1024

    /// Values and depth of an answer to introspection.
    static let introspectionText = JSONLimits(bytes: introspection, depth: 8, values: 2_000)
}
