extension MetricsSnapshot {
    /// Appends all families as Prometheus text, in the order in which they first came.
    public func appendPrometheusText(to text: inout [UInt8]) {
        for family in families {
            let name = PrometheusText.name(family.description.name, allowingColon: true)
            PrometheusText.appendHead(family.description, name: name, to: &text)
            for sample in family.samples {
                switch sample.value {
                case .number(let number):
                    PrometheusText.appendSample(name, sample.labels, PrometheusText.number(number), to: &text)
                case .count(let count):
                    PrometheusText.appendSample(name, sample.labels, "\(count)", to: &text)
                case .histogram(let histogram):
                    PrometheusText.appendHistogram(histogram, name: name, labels: sample.labels, to: &text)
                }
            }
        }
    }
}

/// The text format's own rules: names, escapes, numbers.
private enum PrometheusText {
    /// The bounds of a histogram are powers of two, from 2^15 ns (33 µs) to 2^36 ns (69 s): not round, but exact, as they
    /// are bounds of our buckets.
    static var bounds: ClosedRange<Int> { 15...36 }

    static func appendHead(_ family: MetricFamily, name: String, to text: inout [UInt8]) {
        let type =
            switch family.kind {
            case .counter: "counter"
            case .gauge, .maximum: "gauge"
            case .histogram: "histogram"
            }
        text.append(contentsOf: "# HELP \(name) ".utf8)
        appendEscaped(family.help, quotes: false, to: &text)
        text.append(contentsOf: "\n# TYPE \(name) \(type)\n".utf8)
    }

    static func appendSample(_ name: String, _ labels: [MetricLabel], _ value: String, to text: inout [UInt8]) {
        text.append(contentsOf: name.utf8)
        if !labels.isEmpty {
            text.append(UInt8(ascii: "{"))
            for (index, label) in labels.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                text.append(contentsOf: PrometheusText.name(label.name, allowingColon: false).utf8)
                text.append(contentsOf: "=\"".utf8)
                appendEscaped(label.value, quotes: true, to: &text)
                text.append(UInt8(ascii: "\""))
            }
            text.append(UInt8(ascii: "}"))
        }
        text.append(UInt8(ascii: " "))
        text.append(contentsOf: value.utf8)
        text.append(UInt8(ascii: "\n"))
    }

    static func appendHistogram(
        _ histogram: Histogram, name: String, labels: [MetricLabel], to text: inout [UInt8]
    ) {
        for bits in bounds {
            let bound = MetricLabel("le", number(Double(1 << bits) / 1e9))
            appendSample("\(name)_bucket", labels + [bound], "\(histogram.count(upToPowerOfTwo: bits))", to: &text)
        }
        appendSample("\(name)_bucket", labels + [MetricLabel("le", "+Inf")], "\(histogram.count)", to: &text)
        appendSample("\(name)_sum", labels, number(Double(histogram.sum) / 1e9), to: &text)
        appendSample("\(name)_count", labels, "\(histogram.count)", to: &text)
    }

    static func number(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        // Whole numbers without ".0", as far as a Double holds them exactly.
        if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 { return "\(whole)" }
        return "\(number)"
    }

    static func name(_ name: String, allowingColon: Bool) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                bytes.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9") where !bytes.isEmpty:
                bytes.append(byte)
            case UInt8(ascii: ":") where allowingColon:
                bytes.append(byte)
            default:
                bytes.append(UInt8(ascii: "_"))
            }
        }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }

    static func appendEscaped(_ value: String, quotes: Bool, to text: inout [UInt8]) {
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\n"): text.append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\\"): text.append(contentsOf: "\\\\".utf8)
            case UInt8(ascii: "\"") where quotes: text.append(contentsOf: "\\\"".utf8)
            default: text.append(byte)
            }
        }
    }
}
