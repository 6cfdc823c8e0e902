public import DER
public import X509

/// The CRLs in use and their sources as they stand, for `poterne crl status` and the admin endpoint.
public struct RevocationReport: Sendable {
    /// The CRLs of one CA within one scope.
    public struct Lists: Sendable {
        /// The CA.
        public let authority: Certificate
        /// The base; nil while there is none.
        public let base: RevocationListFacts?
        /// Where the base came from.
        public let baseOrigin: RevocationOrigin
        /// The delta over it.
        public let delta: RevocationListFacts?
        /// A delta that waits for its base.
        public let waitingDelta: RevocationListFacts?
        /// Where the delta came from.
        public let deltaOrigin: RevocationOrigin
        /// Octets of memory that the index takes.
        public let indexSize: Int
    }

    /// One configured source.
    public struct Source: Sendable {
        /// The CA.
        public let authority: Certificate
        /// Whether it is one of deltas.
        public let isDelta: Bool
        /// Where it is.
        public let source: RevocationSource
        /// When it was last asked.
        public var lastAttempt: Timestamp?
        /// When it last served a CRL that was taken, or confirmed it.
        public var lastSuccess: Timestamp?
        /// What went wrong last time; nil when nothing did.
        public var failure: SourceError?
        /// When the next round of this CRL's sources begins; nil while one is under way.
        public var nextAttempt: Timestamp?
    }

    /// The snapshot that the workers have.
    public internal(set) var epoch: UInt64 = 0
    /// Of each CA and scope.
    public internal(set) var lists: [Lists] = []
    /// All of them, in configured order.
    public internal(set) var sources: [Source] = []
    /// How the sources stood by the word of whoever last kept the state directory; read when what is at hand is loaded.
    public internal(set) var records: [SourceRecord] = []

    init() {}
}
