/// The bounds of what this module reads.
public enum Limits {
    /// The most bytes of a private key or of a PKCS#12 container: an RSA-16384 key is under 16 KiB, a container with its
    /// chain under 32 KiB; anything larger is another file.
    public static let keyFileSize = 1 << 20
    /// How deep a PKCS#12 SafeContents may nest in another, against recursion without end.
    static let safeContentsDepth = 4
    /// How many bytes are handed to a digest at once, so that no length leaves the range of any provider's arithmetic.
    static let digestChunk = 1 << 20
    /// The largest RSA modulus, in bits, whose signatures are verified: the cost grows with the cube (CVE-2023-29409).
    public static let rsaModulusBits = 8_192
    /// The largest public exponent of RSA, in bits: the cost grows with it.
    ///
    /// Nearly every key has 65537. Nine CAs of a stranger's making with exponents of 3072 bits cost 144 ms a handshake.
    public static let rsaExponentBits = 64
}
