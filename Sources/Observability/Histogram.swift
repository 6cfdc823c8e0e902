/// How often which durations came: fixed log-linear buckets.
///
/// Belongs to one worker: no lock, no atomic.
///
/// Every doubling is cut into 2^precision buckets of equal width, so a quantile is at most 2^-precision too high, at any
/// size: 12.5 % with the default 3, 0.8 % with 7. Two histograms of one precision add up exactly. Values from 1 ns to
/// 2^37 ns (137 s) are told apart; what is longer counts in the last bucket.
public struct Histogram: Hashable, Sendable {
    /// How many values were recorded.
    public private(set) var count: UInt64 = 0
    /// The sum of the values, in nanoseconds.
    public private(set) var sum: UInt64 = 0
    /// The greatest value, in nanoseconds.
    public private(set) var maximum: UInt64 = 0
    /// The bits below the leading one that choose the bucket.
    public let precision: Int
    private var buckets: [UInt64]

    private static var longestBits: Int { 37 }

    /// An empty histogram; the precision is clamped to between 1 and 10 bits.
    public init(precision: Int = 3) {
        self.precision = min(max(precision, 1), 10)
        buckets = [UInt64](
            repeating: 0, count: Histogram.index(of: 1 << Histogram.longestBits, precision: self.precision) + 1)
    }

    /// Records one duration.
    public mutating func record(nanoseconds value: UInt64) {
        let index = min(Histogram.index(of: value, precision: precision), buckets.count - 1)
        buckets[index] &+= 1
        count &+= 1
        sum &+= value
        maximum = max(maximum, value)
    }

    /// The smallest bound that at least the share `quantile` (0 to 1) of the values does not exceed, in nanoseconds.
    ///
    /// 0 when nothing was recorded; never more than the greatest value.
    public func quantile(_ quantile: Double) -> UInt64 {
        // This order lets 0 through for what is no number.
        let rank = UInt64((Double(count) * min(max(0, quantile), 1)).rounded(.up))
        var seen: UInt64 = 0
        for (index, inside) in buckets.enumerated() where inside > 0 {
            seen &+= inside
            if seen >= rank {
                // The last bucket has no bound.
                return index == buckets.count - 1 ? maximum : min(upperBound(index), maximum)
            }
        }
        return maximum
    }

    /// How many values were at most 2^`bits` nanoseconds: exact, as that is a bucket's bound.
    func count(upToPowerOfTwo bits: Int) -> UInt64 {
        let last = Histogram.index(of: 1 << UInt64(bits), precision: precision)
        return buckets.prefix(last + 1).reduce(0, &+)
    }

    /// Adds another worker's values; those of another precision are put where their bounds lie.
    public static func += (sum: inout Histogram, other: Histogram) {
        if sum.precision == other.precision {
            for index in sum.buckets.indices { sum.buckets[index] &+= other.buckets[index] }
        } else {
            for (index, inside) in other.buckets.enumerated() where inside > 0 {
                let target = Histogram.index(of: other.upperBound(index), precision: sum.precision)
                sum.buckets[min(target, sum.buckets.count - 1)] &+= inside
            }
        }
        sum.count &+= other.count
        sum.sum &+= other.sum
        sum.maximum = max(sum.maximum, other.maximum)
    }

    /// The bucket of a value.
    ///
    /// Bounds belong to the bucket below them, as Prometheus counts ("less or equal").
    private static func index(of value: UInt64, precision: Int) -> Int {
        let value = value > 0 ? value - 1 : 0
        let width = UInt64.bitWidth - value.leadingZeroBitCount
        // Below 2^(precision + 1) each value has its own bucket.
        guard width > precision + 1 else { return Int(value) }
        let shift = width - precision - 1
        return shift << precision + Int(value >> UInt64(shift))
    }

    /// The greatest value of a bucket.
    private func upperBound(_ index: Int) -> UInt64 {
        let exact = 2 << precision
        guard index >= exact else { return UInt64(index) + 1 }
        let shift = index >> precision - 1
        let leading = index - shift << precision
        return UInt64(leading + 1) << UInt64(shift)
    }
}
