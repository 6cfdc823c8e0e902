/// Reads an enrolment list by RFC 4180: the first line names the columns, each other line is a caller.
///
/// Fields are parted by the comma, or by the semicolon that spreadsheets write where the comma is for decimals; whichever
/// the first line has.
struct EnrolmentCSV {
    let findings: Findings

    func drafts(in text: String) -> [EnrolmentDraft] {
        var reader = CSVReader(text)
        guard let head = reader.next(findings) else {
            findings.error(at: .start, "the file is empty", hint: "its first line names the columns: \(Self.example)")
            return []
        }
        var columns: [String] = []
        for cell in head {
            let known = EnrolmentDraft.keys.contains(cell.text)
            if !known {
                findings.unknown("column", cell.text, at: cell.location, among: EnrolmentDraft.keys)
            } else if columns.contains(cell.text) {
                findings.error(at: cell.location, "the column \(cell.text.quoted) is there twice")
            }
            columns.append(cell.text)
        }
        guard !findings.hasErrors else { return [] }
        var drafts: [EnrolmentDraft] = []
        while let cells = reader.next(findings) {
            guard drafts.count < EnrolmentLimits.entries else {
                findings.error(at: cells[0].location, "more than \(EnrolmentLimits.entries) callers")
                return []
            }
            guard cells.count == columns.count else {
                findings.error(
                    at: cells[0].location,
                    "\(cells.count) fields where the first line names \(columns.count) columns",
                    hint: "a field that holds the separator stands between quotes")
                continue
            }
            var draft = EnrolmentDraft(location: cells[0].location)
            for (column, cell) in zip(columns, cells) where !cell.text.isEmpty {
                draft[column] = EnrolmentDraft.Field(text: cell.text, location: cell.location)
            }
            drafts.append(draft)
        }
        return drafts
    }

    private static let example = "structure,name,client_id"
}

/// Takes a text apart into the records of RFC 4180, with the place of each field.
struct CSVReader {
    /// One field.
    struct Cell {
        let text: String
        let location: SourceLocation
    }

    private let scalars: [Unicode.Scalar]
    private let separator: Unicode.Scalar
    private var index = 0
    private var line = 1
    private var column = 1

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        let head = scalars.prefix { $0 != "\n" }
        separator = head.contains(";") && !head.contains(",") ? ";" : ","
    }

    /// The next record that is no empty line; nil at the end.
    mutating func next(_ findings: Findings) -> [Cell]? {
        while index < scalars.count, scalars[index] == "\n" || scalars[index] == "\r" { advance() }
        guard index < scalars.count else { return nil }
        var cells: [Cell] = []
        while true {
            cells.append(cell(findings))
            guard index < scalars.count, scalars[index] == separator else { break }
            advance()
        }
        return cells
    }

    private var isAtEnd: Bool {
        index >= scalars.count || scalars[index] == separator || scalars[index] == "\n"
            || (scalars[index] == "\r" && (index + 1 >= scalars.count || scalars[index + 1] == "\n"))
    }

    private mutating func cell(_ findings: Findings) -> Cell {
        let location = SourceLocation(line: line, column: column)
        var text = String.UnicodeScalarView()
        if index < scalars.count, scalars[index] == "\"" {
            advance()
            var isClosed = false
            while index < scalars.count {
                let scalar = scalars[index]
                advance()
                guard scalar == "\"" else {
                    text.append(scalar)
                    continue
                }
                guard index < scalars.count, scalars[index] == "\"" else {
                    isClosed = true
                    break
                }
                text.append("\"")
                advance()
            }
            if !isClosed {
                findings.error(at: location, "a quote that is not closed")
            } else if !isAtEnd {
                findings.error(
                    at: SourceLocation(line: line, column: column), "text behind a closing quote",
                    hint: "write a quote within a field twice")
            }
        }
        while !isAtEnd {
            text.append(scalars[index])
            advance()
        }
        return Cell(text: String(text), location: location)
    }

    private mutating func advance() {
        if scalars[index] == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        index += 1
    }
}
