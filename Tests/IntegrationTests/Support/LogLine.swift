import Foundation

/// One JSON object, such as a line of a log: its members as text.
struct LogLine: CustomStringConvertible {
    private let members: [String: Any]
    let description: String

    init?(_ text: some StringProtocol) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            return nil
        }
        members = object
        description = String(text)
    }

    /// A member as text; nothing if it is not there.
    subscript(name: String) -> String? {
        switch members[name] {
        case nil: nil
        case let text as String: text
        case let value?: "\(value)"
        }
    }

    var names: Set<String> { Set(members.keys) }

    /// A member that is a list of pairs of texts.
    func pairs(_ name: String) -> [Field] {
        (members[name] as? [[String]] ?? []).compactMap { pair in
            pair.count == 2 ? Field(name: pair[0], value: pair[1]) : nil
        }
    }
}
