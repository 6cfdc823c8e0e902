// Bounds of what an operator is shown.

extension Limits {
    /// Structures whose connections are counted apart, per worker: more than have certificates of one region, and the
    /// table is copied twice a second.
    static let countedStructures = 1000

    /// Structures with the most connections that an operator is shown.
    static let shownStructures = 20

    /// Refusals kept per worker, and shown: those of the last minutes of a bad night, each kind once.
    static let recentRefusals = 32

    /// Samples of the counts, one a second: a minute.
    static let trafficSamples = 60

    /// Percent of a minute's requests answered with 5xx from which an operator is called, and how few do not matter.
    static let alarmingErrors: UInt64 = 5
    static let alarmingErrorsFloor: UInt64 = 10

    /// Certificates and CRLs shown of those that are watched for their end, the soonest first.
    static let shownExpiries = 60

    /// Of them, those on the status page; the document has more.
    static let shownExpiriesOfPage = 12

    /// Things to see to that the status page lists; with more of them they have one cause.
    static let shownConcerns = 12

    /// Reasons of one table that the status page lists, the most frequent first.
    static let shownReasons = 8

    /// Characters of one text on the status page: names in certificates may be longer than anybody reads.
    static let shownText = 400

    /// Servers of upstreams shown, so that a service of hundreds does not fill the page.
    static let shownServers = 100

    /// Bytes of an answer to `poterne status`: everything above at its longest is less.
    static let statusAnswer = 4 * 1024 * 1024
}
