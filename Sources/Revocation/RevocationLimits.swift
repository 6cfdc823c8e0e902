/// The bounds of this module, each with its reason.
public enum RevocationLimits {
    /// Bytes of one CRL, as DER: some three and a half million entries.
    ///
    /// What is larger is refused before it is read.
    public static let revocationListSize = 128 << 20

    /// Content octets of a serial number.
    ///
    /// RFC 5280 §4.1.2.2 allows 20, with one more for the sign; some CAs go further.
    static let serialOctets = 32

    /// Octets of a cRLNumber or BaseCRLNumber: RFC 5280 §5.2.3.
    static let numberOctets = 20

    /// Extensions of a CRL or of an entry: those of RFC 5280 and room for private ones.
    static let extensions = 32

    /// Names in a distribution point, and distribution points in a certificate: what a path check may be made to do.
    static let distributionPointNames = 64

    /// CRLs of different scopes that one CA may have at once: partitions by distribution point.
    static let scopesPerAuthority = 256

    /// CRLs in one PEM file or LDAP answer.
    static let listsPerFile = 1024

    /// Files looked at in one watched folder.
    static let filesPerFolder = 4096

    /// How far ahead of our clock a CRL's thisUpdate may be, in seconds: clocks differ.
    static let clockSkew: Int64 = 300

    /// Bytes of the file that says how the sources stand: some hundred bytes for each of a few sources.
    static let recordsSize = 1 << 20

    /// Bytes of CRLs in use that may wait in memory to be written to disk; above that they are written at once.
    static let unkeptSize = 64 << 20

    /// Between two looks at watched files: soon enough for who copies a file and waits, cheap enough for a thousand files.
    static let filePollMilliseconds: Int64 = 1_000

    /// The thread looks at the clock this often, so that expiry is noticed and a clock that was set is too.
    static let longestSleepMilliseconds: Int64 = 30_000
}
