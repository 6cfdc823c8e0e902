import Foundation
import Glibc
import TLS
import TestPKI
import Testing

extension Integration {
    @Suite("The status page in a browser")
    struct StatusPageInBrowserTests {
        private static let browser = ["chromium-headless-shell", "chromium"].first { name in
            ["/usr/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + name) }
        }

        @Test(
            "is whole with and without scripts, in both languages, on a phone too; brings itself up to date; hides no script",
            .enabled(if: browser != nil, "there is no Chromium: scripts/install-dependencies --tests"),
            .enabled(if: Python.websockets != nil, "websockets cannot be had from PyPI"))
        func looks() throws {
            let authority = try OwnAuthority()
            let hostile = "\"><script>evil</script> & 'co' \u{202E}"
            try authority.issueCaller(
                "hostile", as: .organisation("<img src=x onerror=evil()>", organization: hostile))
            let late = try authority.issueCaller(
                "late", as: .organisation("<b onclick='evil()'>LATE\u{202E}</b>"))
            let upstream = try Upstream()
            var setup = authority.setup(upstream: upstream.port)
            setup.top = ["admin: {address: \"127.0.0.1:0\"}"]
            setup.upstreams = [
                "app: {servers: [{address: \"127.0.0.1:\(upstream.port)\"}, {address: \"127.0.0.1:9\"}], "
                    + "health_check: {path: /, interval: 1s, timeout: 1s, healthy: 1, unhealthy: 1}}"
            ]
            try authority.revoke(late)
            let gateway = try Gateway(setup)
            let callers = try (0..<3).map { _ in try gateway.caller("callers/hostile") }
            for caller in callers { #expect(try caller.exchange("GET", "/").status == 200) }
            #expect(gateway.refusal(of: "callers/late", over: .tls13) != nil)
            _ = try gateway.status("all of it is known") { document in
                document[object: "connections"].number("callers") == 3 && !document.objects("refusals").isEmpty
                    && document.objects("concerns").contains { $0.text("code") == "server_out" }
            }
            let shown = [
                "&lt;script&gt;evil&lt;/script&gt; &amp;", "⟨U+202E⟩", "&lt;b onclick", "certificate_revoked",
                "127.0.0.1:9",
            ]
            try look(at: gateway, showing: shown) {
                #expect(throws: (any Error).self) { try gateway.caller(nil).exchange("GET", "/") }
                return "certificate_missing"
            }
            withExtendedLifetime(callers) {}
        }

        /// Has a browser look at the page, and answers what it asks for meanwhile.
        private func look(at gateway: Gateway, showing shown: [String], refuse: () -> String) throws {
            let folder = try TestFolder()
            let browser = try #require(Self.browser)
            let url = "http://127.0.0.1:\(try gateway.port(of: "admin"))/"
            unsafe mkfifo(folder["questions"], 0o600)
            let watcher = try ChildProcess(
                "sh",
                [
                    "-c", "exec python3 -u \"$@\" < '\(folder["questions"])'", "sh",
                    Python.program("look_at_status.py"), browser, url,
                ], output: folder["answers"], errors: folder["errors"],
                environment: ["PYTHONPATH": try #require(Python.websockets)])
            let words = try #require(FileHandle(forWritingAtPath: folder["questions"]))
            func say(_ text: String) throws { try words.write(contentsOf: Data((text + "\n").utf8)) }
            func awaits(_ word: String) throws {
                try eventually("the browser asks for \(word): \(folder.text("errors"))", within: 60) {
                    folder.text("answers").split(separator: "\n").contains { $0 == word } || !watcher.isRunning
                }
            }
            try say(String(decoding: try JSONEncoder().encode(shown), as: UTF8.self))
            try awaits("refuse")
            try say(refuse())
            try awaits("stop")
            gateway.process.kill()
            try say("stopped")
            _ = try watcher.wait()
            let verdict = folder.text("answers").split(separator: "\n").filter { !["refuse", "stop"].contains($0) }
            #expect(verdict == ["fine"], "\(folder.text("answers"))\(folder.text("errors"))")
        }
    }
}
