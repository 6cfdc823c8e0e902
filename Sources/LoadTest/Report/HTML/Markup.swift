/// HTML being written, that is XML too: every element is closed, and text can only be let in escaped.
struct Markup {
    private(set) var text = ""

    /// An element and what is in it.
    mutating func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
        _ body: (inout Markup) -> Void
    ) {
        open(name, attributes)
        text += ">"
        body(&self)
        text += "</\(name)>\n"
    }

    /// An element with a text in it.
    mutating func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:], text content: String
    ) {
        element(name, attributes) { $0.append(content) }
    }

    /// An element with nothing in it.
    mutating func empty(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) {
        open(name, attributes)
        text += "/>\n"
    }

    /// A text.
    mutating func append(_ content: String) {
        text += content.escapedForMarkup
    }

    /// What is markup already: the program's own words only.
    mutating func appendMarkup(_ literal: StaticString) {
        text += "\(literal)"
    }

    private mutating func open(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) {
        text += "<\(name)"
        for (name, value) in attributes { text += " \(name)=\"\(value.escapedForMarkup)\"" }
    }
}

extension String {
    /// The text as it may stand in an element or in an attribute between quotation marks; what XML cannot hold is a
    /// question mark (XML 1.0 §2.2).
    var escapedForMarkup: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\t", "\n": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}": escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
