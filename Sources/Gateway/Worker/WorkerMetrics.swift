/// What one worker counts, on its own thread.
struct WorkerMetrics: Sendable {
    var accepts: UInt64 = 0
    var acceptsPutOff: UInt64 = 0
}

/// How things stand in one worker.
struct WorkerReport: Sendable {
    let worker: Int
    let metrics: WorkerMetrics
    let connections: Int
}
