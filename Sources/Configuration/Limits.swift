/// The bounds of a configuration file, and of the values that may stand in it.
enum Limits {
    // MARK: The file itself

    /// Bytes of the file: a thousand routes take some 300 KiB; more is a wrong file or an attack on the parser.
    static let fileSize = 1024 * 1024

    /// Mappings and sequences inside each other: the deepest key has seven.
    static let nesting = 16

    /// Scalars, sequences and mappings altogether: the walk is bounded whatever the file.
    static let nodes = 200_000

    /// Words that look like aliases, before the file is parsed: mappings with aliased keys can double with each one
    /// ("billion laughs"), and aliases are refused anyway once places are known.
    static let aliasCandidates = 24

    /// Bytes of one value once its variables are in.
    static let scalarSize = 64 * 1024

    /// Duplicate keys looked past in one file, each of which costs another parse.
    static let duplicateKeys = 32

    /// Diagnostics kept: nobody mends more at once.
    static let diagnostics = 200

    /// Entries of one list or mapping of the configuration.
    static let entries = 10_000

    /// Bytes of a name compared for "did you mean".
    static let nameSize = 64

    // MARK: Threads and connections

    /// Worker threads: each costs a stack, an event base and a listening socket.
    static let workers = 1...1024
    /// Connections of a listener or upstream: the kernel's own bound of descriptors (`fs.nr_open`).
    static let connections = 1...1_048_576
    /// Idle upstream connections per worker; 0 closes after each exchange.
    static let keepalive = 0...65_536
    /// Requests on one connection.
    static let requestsPerConnection = 1...1_000_000_000
    /// RFC 9113 §6.5.2 recommends at least 100; below it clients still work.
    static let concurrentStreams = 1...65_536

    /// Bytes of buffers, of the whole process.
    static let bufferMemory = (1 << 20)...(1 << 40)
    /// Bytes per second of the slowest peer.
    static let minRate = 1...(1 << 30)

    // MARK: Messages

    /// Bytes of a request head: RFC 9110 §4.1 asks for URIs of 8,000 octets; above 1 MiB a head is an attack.
    static let headerSize = 1024...(1024 * 1024)
    /// Field lines of a head.
    static let headers = 8...10_000
    /// Bytes of a body, up to a tebibyte.
    static let bodySize = 1...(1 << 40)
    /// Bytes of a fixed answer, which is kept in memory.
    static let respondBody = 64 * 1024
    /// Bytes of a redirection's target, without what placeholders bring.
    static let redirectTarget = 2048
    /// Bytes of a header value that is set.
    static let headerValue = 8 * 1024
    /// Bytes of a path prefix.
    static let path = 1024
    /// Bytes of a pattern of `structures` or `names`: a common name has at most 64 characters (RFC 5280 A.1).
    static let pattern = 256

    // MARK: Trust

    /// Certificates below the anchor; IGC-Santé needs two.
    static let depth = 1...16
    /// Bytes of a CRL: the largest known ones have 40 MB.
    static let crlSize = 1024...(1024 * 1024 * 1024)

    // MARK: Upstreams

    /// Share of a server among its neighbours.
    static let weight = 1...1000
    /// Attempts after the first one.
    static let retries = 0...10
    /// Successes or failures in a row.
    static let consecutive = 1...1000
    /// Tokens of a rate limit.
    static let requests = 1...10_000_000
    /// What is counted at once by key: the count has 16 bits.
    static let counted = 1...65_535

    // MARK: Logs

    /// Events of one reason in a second.
    static let auditRate = 1...1_000_000

    // MARK: Times

    /// How long a collector of spans may take for one request.
    static let exportTimeout = Duration.seconds(1)...(.seconds(60))

    /// A peer's silence: shorter cuts honest peers, longer holds descriptors for dead ones.
    static let peerTimeout = Duration.milliseconds(100)...(.seconds(3600))
    /// A connection kept idle.
    static let idleTimeout = Duration.milliseconds(100)...(.seconds(86_400))
    /// Between two fetches of a CRL: the authority's servers are not ours to flood.
    static let refresh = Duration.seconds(60)...(.seconds(86_400))
    /// How long a stale CRL may be trusted.
    static let grace = Duration.seconds(0)...(.seconds(7 * 86_400))
    /// How long a ticket may stand in for a handshake (RFC 8446 §4.6.1: at most seven days).
    static let ticketLifetime = Duration.seconds(60)...(.seconds(7 * 86_400))
    /// Sessions kept in memory, at some 18 KiB each.
    static let sessionsInMemory = 0...100_000
    /// How long before its end something is warned about.
    static let expiryWarning = Duration.seconds(0)...(.seconds(400 * 86_400))
    /// Between two fetches of a key set: a withdrawn key is trusted for as long.
    static let keyRefresh = Duration.seconds(10)...(.seconds(86_400))
    /// How far an issuer's clock may be off: RFC 7519 §4.1.4 speaks of "no more than a few minutes".
    static let clockSkew = Duration.seconds(0)...(.seconds(300))
    /// How long an answer to introspection may be relied upon: a withdrawn token passes for as long.
    static let introspectionCache = Duration.seconds(1)...(.seconds(3600))
    /// How long a signed identity holds: one that leaks is believed for as long.
    static let signedIdentityLifetime = Duration.seconds(10)...(.seconds(3600))
    /// How long a stopping process may go on.
    static let drain = Duration.seconds(0)...(.seconds(3600))
}
