/// A count that only grows.
///
/// Belongs to one worker: no lock, no atomic.
public struct Counter: Hashable, Sendable {
    /// The count since the start.
    public var value: UInt64

    /// A counter at zero, or at what another system counted.
    @inlinable
    public init(_ value: UInt64 = 0) {
        self.value = value
    }

    /// Counts `amount` more.
    @inlinable
    public mutating func increment(by amount: UInt64 = 1) {
        // Wrapping: 584 years at one per nanosecond.
        value &+= amount
    }

    /// Adds another worker's count.
    public static func += (sum: inout Counter, other: Counter) {
        sum.increment(by: other.value)
    }
}

/// A level that goes up and down.
///
/// Belongs to one worker: no lock, no atomic.
public struct Gauge: Hashable, Sendable {
    /// The level now.
    public var value: Int64

    /// A gauge at `value`.
    @inlinable
    public init(_ value: Int64 = 0) {
        self.value = value
    }

    /// Raises the level.
    @inlinable
    public mutating func increment(by amount: Int64 = 1) {
        value &+= amount
    }

    /// Lowers the level.
    @inlinable
    public mutating func decrement(by amount: Int64 = 1) {
        value &-= amount
    }

    /// Adds another worker's level.
    public static func += (sum: inout Gauge, other: Gauge) {
        sum.value &+= other.value
    }
}

/// Counters told apart by a label that the world chooses, such as a structure's identifier: bounded.
///
/// The first labels to come have their own counter, all others share one: a caller cannot make the table, or the
/// monitoring system that reads it, grow without end.
public struct CounterTable<Label: Hashable & Sendable>: Sendable {
    /// The counters of the labels that have their own.
    public private(set) var counters: [Label: Counter] = [:]
    /// What was counted for all other labels.
    public private(set) var others = Counter()
    private let limit: Int

    /// An empty table for at most `limit` labels.
    public init(limit: Int = ObservabilityLimits.labels) {
        self.limit = limit
    }

    /// Counts `amount` more for `label`.
    public mutating func increment(_ label: Label, by amount: UInt64 = 1) {
        if counters[label]?.increment(by: amount) != nil { return }
        if counters.count < limit {
            counters[label] = Counter(amount)
        } else {
            others.increment(by: amount)
        }
    }

    /// Adds another worker's counts, within this table's bound.
    public static func += (sum: inout CounterTable, other: CounterTable) {
        for (label, counter) in other.counters { sum.increment(label, by: counter.value) }
        sum.others += other.others
    }
}
