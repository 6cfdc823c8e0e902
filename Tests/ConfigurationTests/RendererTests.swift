import Testing

@testable import Configuration

@Suite struct RendererTests {
    private func render(_ text: String, _ diagnostic: Diagnostic) -> String {
        DiagnosticRenderer(file: "conf/p.yaml", text: text).render(diagnostic)
    }

    @Test func theLineIsShownWithAMarkBelow() {
        let text = "a: 1\nlisteners:\n  - adress: x\n"
        let location = SourceLocation(line: 3, column: 5, length: 6)
        let diagnostic = Diagnostic(.error, at: location, "unknown key \"adress\"", hint: "did you mean \"address\"?")
        #expect(
            render(text, diagnostic) == """
                error: unknown key "adress"
                 --> conf/p.yaml:3:5
                  |
                3 |   - adress: x
                  |     ^^^^^^
                  = help: did you mean "address"?

                """)
    }

    @Test func theMarginIsAsWideAsTheNumber() {
        let text = String(repeating: "\n", count: 99) + "x: y"
        let shown = render(text, Diagnostic(.warning, at: SourceLocation(line: 100, column: 4), "w"))
        #expect(shown == "warning: w\n   --> conf/p.yaml:100:4\n    |\n100 | x: y\n    |    ^\n")
    }

    /// The terminal shows what the file holds, and nothing that the file tells it to do.
    @Test func controlCharactersAndDirectionMarksAreNotPrinted() {
        let shown = render("a: \u{1B}[31m\u{202E}x\ty", Diagnostic(.error, at: SourceLocation(line: 1, column: 8), "m"))
        #expect(!shown.unicodeScalars.contains("\u{1B}"))
        #expect(!shown.unicodeScalars.contains("\u{202E}"))
        #expect("\u{1B}[2J\u{202E}".quoted == "\"\\u{1b}[2J\\u{202e}\"")
    }

    @Test(arguments: [(1, 1), (1, 500), (9, 9), (1, Int.max), (Int.max, 1)])
    func placesOutsideTheTextAreShownAsFarAsTheyGo(_ line: Int, _ column: Int) {
        let location = SourceLocation(line: line, column: column, length: .max)
        #expect(render("abc", Diagnostic(.error, at: location, "m")).hasPrefix("error: m\n"))
        #expect(render("", Diagnostic(.error, at: location, "m")).hasPrefix("error: m\n"))
        #expect(render(String(repeating: "x", count: 1000), Diagnostic(.error, at: location, "m")).utf8.count < 600)
    }
}
