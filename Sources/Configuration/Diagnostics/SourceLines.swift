/// Lines and columns as libyaml counts them: columns in Unicode scalars, lines by YAML 1.1's breaks.
enum SourceLines {
    /// The lines of a text without their breaks.
    static func split(_ text: String) -> [[Unicode.Scalar]] {
        var lines: [[Unicode.Scalar]] = [[]]
        var afterReturn = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n" where afterReturn: afterReturn = false
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append([])
                afterReturn = scalar == "\r"
            default:
                lines[lines.count - 1].append(scalar)
                afterReturn = false
            }
        }
        return lines
    }

    /// Where a position counted in scalars is.
    static func location(ofScalar offset: Int, in text: String) -> SourceLocation {
        let before = split(String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, offset)))))
        return SourceLocation(line: before.count, column: (before.last?.count ?? 0) + 1)
    }
}
