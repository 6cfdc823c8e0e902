/// Rows of a report for people: a label, and one line or several beside it.
struct TextRows {
    private let indent: String
    private let width: Int
    private(set) var lines: [String] = []

    /// Rows indented by some text, with room for labels of a width.
    init(indent: String = "  ", width: Int = 14) {
        self.indent = indent
        self.width = width
    }

    /// A row, unless there is nothing to say in it.
    mutating func add(_ label: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        add(label, [value])
    }

    /// A row of several lines.
    mutating func add(_ label: String, _ values: [String]) {
        for (index, value) in values.enumerated() {
            let label = index == 0 ? label : ""
            let space = String(repeating: " ", count: max(1, width - label.count))
            lines.append(indent + label + space + value.printable)
        }
    }
}
