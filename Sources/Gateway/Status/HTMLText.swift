internal import HTTP

/// Writes HTML: tags are ours and literal, text is anybody's and escaped.
///
/// There is no third way.
struct HTMLText {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(48 * 1024)
    }

    /// Appends tags.
    mutating func markup(_ tags: StaticString) {
        bytes.append(literal: tags)
    }

    /// Appends text, as the content of an element or of an attribute in quotes.
    ///
    /// What would hide, or turn the direction of what follows, is shown by its number instead (Unicode TR 36 §2.2).
    mutating func text(_ text: String, limit: Int = Limits.shownText) {
        var count = 0
        for scalar in text.unicodeScalars {
            count += 1
            guard count <= limit else {
                bytes.append(contentsOf: "…".utf8)
                return
            }
            append(scalar)
        }
    }

    /// Appends an element with text in it.
    mutating func element(_ open: StaticString, _ text: String, _ close: StaticString) {
        markup(open)
        self.text(text)
        markup(close)
    }

    /// Appends text that a peer or a certificate has chosen, kept apart from what stands around it.
    mutating func foreign(_ text: String) {
        element("<bdi>", text, "</bdi>")
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "&": markup("&amp;")
        case "<": markup("&lt;")
        case ">": markup("&gt;")
        case "\"": markup("&quot;")
        case "'": markup("&#39;")
        case " "..."~": bytes.append(UInt8(ascii: scalar))
        case "\n": bytes.append(UInt8(ascii: "\n"))
        default:
            if scalar.isShown {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else {
                bytes.append(contentsOf: "⟨U+\(String(scalar.value, radix: 16, uppercase: true))⟩".utf8)
            }
        }
    }
}

extension Unicode.Scalar {
    /// Whether it is a character that shows itself and nothing else; the joiners of scripts that need them do harm too.
    fileprivate var isShown: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }
}
