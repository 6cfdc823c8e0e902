/// The languages of the status page.
enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case french = "fr"

    /// The text in this language.
    func callAsFunction<Text>(_ english: Text, _ french: Text) -> Text {
        self == .english ? english : french
    }

    /// The language that a request wants: by `lang` in its query, else by the preferences of `Accept-Language`
    /// (RFC 9110 §12.5.4), else English.
    init(query: Span<UInt8>, preferences: Span<UInt8>) {
        if let asked = Self.asked(in: query) {
            self = asked
            return
        }
        var best: (language: Language, quality: Int)?
        // A browser sends a hundred octets at the most.
        let text = String(decoding: (0..<min(preferences.count, 512)).map { preferences[$0] }, as: UTF8.self)
        for range in text.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            let tag = parts.first?.split(separator: "-").first.map(String.init)
            guard let tag, let language = Language(rawValue: tag) else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Self.quality($0.dropFirst(2)) } ?? 1000
            guard quality > 0, quality > best?.quality ?? 0 else { continue }
            best = (language, quality)
        }
        self = best?.language ?? .english
    }

    /// Thousandths of a weight; what is no number between 0 and 1 weighs nothing.
    private static func quality(_ text: Substring) -> Int {
        guard let weight = Double(text), (0...1).contains(weight) else { return 0 }
        return Int(weight * 1000)
    }

    private static func asked(in query: Span<UInt8>) -> Language? {
        let text = String(decoding: (0..<min(query.count, 512)).map { query[$0] }, as: UTF8.self)
        for pair in text.split(separator: "&") where pair.hasPrefix("lang=") {
            return Language(rawValue: String(pair.dropFirst("lang=".count)))
        }
        return nil
    }
}
