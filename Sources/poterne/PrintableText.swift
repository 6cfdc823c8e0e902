extension String {
    /// The text with everything that a terminal would obey instead of show written as `\u{…}`.
    ///
    /// What is printed comes from certificates and files of anybody.
    var printable: String {
        guard unicodeScalars.contains(where: { !$0.isShown }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isShown {
                text.unicodeScalars.append(scalar)
            } else {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    /// Whether a terminal shows it as a character: no controls, and nothing that changes the direction of the line.
    fileprivate var isShown: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
