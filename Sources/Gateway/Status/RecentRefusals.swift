internal import Observability

/// The last decisions against callers, in one worker: a few, and of those alike one with their number.
///
/// A caller that is refused a thousand times a second takes one place, and does not push others out.
struct RecentRefusals: Sendable {
    /// What was decided, of whom, and how often.
    struct Entry: Sendable {
        let event: AuditEvent
        /// When it was decided last.
        var time: WallTime
        /// How often.
        var count = 1

        /// Whether another decision says nothing that this one does not.
        func isLike(_ other: AuditEvent) -> Bool {
            guard event.decision == other.decision, event.reason == other.reason, event.serial == other.serial,
                event.listener == other.listener, event.route == other.route
            else { return false }
            return event.serial != nil || Self.host(of: event.address) == Self.host(of: other.address)
        }

        /// An address without its port, which is another one at each connection.
        static func host(of address: String?) -> Substring {
            guard let address else { return "" }
            guard !address.hasPrefix("unix:"), let colon = address.utf8.lastIndex(of: UInt8(ascii: ":")) else {
                return address[...]
            }
            return address[..<colon]
        }
    }

    private(set) var entries: [Entry] = []

    /// Takes a decision against a caller.
    mutating func note(_ event: AuditEvent) {
        if let index = entries.firstIndex(where: { $0.isLike(event) }) {
            entries[index].count += 1
            entries[index].time = event.time
            return
        }
        // A stranger names its certificates as it likes, each time another way: what pushes out is then its own.
        let host = Entry.host(of: event.address)
        let own = entries.indices.filter { Entry.host(of: entries[$0].event.address) == host }
        if own.count >= Limits.recentRefusalsOfAddress {
            removeOldest(of: own)
        } else if entries.count >= Limits.recentRefusals {
            removeOldest(of: entries.indices)
        }
        entries.append(Entry(event: event, time: event.time))
    }

    private mutating func removeOldest(of candidates: some Sequence<Int>) {
        let oldest = candidates.min { entries[$0].time < entries[$1].time }
        if let oldest { entries.remove(at: oldest) }
    }

    /// Those of several workers, the newest first.
    static func newest(of all: [RecentRefusals]) -> [Entry] {
        var found: [Entry] = []
        for entry in all.flatMap(\.entries) {
            if let index = found.firstIndex(where: { $0.isLike(entry.event) }) {
                found[index].count += entry.count
                if found[index].time < entry.time { found[index].time = entry.time }
            } else {
                found.append(entry)
            }
        }
        return Array(found.sorted { $1.time < $0.time }.prefix(Limits.recentRefusals))
    }
}

extension WallTime {
    fileprivate static func < (left: WallTime, right: WallTime) -> Bool {
        (left.seconds, left.milliseconds) < (right.seconds, right.milliseconds)
    }
}
