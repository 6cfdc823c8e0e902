/// The bounds of this module.
enum Limits {
    /// Bytes that the largest record carries: RFC 8446 §5.1.
    static let record = 16 * 1024

    /// Bytes that OpenSSL reads at once of a stream of full records: three, with what encloses them.
    ///
    /// Below 64 KiB, from which on glibc tidies its heap up at each `free`.
    static let bulkRead = 50 * 1024

    /// Certificates that a peer may present.
    ///
    /// The longest useful path has four; each costs OpenSSL about 0.3 ms to decode.
    static let presentedCertificates = 10

    /// Bytes of the peer's `Certificate` message, for a path of certificates of the largest size in use.
    ///
    /// OpenSSL decodes all that it holds, keys included, before anybody can count them: 373 small certificates, which fit
    /// into its own default of 100 KiB, took 63 ms of a stranger's handshake, against 0.4 ms without (OpenSSL 3.0.22).
    static let presentedBytes = 16 * 1024

    /// Attributes of a name, and extensions, of a certificate that a peer presents.
    ///
    /// OpenSSL takes some twenty times the bytes of a certificate that is full of small ones, for as long as the connection
    /// or its session lives; those in use have up to eight and a dozen.
    static let presentedParts = 32

    /// Sessions that a client may offer in one handshake; those in use offer one or two.
    static let offeredSessions = 4

    /// Certificates beside the leaf with which a session is kept in memory; with more it gets a ticket, which has the
    /// leaf alone.
    static let keptCertificates = 3

    /// Bytes a delegate may put into a ticket.
    ///
    /// The client sends them back in its first flight, and the whole ticket, which holds the client's certificate
    /// too, must stay below 64 KiB (RFC 5077 §4, RFC 8446 §4.6.1).
    static let ticketData = 4 * 1024

    /// Bytes of a server's name: RFC 1035 §2.3.4.
    static let serverName = 255

    /// Bytes of a session id context: `SSL_MAX_SID_CTX_LENGTH`.
    static let sessionIDContext = 32

    /// Bytes of an application protocol's name: RFC 7301 §3.1.
    static let applicationProtocol = 255
}
