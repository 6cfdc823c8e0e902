/// A whole configuration: parsed, bounded, checked against itself, and immutable.
///
/// What it names (files, hosts, users) was not looked at: that is the work of who uses it.
public struct GatewayConfiguration: Hashable, Sendable {
    /// How many worker threads serve.
    public enum Workers: Hashable, Sendable {
        /// One for each core.
        case automatic
        /// That many.
        case count(Int)
    }

    /// `reload_on_change`: which files mean a reload when they change.
    public enum ReloadOnChange: String, Hashable, Sendable, CaseIterable {
        /// None: only who asks for a reload gets one.
        case off
        /// Certificates, keys, trust and lists of callers; the configuration in force stays.
        case files
        /// These, and the configuration itself.
        case all
    }

    /// Path of the file it was read from.
    public let file: String

    /// `workers`.
    public let workers: Workers

    /// `user`: dropped to after binding when started as root; `nil` keeps the user.
    public let user: String?

    /// `state_directory`: last good CRLs and ticket keys.
    public let stateDirectory: FileReference

    /// `trust`: who may call, by name, in the order of the file.
    public let trusts: [TrustConfiguration]

    /// `listeners`: at least one.
    public let listeners: [ListenerConfiguration]

    /// `upstreams`: by name, in the order of the file.
    public let upstreams: [UpstreamConfiguration]

    /// `token_issuers`: by name, in the order of the file.
    public let tokenIssuers: [TokenIssuerConfiguration]

    /// `signed_identity`; `nil` signs none.
    public let signedIdentity: SignedIdentityConfiguration?

    /// `admin.address`; `nil` serves no admin endpoint.
    public let admin: AdminConfiguration?

    /// `logging`.
    public let logging: LoggingConfiguration

    /// `tracing`.
    public let tracing: TracingConfiguration

    /// `expiry_warning`: how long before its end a certificate or CRL counts as ending soon.
    public let expiryWarning: Duration

    /// `expiry_header`: the response field that tells callers when their certificate ends, if that is soon; `nil` for none.
    public let expiryHeader: String?

    /// `expiry_webhook`: who is told of what ends; `nil` for nobody.
    public let expiryWebhook: ExpiryWebhookConfiguration?

    /// `drain_timeout`: how long exchanges in flight may take to end at shutdown.
    public let drainTimeout: Duration

    /// `reload_on_change`: which files mean a reload when they change.
    public let reloadOnChange: ReloadOnChange

    /// `buffer_memory`: bytes that buffers of all connections may hold together; `nil` for no limit.
    public let bufferMemory: Int?

    /// `problem_type_base`: what the `type` of a problem document begins with.
    public let problemTypeBase: String

    /// `hardening`: what the process forbids itself.
    public let hardening: HardeningConfiguration

    /// What is allowed but should be known; for the log at start and for `poterne check`.
    public let warnings: [Diagnostic]

    /// The trust of that name.
    ///
    /// Names in a configuration were checked: `nil` only for a name from elsewhere.
    public func trust(named name: String) -> TrustConfiguration? { trusts.first { $0.name == name } }

    /// The upstream of that name.
    ///
    /// Names in a configuration were checked: `nil` only for a name from elsewhere.
    public func upstream(named name: String) -> UpstreamConfiguration? { upstreams.first { $0.name == name } }
}

/// `admin`: the operator's endpoint.
public struct AdminConfiguration: Hashable, Sendable {
    /// Where it listens.
    public let address: Endpoint

    /// `hosts`: names by which it may be asked, lower-cased, beside addresses and names without a dot.
    public let hosts: [String]

    /// Where `address` is written.
    public let location: SourceLocation
}

/// `expiry_webhook`: where notices of what ends are sent.
public struct ExpiryWebhookConfiguration: Hashable, Sendable {
    /// `url`: an `http:` or `https:` URL.
    public let url: String

    /// `ca`: the CAs to trust instead of the system's.
    public let authorities: FileReference?
}
