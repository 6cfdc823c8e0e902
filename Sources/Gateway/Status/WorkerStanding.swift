/// What a worker says of itself beside its counts: whose callers are connected, and whom it refused lately.
struct WorkerStanding: Sendable {
    var structures = ConnectedStructures()
    var refusals = RecentRefusals()
}
