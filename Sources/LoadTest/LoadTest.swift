public import EventLoop
internal import Glibc

/// A load test: threads of mutual-TLS callers against one server.
public final class LoadTest {
    private let plan: LoadPlan
    private let callers: CallerSet

    /// What is told every second while it runs.
    public struct Progress: Sendable {
        /// Seconds since the start.
        public var seconds: Double
        /// Attempts so far.
        public var attempts: Int
        /// Those that did not come to what their role should.
        public var unexpected: Int
        /// Connections that are open.
        public var open: Int
        /// Clients that are ready, while they are still being made so.
        public var ready: Int?
    }

    /// A test of a plan with these callers.
    public init(_ plan: LoadPlan, callers: CallerSet) {
        self.plan = plan
        self.callers = callers
    }

    /// Runs the test on threads of its own, and directs them on the calling one until it is over.
    ///
    /// - Parameters:
    ///   - stopSignals: those that end it early, with what there is; they must be blocked.
    ///   - progress: called every second.
    /// - Returns: what came of it.
    /// - Throws: why it could not be run.
    public func run(
        stopSignals: [Signal] = [], progress: @escaping (Progress) -> Void = { _ in }
    ) throws(LoadError) -> LoadReport {
        Self.allowManyDescriptors()
        let director = try LoadDirector(plan, callers, progress: progress)
        return try director.run(stopSignals: stopSignals)
    }

    /// Each connection is a descriptor, and shells allow 1024.
    private static func allowManyDescriptors() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        // Where it is refused, opening connections will say so.
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
