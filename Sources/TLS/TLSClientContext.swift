internal import COpenSSL

/// What a client's context is made of.
public struct TLSClientSettings: Sendable {
    /// How the server's certificate is verified.
    public enum ServerTrust: Hashable, Sendable {
        /// By a path to one of these DER certificates, which need not be roots, and by the server's name.
        case anchors([[UInt8]])
        /// Not at all. For load generators and tests, which look at what a server does and not at who it is.
        case unverified
    }

    /// How the server's certificate is verified.
    public var trust: ServerTrust
    /// What the client proves itself with, if asked.
    public var identity: TLSIdentity?
    /// The versions spoken.
    public var versions: ClosedRange<TLSVersion>
    /// The algorithms agreed to.
    public var profile: TLSProfile
    /// The application protocols offered, the preferred one first.
    ///
    /// Empty: ALPN is not used.
    public var applicationProtocols: [String]

    /// Settings with the defaults of a client without a certificate.
    public init(
        trust: ServerTrust, identity: TLSIdentity? = nil, versions: ClosedRange<TLSVersion> = .tls12 ... .tls13,
        profile: TLSProfile = .anssi, applicationProtocols: [String] = []
    ) {
        self.trust = trust
        self.identity = identity
        self.versions = versions
        self.profile = profile
        self.applicationProtocols = applicationProtocols
    }
}

/// A client's side of TLS, ready to make any number of connections on any thread.
///
/// Immutable. The corresponding C object is an `SSL_CTX`.
public final class TLSClientContext: Sendable {
    /// What it was made of.
    public let settings: TLSClientSettings
    let handle: ContextHandle
    let isVerifying: Bool

    /// Makes a context of settings.
    /// - Throws: which of the settings cannot be used.
    public init(_ settings: TLSClientSettings) throws(TLSError) {
        // Where OpenSSL verifies a path, the certificates in it may be signed in any way that it knows.
        let handle = unsafe try ContextHandle.make(
            TLS_client_method(), versions: settings.versions, profile: settings.profile,
            library: settings.trust == .unverified ? .serving : .whole)
        self.handle = handle
        self.settings = settings
        let context = unsafe handle.pointer
        switch settings.trust {
        case .anchors(let anchors):
            isVerifying = true
            guard !anchors.isEmpty else { throw .noCertificate }
            let store = unsafe SSL_CTX_get_cert_store(context)
            for (index, der) in anchors.enumerated() {
                try unsafe withX509(der, index: index) { unsafe X509_STORE_add_cert(store, $0) == 1 }
            }
            // RFC 5280 §6.1.1: an anchor is what one chooses to trust, self-signed or not.
            _ = unsafe X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), UInt(X509_V_FLAG_PARTIAL_CHAIN))
            unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        case .unverified:
            isVerifying = false
            unsafe SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
        }
        unsafe try settings.identity?.install(in: context)
        let names = try protocolNameList(settings.applicationProtocols)
        // This one function answers 0 for success.
        guard unsafe names.isEmpty || SSL_CTX_set_alpn_protos(context, names, UInt32(names.count)) == 0 else {
            throw .library(function: "SSL_CTX_set_alpn_protos", code: ErrorQueue.take())
        }
    }

    /// Says which server a connection is to be made with: what is asked for, and what its certificate must say.
    @unsafe
    func aim(_ ssl: OpaquePointer, at serverName: String) throws(TLSError) {
        guard !serverName.utf8.isEmpty, serverName.utf8.count <= Limits.serverName, !serverName.utf8.contains(0) else {
            throw .invalidServerName
        }
        let parameters = unsafe SSL_get0_param(ssl)
        // RFC 9525 §6.3: the common name does not count, and a wildcard is a whole label.
        unsafe X509_VERIFY_PARAM_set_hostflags(
            parameters, UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        // RFC 6066 §3: a literal address is no server name.
        if unsafe X509_VERIFY_PARAM_set1_ip_asc(parameters, serverName) == 1 { return }
        ErrorQueue.clear()
        guard unsafe SSL_set1_host(ssl, serverName) == 1,
            unsafe poterne_SSL_set_tlsext_host_name(ssl, serverName) == 1
        else {
            ErrorQueue.clear()
            throw .invalidServerName
        }
    }
}
