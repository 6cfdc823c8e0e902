import Foundation
import Testing
import Trust

@testable import Gateway

@Suite("The status page")
struct StatusPageTests {
    @Test(
        "what a peer has chosen is text and nothing else",
        arguments: [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("\" onload='x' &amp;", "&quot; onload=&#39;x&#39; &amp;amp;"),
            ("CHU\u{202E}drahciR", "CHU⟨U+202E⟩drahciR"), ("a\u{0}b\u{7F}", "a⟨U+0⟩b⟨U+7F⟩"),
            ("zero\u{200B}width\u{2028}line", "zero⟨U+200B⟩width⟨U+2028⟩line"), ("Hôpital Édouard", "Hôpital Édouard"),
            ("]]><!--", "]]&gt;&lt;!--"),
        ])
    func escapes(_ text: String, written: String) {
        var page = HTMLText()
        page.text(text)
        #expect(String(decoding: page.bytes, as: UTF8.self) == written)
    }

    @Test("a text that nobody reads to its end is cut")
    func cut() {
        var page = HTMLText()
        page.text(String(repeating: "é", count: 100_000))
        #expect(page.bytes.count < 1_000)
    }

    @Test(
        "the language is the one that is asked for, or preferred",
        arguments: [
            ("", "", "en"), ("lang=fr", "en", "fr"), ("x=1&lang=en", "fr", "en"), ("lang=de", "fr-FR,fr;q=0.9", "fr"),
            ("", "fr", "fr"), ("", "de, fr;q=0.5, en;q=0.4", "fr"), ("", "fr;q=0, en", "en"), ("", "FR-ca", "fr"),
            ("", "fr;q=0.3,en-GB;q=0.8", "en"), ("lang", ";;,,q=", "en"), ("", "fr;q=nan, en;q=0.1", "en"),
            ("", "fr;q=1e999, en;q=0.1", "en"), ("", "fr;q=-1, en;q=0.1", "en"),
        ])
    func language(_ query: String, _ preferences: String, expected: String) {
        let (query, preferences) = (Array(query.utf8), Array(preferences.utf8))
        #expect(Language(query: query.span, preferences: preferences.span).rawValue == expected)
    }

    @Test("figures are written as each language writes them")
    func figures() {
        let (english, french) = (Language.english, Language.french)
        #expect(english.count(1_234_567) == "1,234,567")
        #expect(french.count(1_234_567) == "1\u{202F}234\u{202F}567")
        #expect(french.decimal(12.34) == "12,3" && english.decimal(12.34) == "12.3" && english.decimal(2) == "2")
        #expect(english.percent(1, of: 0) == "–" && english.percent(1, of: 3) == "33.3%")
        #expect(english.decimal(.nan) == "–" && english.decimal(.infinity) == "–")
        #expect(english.duration(93_784) == "1 d 2 h" && french.duration(864_000) == "10 j")
        #expect(english.duration(.min) == "0 s")
    }

    @Test("every reason for refusing a certificate has its words in both languages")
    func reasons() {
        for code in Refusal.allCodes {
            for language in Language.allCases {
                #expect(ReasonWords.words(for: code, in: language) != nil, "\(code)")
            }
        }
    }

    @Test("the common name of a subject is found, escapes or not")
    func names() {
        #expect(StatusPage.name(of: "CN=POTERNE\\, DEMO,OU=1,C=FR") == "POTERNE, DEMO")
        #expect(StatusPage.name(of: "CN=a\\\\,O=b") == "a\\")
        #expect(StatusPage.name(of: "OU=1,C=FR") == "OU=1,C=FR")
    }
}
