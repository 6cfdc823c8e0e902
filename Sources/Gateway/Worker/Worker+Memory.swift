// The worker's share of `buffer_memory`: what blocks lent to connections may come to.

extension Worker {
    /// Whether so much is lent that nothing new should begin: an eighth is left for what has begun.
    var isShortOfMemory: Bool {
        guard let share = epoch.bufferShare else { return false }
        return blocks.lentBytes > share - share / 8
    }

    /// Cuts the newest connections at work until no more is lent than may be.
    func shed() {
        guard let share = epoch.bufferShare, blocks.lentBytes > share else { return }
        let atWork = connections.all.compactMap { $0 as? DownstreamConnection }.filter { connection in
            !connection.isEnding && connection.holdsMemory
        }
        for victim in atWork.sorted(by: { $0.number > $1.number }).prefix(Limits.shedAtOnce) {
            guard blocks.lentBytes > share else { return }
            journal.limitReached("overloaded", on: victim)
            victim.cancel()
        }
    }
}
