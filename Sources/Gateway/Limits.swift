/// The gateway's own bounds that no configuration key sets, each with what it answers.
enum Limits {
    /// Connections accepted in one turn of the loop: a flood of connections may not starve those that are open.
    static let acceptBatch = 64

    /// Wait after `EMFILE` before accepting again: the descriptors come back as connections end.
    static let acceptBackOff: Duration = .milliseconds(100)

    /// A trusted proxy's PROXY header has to be whole by then; proxies send it with the first packet.
    static let proxyHeaderTimeout: Duration = .seconds(5)

    /// Bytes of a PROXY header behind its fixed part: addresses and what proxies add, certificates at the largest.
    static let proxyHeader = 4096

    /// Bytes of the PROXY header sent to an upstream, behind its fixed part: receivers read it into one small buffer.
    static let callerIntroduction = 4096 - 16

    /// After a fatal alert or an early answer the connection is read and dropped for this long, since closing with
    /// unread bytes sends a reset that destroys the alert on its way (RFC 9112 §9.6).
    static let lingerTimeout: Duration = .seconds(2)

    /// Bytes read and dropped while lingering.
    static let lingerBytes = 1024 * 1024

    /// Above this many bytes waiting towards one peer, its source is no longer read.
    static let highWater = 128 * 1024

    /// Below this many bytes waiting, the source is read again.
    static let lowWater = 32 * 1024

    /// Most that the first read of a message brings: a TLS record (RFC 8446 §5.1), which nearly every message fits in.
    static let readSize = 16 * 1024

    /// Most that a read brings once a read was filled: four records, which the kernel takes as one segment on its way out.
    static let bulkReadSize = 64 * 1024

    /// Reads of one connection in one turn of the loop, so that one fast peer does not starve the others.
    static let readsPerTurn = 8

    /// Informational responses relayed for one exchange; a flood of 1xx is an upstream's fault.
    static let informationalResponses = 16

    /// Bytes of a body that was answered early, read and dropped so that the connection can serve on.
    static let drainedBody: UInt64 = 64 * 1024

    /// What is written at once instead of being queued: a copy costs more than a system call from about here.
    static let directWrite = 8 * 1024

    /// Bytes of a request id that a caller may choose; longer ones would fill the logs.
    static let requestIdentifier = 64

    /// Between two ticket keys of this process's own; with three generations a ticket outlives its key's turn by as much.
    static let ticketKeyRotation: Duration = .seconds(12 * 3600)

    /// Between two looks whether a shared file of ticket keys has changed.
    static let ticketKeyRefresh: Duration = .seconds(5)

    /// Between two looks at the files of enrolment lists: a look is one `stat`.
    static let enrolmentRefresh: Duration = .seconds(1)

    /// So many spare blocks freed at once are worth the millisecond that it takes to give their pages back to the kernel.
    static let shedBlocks = 8

    /// Between two reports of a worker to the operator's endpoint.
    static let reportInterval: Duration = .milliseconds(500)

    /// What a session of HTTP/2 composes at once: two TLS records, so that a stream that becomes ready need not wait
    /// behind much of another.
    static let multiplexedWrite = 32 * 1024

    /// Compositions of one connection in one turn of the loop, so that one fast peer does not starve the others.
    static let fillsPerTurn = 16

    /// How often the deadlines of a connection's streams are looked at: a timer for each would cost more than it tells.
    static let multiplexedTick: Duration = .seconds(1)

    /// Streams' memory that an idle connection of HTTP/2 keeps for the next ones; one at work keeps as much as it had in
    /// use.
    static let spareStreams = 4

    /// Places of one `rate_limit`'s table, 4 MiB when all are in use: more callers than a gateway sees in the seconds
    /// that a bucket takes to fill again.
    static let rateLimitPlaces = 1 << 18

    /// Places of a table of what is in hand, 512 KiB when all are in use: more than a process has descriptors for, so
    /// that no place is ever wanting.
    static let concurrencyPlaces = 1 << 16

