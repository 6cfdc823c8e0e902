/// What holds for a key that is not written: the one place of every default.
enum Defaults {
    // MARK: The process
    static let workers = GatewayConfiguration.Workers.automatic
    static let stateDirectory = "/var/lib/poterne"
    static let expiryWarning = Duration.seconds(30 * 86_400)
    static let bufferMemory = 1 << 30
    static let drainTimeout = Duration.seconds(30)
    static let landlock = HardeningConfiguration.Landlock.auto
    static let seccomp = false
    static let reloadOnChange = GatewayConfiguration.ReloadOnChange.files
    /// A name and no address: where the manual of refusals is published is for the operator to say.
    static let problemTypeBase = "urn:poterne:refusal:"

    // MARK: `trust.path` and `trust.revocation`
    static let maxDepth = 4
    static let absentExtendedKeyUsage = TrustConfiguration.Path.AbsentExtendedKeyUsage.refuse
    static let check = RevocationConfiguration.Check.path
    static let refresh = Duration.seconds(3600)
    static let stale = RevocationConfiguration.Stale.refuse
    static let grace = Duration.seconds(4 * 3600)
    static let fetchTimeout = Duration.seconds(20)
    static let crlSize = 128 * 1024 * 1024

    // MARK: `token_issuers` and `signed_identity`
    static let keyRefresh = Duration.seconds(600)
    static let clockSkew = Duration.seconds(30)
    static let introspectionCache = Duration.seconds(60)
    static let introspectionTimeout = Duration.seconds(3)
    static let signedIdentityLifetime = Duration.seconds(60)
    static let signedIdentityHeader = "X-Poterne-Identity"

    // MARK: `listeners`
    static let maxConnections = 10_000
    static let minVersion = ListenerTLSConfiguration.Version.tls12
    static let profile = ListenerTLSConfiguration.Profile.anssi
    static let handshakeTimeout = Duration.seconds(10)
    static let ticketsEnabled = true
    static let ticketLifetime = Duration.seconds(3600)
    static let sessionsInMemory = 2_048
    static let mode = ClientCertificateConfiguration.Mode.required
    static let onRefusal = ClientCertificateConfiguration.Refusal.alert
    static let cutOnRevocation = true
    static let cutOnExpiry = true
    /// Under an IGC-Santé trust; a generic one has only `ANY`.
    static let accept = AcceptedKinds.kinds([.orgAuthCli])

    // MARK: `listeners.http`
    static let protocols = [HTTPConfiguration.Version.http1]
    static let maxHeaderSize = 32 * 1024
    static let maxHeaders = 100
    static let maxBodySize = 20 * 1024 * 1024
    static let headerTimeout = Duration.seconds(10)
    static let bodyTimeout = Duration.seconds(60)
    static let minRate = 100
    static let keepaliveTimeout = Duration.seconds(75)
    static let maxRequestsPerConnection = 10_000
    static let maxConcurrentStreams = 128

    // MARK: `routes`
    static let path = "/"
    static let routeTimeout = Duration.seconds(60)
    static let respondStatus = 200
    static let redirectStatus = 307
    static let rateLimitKey = RateLimitConfiguration.Key.structure

    // MARK: `upstreams`
    static let weight = 1
    static let upstreamVersion = HTTPConfiguration.Version.http1
    static let balance = UpstreamConfiguration.Balance.roundRobin
    static let keepalive = 64
    static let upstreamMaxConnections = 256
    static let connectTimeout = Duration.seconds(3)
    static let readTimeout = Duration.seconds(60)
    static let retryAttempts = 1
    static let retryConditions: Set<RetryConfiguration.Condition> = [.connectError, .resetBeforeResponse]
    static let retryMethods = ["GET", "HEAD", "OPTIONS"]
    static let healthInterval = Duration.seconds(5)
    static let healthTimeout = Duration.seconds(2)
    static let healthy = 2
    static let unhealthy = 3
    static let healthStatuses = [200]
    static let consecutiveFailures = 5
    static let ejection = Duration.seconds(30)

    // MARK: `tracing`
    /// A caller's trace is worth having; how much is recorded is ours to say.
    static let tracedCallers = TracingConfiguration.Callers.continue
    static let serviceName = "poterne"
    static let exportTimeout = Duration.seconds(10)
    /// A hundredth: enough to see where time goes, little enough for any gateway.
    static let sampledMillionths = 10_000

    // MARK: `logging`
    static let level = LoggingConfiguration.Level.info
    static let facility = LoggingConfiguration.Facility.daemon
    static let identifier = "poterne"
    static let syslogSocket = "/dev/log"
    static let journalSocket = "/run/systemd/journal/socket"
    static let accessDestination = LoggingConfiguration.Destination.standardOutput
    static let accessFormat = LoggingConfiguration.Access.Format.json
    /// Some hundred times what a busy gateway decides of one reason in a second, and a disk full in a day at the worst.
    static let auditRate = 1000
    static let auditDestination = LoggingConfiguration.Destination.standardOutput
}
