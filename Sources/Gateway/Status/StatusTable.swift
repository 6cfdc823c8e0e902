internal import DER

/// How something does: said by a word, a shape and a colour.
enum Mood {
    case well, warning, critical, idle
}

/// One cell of a table of the status page.
indirect enum Cell {
    /// Text of ours.
    case text(String)
    /// Text that a peer, a certificate or the configuration has chosen.
    case foreign(String)
    /// A stable code.
    case code(String)
    case number(String)
    case state(Mood, String)
    case moment(Timestamp, String)
    /// What is left, in words and as a bar of so many percent.
    case left(Mood, String, percent: Int)
    /// One under the other, the second smaller.
    case pair(Cell, Cell)
    case nothing
}

/// A table of the status page; on a narrow screen each row becomes a card, with the columns' titles in front of the cells.
struct StatusTable {
    struct Column {
        let title: String
        var isNumber = false

        init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    let caption: String
    let columns: [Column]
    /// The first cell of each names the row.
    let rows: [[Cell]]
    /// Whether the caption says nothing that the heading above does not, and is for screen readers.
    var hidesCaption = false
    /// Whether it stays a table on a narrow screen.
    var isNarrow = false
}

extension HTMLText {
    mutating func append(_ table: StatusTable) {
        // The roles say again what the tags say, for browsers that forget it when the style makes cards of the rows.
        markup(table.isNarrow ? "<table role=\"table\" class=\"narrow\">" : "<table role=\"table\">")
        markup(table.hidesCaption ? "<caption class=\"hidden\">" : "<caption>")
        element("", table.caption, "</caption>")
        markup("<thead role=\"rowgroup\"><tr role=\"row\">")
        for column in table.columns {
            markup(
                column.isNumber
                    ? "<th role=\"columnheader\" scope=\"col\" class=\"n\">"
                    : "<th role=\"columnheader\" scope=\"col\">")
            text(column.title)
            markup("</th>")
        }
        markup("</tr></thead><tbody role=\"rowgroup\">")
        for row in table.rows {
            markup("<tr role=\"row\">")
            for (index, (column, cell)) in zip(table.columns, row).enumerated() {
                begin(index == 0, column)
                append(cell)
                markup(index == 0 ? "</span></th>" : "</span></td>")
            }
            markup("</tr>")
        }
        markup("</tbody></table>")
    }

    private mutating func begin(_ isFirst: Bool, _ column: StatusTable.Column) {
        markup(isFirst ? "<th role=\"rowheader\" scope=\"row\"" : "<td role=\"cell\"")
        if column.isNumber { markup(" class=\"n\"") }
        element(" data-label=\"", column.title, "\"><span class=\"v\">")
    }

    mutating func append(_ cell: Cell) {
        switch cell {
        case .text(let text), .number(let text): self.text(text)
        case .foreign(let text): foreign(text)
        case .code(let text): element("<code>", text, "</code>")
        case .state(let mood, let text): append(mood, text)
        case .moment(let moment, let words):
            element("<time datetime=\"", moment.rfc3339, "\">")
            element("", words, "</time>")
        case .left(let mood, let words, let percent):
            append(mood, words)
            append(bar: mood, percent)
        case .pair(let first, let second):
            append(first)
            markup("<small>")
            append(second)
            markup("</small>")
        case .nothing: text("–")
        }
    }

    /// The word with its shape.
    mutating func append(_ mood: Mood, _ words: String) {
        switch mood {
        case .well: markup("<span class=\"s well\">")
        case .warning: markup("<span class=\"s warning\">")
        case .critical: markup("<span class=\"s critical\">")
        case .idle: markup("<span class=\"s idle\">")
        }
        element("<i aria-hidden=\"true\"></i>", words, "</span>")
    }

    private mutating func append(bar mood: Mood, _ percent: Int) {
        markup("<svg class=\"bar\" viewBox=\"0 0 100 4\" preserveAspectRatio=\"none\" aria-hidden=\"true\">")
        markup("<rect class=\"track\" width=\"100\" height=\"4\"/>")
        switch mood {
        case .warning: markup("<rect class=\"warning\" height=\"4\" width=\"")
        case .critical: markup("<rect class=\"critical\" height=\"4\" width=\"")
        case .well, .idle: markup("<rect class=\"well\" height=\"4\" width=\"")
        }
        text("\(min(max(percent, 0), 100))")
        markup("\"/></svg>")
    }
}
