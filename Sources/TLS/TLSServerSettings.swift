/// What a server's context is made of.
public struct TLSServerSettings: Sendable {
    /// Whether clients are asked for a certificate.
    public enum ClientCertificate: Hashable, Sendable {
        /// They must present one that the delegate accepts.
        case required
        /// They may; one that is presented must be accepted by the delegate.
        case optional
        /// They are not asked.
        case none
    }

    /// The server's certificates and key.
    public var identity: TLSIdentity
    /// The lowest version spoken; the highest is TLS 1.3.
    public var minimumVersion: TLSVersion
    /// The algorithms agreed to.
    public var profile: TLSProfile
    /// The application protocols spoken, the preferred one first.
    ///
    /// Empty: ALPN is not answered.
    public var applicationProtocols: [String]
    /// Whether clients are asked for a certificate.
    public var clientCertificate: ClientCertificate
    /// The DER `Name`s of the authorities whose certificates are accepted, sent to clients as a hint which to present.
    public var clientAuthorityNames: [[UInt8]]
    /// 1 to 32 bytes that say which sessions may be resumed here: those that another context's have the same of.
    ///
    /// Whatever decides who is admitted belongs in it, hashed.
    public var sessionIDContext: [UInt8]
    /// The keys of tickets, or nothing for no resumption at all.
    public var tickets: TicketKeyring?
    /// Where sessions are remembered instead of sealed.
    ///
    /// Nothing: all are sealed. Needs ``tickets``.
    public var sessions: SessionStore?
    /// Seconds that a ticket, or a remembered session, is good for.
    public var ticketLifetime: Int

    /// Settings with the defaults of a gateway that requires certificates.
    public init(
        identity: TLSIdentity, minimumVersion: TLSVersion = .tls12, profile: TLSProfile = .anssi,
        applicationProtocols: [String] = [], clientCertificate: ClientCertificate = .required,
        clientAuthorityNames: [[UInt8]] = [], sessionIDContext: [UInt8], tickets: TicketKeyring? = nil,
        sessions: SessionStore? = nil, ticketLifetime: Int = 3600
    ) {
        self.identity = identity
        self.minimumVersion = minimumVersion
        self.profile = profile
        self.applicationProtocols = applicationProtocols
        self.clientCertificate = clientCertificate
        self.clientAuthorityNames = clientAuthorityNames
        self.sessionIDContext = sessionIDContext
        self.tickets = tickets
        self.sessions = sessions
        self.ticketLifetime = ticketLifetime
    }
}
