internal import Crypto
internal import EventLoop
internal import Trust

/// The callers that one worker has admitted since it last told of them; at most once an hour for each.
///
/// Belongs to the worker: no lock, and nothing allocated for a caller that was told of.
struct CallerNotes {
    private var told: [SHA256Digest: MonotonicTime] = [:]
    private var waiting: [CallerNote] = []

    /// Takes a caller that was just admitted.
    mutating func note(_ peer: VerifiedPeer, under trust: TrustSnapshot?, at now: MonotonicTime) {
        if let last = told[peer.thumbprint], now - last < Limits.callerNoteInterval { return }
        // Who finds no room comes again, with its next handshake.
        guard waiting.count < Limits.callerNotes else { return }
        if told.count >= Limits.seenCallers { told.removeAll(keepingCapacity: true) }
        told[peer.thumbprint] = now
        waiting.append(CallerNote(peer: peer, trust: trust?.name ?? ""))
    }

    /// What there is to tell.
    mutating func take() -> [CallerNote] {
        guard !waiting.isEmpty else { return [] }
        defer { waiting.removeAll(keepingCapacity: true) }
        return waiting
    }
}
