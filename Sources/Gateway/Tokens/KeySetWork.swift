internal import EventLoop
internal import Fetching
internal import Glibc
internal import Revocation
internal import Token

/// What became of a look at an issuer's keys.
enum KeySetEvent: Sendable {
    /// These keys are in use from now on.
    case taken(count: Int, unusable: [String])
    /// They could not be had, or are none; the last good ones stay.
    case failed(String)
}

/// What the thread of key sets does; it belongs to that thread.
final class KeySetWork {
    private struct Entry {
        let source: KeySetSource
        var refreshSeconds: Int64
        var files: Revocation.WatchedFiles?
        var validators: Validators?
        /// What was last taken, so that the same is not taken again.
        var latest: [UInt8]?
        /// When it is asked next; nil while it is being asked.
        var next: MonotonicTime?
        var began: MonotonicTime?
        var failures = 0
    }

    private var entries: [Int: Entry] = [:]
    private var nextTag = 0
    /// Nil when libcurl cannot be had: files still serve.
    private let fetcher = try? Fetcher()
    private var random = SystemRandomNumberGenerator()
    private let publish: (KeySetSource, KeySet) -> Void
    private let tell: (KeySetSource, KeySetEvent) -> Void

    init(
        publish: @escaping (KeySetSource, KeySet) -> Void, tell: @escaping (KeySetSource, KeySetEvent) -> Void
    ) {
        self.publish = publish
        self.tell = tell
    }

    /// Keeps these from now on.
    func adopt(_ orders: [KeySetOrder]) {
        // What a source that is gone still brings has no entry any more, and is dropped.
        entries = entries.filter { entry in orders.contains { $0.source == entry.value.source } }
        let now = MonotonicTime.now()
        for order in orders {
            if let (tag, known) = entries.first(where: { $0.value.source == order.source }) {
                entries[tag]?.refreshSeconds = order.refreshSeconds
                // Whoever wants to ask more often does not wait for the end of the longer time.
                if let next = known.next { entries[tag]?.next = min(next, now + .seconds(order.refreshSeconds)) }
                continue
            }
            var entry = Entry(source: order.source, refreshSeconds: order.refreshSeconds, next: now)
            if case .file(let path) = order.source {
                entry.files = Revocation.WatchedFiles(paths: [path], limit: Token.Limits.keySet)
            }
            entries[nextTag] = entry
            nextTag += 1
        }
    }

    /// Makes a source due, unless it has been asked a moment ago.
    func hasten(_ source: KeySetSource) {
        for (tag, entry) in entries where entry.source == source && entry.next != nil {
            guard case .url = source, let began = entry.began else { continue }
            entries[tag]?.next = min(entry.next ?? began, began + Limits.keyFetchInterval)
        }
    }

    /// Does what is due; says how many milliseconds there is nothing to do.
    func advance() -> Int64 {
        let now = MonotonicTime.now()
        for (tag, entry) in entries { if let next = entry.next, next <= now { begin(tag, at: now) } }
        for (tag, outcome) in fetcher?.advance() ?? [] { end(tag, outcome) }
        let wakes = entries.values.compactMap(\.next).min()
        guard let wakes else { return 60_000 }
        let left = wakes.nanoseconds(since: .now()) / 1_000_000
        return Int64(clamping: min(left, 59_000)) + 1
    }

    /// Waits for what `advance` said, or for the descriptor.
    func wait(orFor descriptor: Int32, milliseconds: Int64) {
        if let fetcher {
            fetcher.wait(orFor: descriptor, milliseconds: Int32(clamping: milliseconds))
        } else {
            var wake = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wake, 1, Int32(clamping: milliseconds))
        }
    }

    private func begin(_ tag: Int, at now: MonotonicTime) {
        guard let entry = entries[tag] else { return }
        entries[tag]?.began = now
        switch entry.source {
        case .file:
            look(tag)
            entries[tag]?.next = now + Limits.keyFileInterval
        case .url(let url, let authorities):
            entries[tag]?.next = nil
            let request = FetchRequest(
                document: url, authorities: authorities, timeoutSeconds: Limits.keyFetchSeconds,
                limit: Token.Limits.keySet, validators: entry.validators)
            do throws(FetchError) {
                guard let fetcher else { throw .unavailable }
                try fetcher.start(request, tag: tag)
            } catch {
                failed(tag, error.description)
            }
        }
    }

    private func look(_ tag: Int) {
        var found: [Revocation.WatchedFiles.Finding] = []
        entries[tag]?.files?.look { found.append($0) }
        for finding in found {
            switch finding {
            case .contents(_, let bytes): take(bytes, tag)
            case .unreadable(_, let error):
                if let source = entries[tag]?.source { tell(source, .failed("\(error)")) }
            }
        }
    }

    private func end(_ tag: Int, _ outcome: FetchOutcome) {
        guard let entry = entries[tag] else { return }
        switch outcome {
        case .failed(let error): failed(tag, error.description)
        case .notModified: schedule(tag)
        case .body(let bytes, let validators):
            guard take(bytes, tag) else { return failed(tag, nil) }
            entries[tag]?.validators = validators.isEmpty ? entry.validators : validators
            schedule(tag)
        }
    }

    /// Whether the bytes are keys.
    @discardableResult
    private func take(_ bytes: [UInt8], _ tag: Int) -> Bool {
        guard let entry = entries[tag] else { return false }
        if entry.latest == bytes { return true }
        do throws(KeySet.Malformed) {
            let set = try KeySet(bytes.span)
            entries[tag]?.latest = bytes
            publish(entry.source, set)
            tell(entry.source, .taken(count: set.count, unusable: set.unusable.map { "key \($0.index): \($0.reason)" }))
            return true
        } catch {
            tell(entry.source, .failed(error.description))
            return false
        }
    }

    private func schedule(_ tag: Int) {
        guard let entry = entries[tag], case .url = entry.source else { return }
        entries[tag]?.failures = 0
        // Up to a tenth sooner, so that a cluster does not ask in chorus.
        let milliseconds = entry.refreshSeconds * 1000
        entries[tag]?.next = .now() + .milliseconds(milliseconds - .random(in: 0...(milliseconds / 10), using: &random))
    }

    /// Tries again: soon at first, at the latest when it would have been asked anyway.
    private func failed(_ tag: Int, _ reason: String?) {
        guard let entry = entries[tag], case .url = entry.source else { return }
        if let reason { tell(entry.source, .failed(reason)) }
        let patience = Duration.seconds(min(entry.refreshSeconds, 2 << Int64(min(entry.failures, 6))))
        entries[tag]?.failures += 1
        entries[tag]?.next = .now() + patience
    }
}
