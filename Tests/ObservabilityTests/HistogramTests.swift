import Observability
import Testing

@Suite("Histogram")
struct HistogramTests {
    @Test("has quantiles at most one bucket too high, never too low", arguments: [1, 3, 7, 10])
    func bounds(precision: Int) {
        var generator = SystemRandomNumberGenerator()
        var histogram = Histogram(precision: precision)
        // Every size alike, from nanoseconds to minutes.
        var values = (0..<5000).map { _ in
            UInt64.random(in: 0...(1 << UInt64.random(in: 0...36, using: &generator)), using: &generator)
        }
        for value in values { histogram.record(nanoseconds: value) }
        values.sort()
        for share in [0.0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
            let rank = max(Int((Double(values.count) * share).rounded(.up)), 1)
            let exact = values[rank - 1]
            let found = histogram.quantile(share)
            #expect(found >= exact)
            #expect(Double(found) <= max(Double(exact) * (1 + 1 / Double(1 << precision)), 1))
        }
        #expect(histogram.count == 5000)
        #expect(histogram.sum == values.reduce(0, +))
        #expect(histogram.maximum == values.last)
    }

    @Test("takes what is longer than any bucket, and nothing at all")
    func extremes() {
        var histogram = Histogram()
        #expect(histogram.quantile(0.99) == 0)
        histogram.record(nanoseconds: 0)
        #expect(histogram.quantile(1) == 0)
        histogram.record(nanoseconds: .max)
        #expect(histogram.quantile(1) == .max)
        #expect(histogram.quantile(0.5) == 1 || histogram.quantile(0.5) == 0)
        #expect(histogram.quantile(.nan) <= .max)
    }

    @Test("adds up to what one alone would have counted")
    func adds() {
        var one = Histogram()
        var two = Histogram()
        var both = Histogram()
        for value in stride(from: UInt64(1), to: 1_000_000_000, by: 997_003) {
            both.record(nanoseconds: value)
            if value % 2 == 0 { one.record(nanoseconds: value) } else { two.record(nanoseconds: value) }
        }
        one += two
        #expect(one == both)
    }

    @Test("adds one of another precision without losing a value or lowering a quantile")
    func addsOther() {
        var coarse = Histogram(precision: 3)
        var fine = Histogram(precision: 7)
        for value in stride(from: UInt64(1), to: 1_000_000_000, by: 997_003) { fine.record(nanoseconds: value) }
        coarse += fine
        #expect(coarse.count == fine.count)
        #expect(coarse.sum == fine.sum)
        for share in [0.5, 0.9, 0.99] { #expect(coarse.quantile(share) >= fine.quantile(share)) }
    }
}

@Suite("Counters")
struct CounterTests {
    @Test("of a table stop at its bound and count the rest together")
    func bounded() {
        var table = CounterTable<String>(limit: 3)
        for label in ["a", "b", "a", "c", "d", "e", "a", "d"] { table.increment(label) }
        #expect(table.counters.mapValues(\.value) == ["a": 3, "b": 1, "c": 1])
        #expect(table.others.value == 3)
        var other = CounterTable<String>(limit: 3)
        for label in ["a", "x", "y", "z"] { other.increment(label) }
        table += other
        #expect(table.counters.count == 3)
        #expect(table.counters["a"]?.value == 4)
        #expect(table.others.value == 6)
    }

    @Test("and gauges add up")
    func add() {
        var counter = Counter()
        counter.increment()
        counter.increment(by: 4)
        counter += Counter(10)
        #expect(counter.value == 15)
        var gauge = Gauge()
        gauge.increment(by: 3)
        gauge.decrement()
        gauge += Gauge(-5)
        #expect(gauge.value == -3)
    }
}
