/// A strict reader of the Prometheus text format 0.0.4: what it says, and what of it the format forbids.
///
/// Stricter than the format where Prometheus' own guidelines are: a family has HELP and TYPE before its first sample and
/// all its samples together, a counter's name ends in `_total`, and times are in seconds.
public struct MetricsText {
    /// A sample's name and labels.
    public struct Sample: Hashable {
        /// The name.
        public var name: String
        /// The labels by name.
        public var labels: [String: String]

        /// A sample of that name and those labels.
        public init(name: String, labels: [String: String] = [:]) {
            self.name = name
            self.labels = labels
        }
    }

    /// Types by family.
    public private(set) var types: [String: String] = [:]
    /// Sentences by family.
    public private(set) var helps: [String: String] = [:]
    /// What was measured.
    public private(set) var values: [Sample: Double] = [:]
    /// Families in the order in which they came.
    public private(set) var order: [String] = []
    /// What is wrong.
    public private(set) var failures: [String] = []

    /// The value of a sample; nil where there is none.
    public func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        values[Sample(name: name, labels: labels)]
    }

    /// The sum of the samples of a name that have these labels, whatever others they have; nil where there is none.
    public func sum(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        let found = values.filter { sample, _ in
            sample.name == name && labels.allSatisfy { sample.labels[$0.key] == $0.value }
        }
        return found.isEmpty ? nil : found.values.reduce(0, +)
    }

    /// The names of all samples.
    public var names: Set<String> { Set(values.keys.map(\.name)) }

    /// Reads a text.
    public init(_ text: String) {
        if !text.hasSuffix("\n") { failures.append("the last line does not end") }
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() { read(String(line)) }
        for (name, type) in types.sorted(by: { $0.key < $1.key }) {
            if type == "histogram" { checkHistogram(name) }
            if (type == "counter") != name.hasSuffix("_total") { failures.append("\(name) is a \(type)") }
            if helps[name]?.isEmpty != false { failures.append("\(name) is not explained") }
            for unit in ["_milliseconds", "_ms", "_minutes", "_kilobytes"] where name.contains(unit) {
                failures.append("\(name) is not in a base unit")
            }
        }
    }

    private mutating func read(_ line: String) {
        if line.hasPrefix("# ") {
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
            guard words.count == 4, isName(words[2]) else { return fail("comment", line) }
            if words[1] == "HELP", helps.updateValue(words[3], forKey: words[2]) == nil {
                order.append(words[2])
            } else if words[1] == "TYPE", ["counter", "gauge", "histogram"].contains(words[3]) {
                if types.updateValue(words[3], forKey: words[2]) != nil { fail("second TYPE", line) }
            } else {
                fail("comment", line)
            }
            return
        }
        var rest = Substring(line)
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
        rest = rest.dropFirst(name.count)
        var labels: [String: String] = [:]
        if rest.first == "{" {
            rest = rest.dropFirst()
            while let (label, value) = readLabel(&rest) {
                if labels.updateValue(value, forKey: label) != nil { fail("label twice", line) }
                guard rest.first == "," else { break }
                rest = rest.dropFirst()
            }
            guard rest.first == "}" else { return fail("labels", line) }
            rest = rest.dropFirst()
        }
        guard isName(String(name)), rest.first == " ", let value = number(rest.dropFirst()) else {
            return fail("sample", line)
        }
        let family = family(of: String(name))
        if order.last != family { fail("not with its family", line) }
        if types[family] == nil { fail("before its TYPE", line) }
        if types[family] == "histogram", name == family { fail("bare sample of a histogram", line) }
        if types[family] == "counter", !(value >= 0) { fail("negative count", line) }
        if values.updateValue(value, forKey: Sample(name: String(name), labels: labels)) != nil {
            fail("sample twice", line)
        }
    }

    private func family(of name: String) -> String {
        for suffix in ["_bucket", "_sum", "_count"] where name.hasSuffix(suffix) {
            let base = String(name.dropLast(suffix.count))
            if types[base] == "histogram" { return base }
        }
        return name
    }

    private func readLabel(_ rest: inout Substring) -> (String, String)? {
        let name = rest.prefix { $0 != "=" && $0 != "}" }
        guard isName(String(name)), !name.contains(":"), rest.dropFirst(name.count).hasPrefix("=\"") else { return nil }
        rest = rest.dropFirst(name.count + 2)
        var value = ""
        while let character = rest.popFirst() {
            switch character {
            case "\"": return (String(name), value)
            case "\\":
                switch rest.popFirst() {
                case "n": value.append("\n")
                case "\\": value.append("\\")
                case "\"": value.append("\"")
                default: return nil
                }
            default: value.append(character)
            }
        }
        return nil
    }

    private func number(_ text: Substring) -> Double? {
        switch text {
        case "+Inf": .infinity
        case "-Inf": -.infinity
        case "NaN": .nan
        default: text.allSatisfy { "0123456789.eE+-".contains($0) } ? Double(text) : nil
        }
    }

    private func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return text.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_" || $0 == ":"
        }
    }

    private mutating func checkHistogram(_ name: String) {
        let buckets = values.filter { $0.key.name == "\(name)_bucket" }
        if buckets.isEmpty { failures.append("\(name) has no buckets") }
        let series = Dictionary(grouping: buckets) { $0.key.labels.filter { $0.key != "le" } }
        for (labels, buckets) in series {
            let sorted = buckets.map { (number(Substring($0.key.labels["le"] ?? "")) ?? .nan, $0.value) }
                .sorted { $0.0 < $1.0 }
            if zip(sorted, sorted.dropFirst()).contains(where: { $0.1 > $1.1 || $0.0 == $1.0 }) {
                failures.append("\(name) falls")
            }
            if sorted.last?.0 != .infinity { failures.append("\(name) has no +Inf") }
            if sorted.last?.1 != values[Sample(name: "\(name)_count", labels: labels)] {
                failures.append("\(name)_count differs")
            }
            if values[Sample(name: "\(name)_sum", labels: labels)] == nil { failures.append("\(name)_sum is missing") }
        }
    }

    private mutating func fail(_ what: String, _ line: String) {
        failures.append("\(what): \(line)")
    }
}
