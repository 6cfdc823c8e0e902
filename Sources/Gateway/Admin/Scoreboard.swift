internal import EventLoop
internal import Observability
internal import Synchronization

/// How things stand in one worker, as it last said.
struct WorkerReport: Sendable {
    let metrics: WorkerMetrics
    let connections: Int
    /// Callers' connections, by listener.
    var listeners: [(name: String, connections: Int)] = []
    var upstreams: [UpstreamReport] = []
    /// Bytes of buffers that are lent.
    var buffers = 0
    let cache: CacheTotals
    var standing = WorkerStanding()
    /// How late the loop was for this report.
    var lag: Duration = .zero
    /// When it was given.
    var moment = MonotonicTime.now()
}

/// What became of looks into a worker's verification caches.
struct CacheTotals: Sendable {
    var hits: UInt64 = 0
    var misses: UInt64 = 0
    var evictions: UInt64 = 0
    var entries = 0
    var bytes = 0
}

/// Where workers put their reports, twice a second, for whoever asks: nobody waits for a worker.
final class Scoreboard: Sendable {
    private let reports = Mutex<[Int: WorkerReport]>([:])

    func put(_ report: WorkerReport, of worker: Int) {
        reports.withLock { $0[worker] = report }
    }

    var all: [(worker: Int, report: WorkerReport)] {
        reports.withLock { $0.sorted { $0.key < $1.key }.map { (worker: $0.key, report: $0.value) } }
    }
}
