/// The values of one moment, of one worker or of several added up, to be shown as Prometheus text.
///
/// Each worker fills one from its counters and hands it over in a message; whoever answers the monitoring system merges
/// them. Samples of one family and the same labels are one sample.
public struct MetricsSnapshot: Sendable {
    /// The media type of the text: Prometheus text format 0.0.4.
    public static var mediaType: StaticString { "text/plain; version=0.0.4; charset=utf-8" }

    enum Value: Sendable {
        case number(Double)
        case count(UInt64)
        case histogram(Histogram)
    }

    struct Family: Sendable {
        let description: MetricFamily
        var samples: [(labels: [MetricLabel], value: Value)] = []
        var positions: [[MetricLabel]: Int] = [:]
    }

    private(set) var families: [Family] = []
    private var positions: [String: Int] = [:]

    /// A snapshot without values.
    public init() {}

    /// Adds a count.
    public mutating func add(_ counter: Counter, to family: MetricFamily, _ labels: MetricLabel...) {
        add(.count(counter.value), to: family, labels)
    }

    /// Adds a level.
    public mutating func add(_ gauge: Gauge, to family: MetricFamily, _ labels: MetricLabel...) {
        add(.number(Double(gauge.value)), to: family, labels)
    }

    /// Adds any number, such as a time in seconds or an age.
    public mutating func add(_ number: Double, to family: MetricFamily, _ labels: MetricLabel...) {
        add(.number(number), to: family, labels)
    }

    /// Adds durations.
    public mutating func add(_ histogram: Histogram, to family: MetricFamily, _ labels: MetricLabel...) {
        add(.histogram(histogram), to: family, labels)
    }

    /// Adds a table of counts, each with its label's text; what has no counter of its own has the text `other`.
    public mutating func add<Label>(
        _ table: CounterTable<Label>, to family: MetricFamily, label name: String, _ text: (Label) -> String
    ) {
        for (label, counter) in table.counters {
            add(.count(counter.value), to: family, [MetricLabel(name, text(label))])
        }
        if table.others.value > 0 { add(.count(table.others.value), to: family, [MetricLabel(name, "other")]) }
    }

    /// Adds all values of another snapshot.
    public mutating func merge(_ other: MetricsSnapshot) {
        for family in other.families {
            for sample in family.samples { add(sample.value, to: family.description, sample.labels) }
        }
    }

    private mutating func add(_ value: Value, to description: MetricFamily, _ labels: [MetricLabel]) {
        let position: Int
        if let known = positions[description.name] {
            position = known
        } else {
            position = families.count
            positions[description.name] = position
            families.append(Family(description: description))
        }
        if let sample = families[position].positions[labels] {
            families[position].samples[sample].value.combine(with: value, as: families[position].description.kind)
        } else {
            families[position].positions[labels] = families[position].samples.count
            families[position].samples.append((labels, value))
        }
    }
}

extension MetricsSnapshot.Value {
    var number: Double {
        switch self {
        case .number(let number): number
        case .count(let count): Double(count)
        case .histogram(let histogram): Double(histogram.count)
        }
    }

    mutating func combine(with other: MetricsSnapshot.Value, as kind: MetricFamily.Kind) {
        switch (self, other) {
        case (.count(let one), .count(let two)) where kind != .maximum:
            self = .count(one &+ two)
        case (.histogram(var sum), .histogram(let addend)):
            sum += addend
            self = .histogram(sum)
        default:
            self = .number(kind == .maximum ? max(number, other.number) : number + other.number)
        }
    }
}
