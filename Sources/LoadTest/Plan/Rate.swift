/// How many attempts begin each second: a rate that is held, reached in a straight line from another one.
public struct Rate: Hashable, Sendable {
    /// Attempts a second at the start.
    public let first: Double
    /// Attempts a second after the ramp.
    public let last: Double
    /// Seconds from the one to the other.
    public let ramp: Double

    /// A rate that never changes.
    public init(_ perSecond: Double) {
        self.init(from: perSecond, to: perSecond, over: 0)
    }

    /// A rate that changes for `ramp` seconds, and then is `last`.
    ///
    /// What is not above zero at the end would never come to an end: it is made one attempt in a thousand seconds.
    public init(from first: Double, to last: Double, over ramp: Double) {
        self.first = max(first, 0)
        self.last = max(last, 0.001)
        self.ramp = max(ramp, 0)
    }

    /// The part of one of `count` threads.
    func shared(among count: Int) -> Rate {
        Rate(from: first / Double(count), to: last / Double(count), over: ramp)
    }

    /// Attempts that are due in the first `seconds`.
    func count(until seconds: Double) -> Double {
        let rising = min(seconds, ramp)
        return (first + slope * rising / 2) * rising + max(seconds - ramp, 0) * last
    }

    /// Seconds from the start to the attempt of this index.
    func time(of index: Int) -> Double {
        let index = Double(index)
        let rising = (first + last) / 2 * ramp
        guard index < rising else { return ramp + (index - rising) / last }
        // The root of a quadratic, in the form that has no difference of like numbers: nor a slope to divide by.
        let root = max(first * first + 2 * slope * index, 0).squareRoot()
        return index == 0 ? 0 : 2 * index / (first + root)
    }

    private var slope: Double { ramp > 0 ? (last - first) / ramp : 0 }
}