    /// Connections cut in one go when buffers hold more than they may: what they held is free then, and is looked at anew.
    static let shedAtOnce = 64

    /// Exchanges that wait for an upstream connection, per worker and upstream.
    static let pendingExchanges = 1024

    /// Exchanges that wait for each connection there may be: the last of more would not be served in time.
    static let pendingPerConnection = 16

    /// An operator who was told that a server fails is told again after this long, however often it fails and works
    /// meanwhile: one line a minute is seen, a line per request hides the others.
    static let faultSilence: Duration = .seconds(60)

    /// A server that comes back is given its whole share after this long: its caches and pools are cold.
    static let slowStart: Duration = .seconds(20)

    /// Percent of its share that it begins with.
    static let slowStartShare = 10

    /// Addresses used of one name; a longer answer is a mistake, or an attack on the resolver.
    static let addressesOfName = 16

    /// Between two look-ups of the names of upstreams: getaddrinfo does not tell how long an answer holds, and most
    /// cluster and cloud names are given out for 5 to 60 seconds.
    static let nameRefresh: Duration = .seconds(15)

    /// Bytes of a probe's answer that are looked at: its head, which no health page has reason to fill.
    static let probeAnswer = 16 * 1024

    /// Between two looks whether a certificate, a key or another file that the configuration names has changed.
    static let fileLook: Duration = .milliseconds(500)

    /// Looks in a row that must find the same before a change counts: a chain and its key are two files, and whoever
    /// renews them writes one after the other.
    static let quietLooks = 2

    /// Visitors of the control socket at a time: commands of the operator.
    static let controlVisitors = 16

    /// Bytes of a request on the control socket: one word.
    static let controlRequest = 64

    /// Bytes of an answer: less than what a Unix socket takes at once.
    static let controlAnswer = 64 * 1024

    /// A visitor has to have said what it wants by then.
    static let controlRequestTimeout: Duration = .seconds(5)

    /// Milliseconds that a command waits for its answer: a reload may have to resolve names that nobody knows, and an
    /// upgrade waits for the new process.
    static let controlPatience: Int32 = 180_000

    /// Bytes of an answer to `poterne ready`: a line for each CA.
    static let readinessAnswer = 64 * 1024

    /// Milliseconds that `poterne ready` waits for each step: the thread that answers never does anything long.
    static let readinessPatience: Int32 = 5_000

    /// Descriptors taken over from who started the process: listeners times workers, and a few.
    static let inheritedSockets: Int32 = 16_384

    /// A new process has to serve by then: it reads CRLs of tens of megabytes first.
    static let upgradePatience: Duration = .seconds(120)

    /// So long a new process waits for the keys of token issuers before it takes over.
    ///
    /// One fetch, and one more that is answered quickly; an issuer that is out of reach must not keep an upgrade from happening.
    static let upgradeKeyPatience: Duration = .seconds(15)

    /// Looks, 10 ms apart, for the end of a new process that has given up.
    static let successorLooks = 50

    /// The share of `drain_timeout` for which a process that was replaced keeps idle connections open: their next request
    /// is answered, and told that it was the last one, where closing at once could cross it on its way.
    static let softDrainShare = 2

    /// Seconds by which the wall clock may drift between two looks, a second apart, without having been set.
    static let clockJitter: Int64 = 2

    /// A loop that has not turned for this long is stalled: the operator is told.
    static let stalledLoop: Duration = .seconds(5)

    /// Bytes of the operator's log that wait for their thread: what is said while a gateway starts, many times over.
    static let operatorLane = 256 * 1024

    /// Routes whose requests are counted apart: 25 series and more for each, of every gateway; the others are counted together.
    static let measuredRoutes = 256

    /// Structures whose requests are counted apart, the first ones to call, with six series for each; the others are counted
    /// together.
    static let measuredStructures = 128

    /// Callers whose certificates are shown as metrics, those that end first: a monitoring system keeps a series for each.
    static let soonestCallers = 20

    /// Of these, those of one address: who comes each time with another certificate leaves places to others.
    static let recentRefusalsOfAddress = 8
}
