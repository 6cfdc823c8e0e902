/// What is measured: the name, the sentence and the type under which a monitoring system knows it.
public struct MetricFamily: Hashable, Sendable {
    /// How values of several workers become one.
    public enum Kind: Hashable, Sendable {
        /// Only grows; workers' counts are added.
        case counter
        /// A level; workers' levels are added.
        case gauge
        /// A level of which the highest counts, such as an age.
        case maximum
        /// Durations; buckets are added.
        case histogram
    }

    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`; anything else is written as `_`.
    public let name: String
    /// What it measures and in which unit.
    public let help: String
    /// How values add up, and the type that is shown.
    public let kind: Kind

    /// Describes a family; a counter's name ends in `_total`, a histogram's in `_seconds`.
    public init(_ name: String, _ kind: Kind, help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }
}

/// What tells the samples of one family apart.
public struct MetricLabel: Hashable, Sendable {
    /// `[a-zA-Z_][a-zA-Z0-9_]*`; anything else is written as `_`.
    public let name: String
    /// Any text.
    public let value: String

    /// A label.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
