import ArgumentParser
import Foundation
import Gateway

/// `poterne status`: how a running gateway does.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say how the running gateway does, and what needs attention.",
        discussion: """
            Asks /status.json at the gateway's admin address. The first line says whether all is well; below it stands what \
            needs attention and what to do about it, then traffic, connections by structure, handshakes, CRLs with their ages, \
            what has to be renewed and when, upstreams, and the last refusals with their reasons. The same is a page for a \
            browser at the admin address itself.

            With --json the document is printed as it came; docs/status.schema.json describes it. With --watch the page is \
            shown anew every --every seconds until Ctrl-C. Colours are used on a terminal only, and not where NO_COLOR is set.

            Exit codes: 0 when all is well, 1 when something needs attention, 2 when no gateway answers.

            Examples:
              poterne status --config /etc/poterne/poterne.yaml
              poterne status --admin 127.0.0.1:9901 --watch
              poterne status --admin unix:/run/poterne/admin.sock --json | jq .concerns
            """)

    @OptionGroup var gateway: AdminAddress

    @Flag(help: "Print the document instead of a page.")
    var json = false

    @Flag(help: "Show it again and again.")
    var watch = false

    @Option(help: ArgumentHelp("Seconds between two looks of --watch, 1 to 3600.", valueName: "seconds"))
    var every = 2

    func validate() throws {
        guard (1...3600).contains(every) else { throw ValidationError("--every takes 1 to 3600 seconds.") }
        guard !(json && watch) else {
            throw ValidationError("--json prints one document; it does not go with --watch.")
        }
    }

    func run() throws {
        let client = AdminClient(address: try gateway.resolve())
        if watch { try follow(client) }
        let text: String
        do throws(GatewaySilence) {
            text = try client.status()
        } catch {
            StandardError.write("\(error)")
            throw ExitCode(2)
        }
        let status = try StatusReport(text)
        print(json ? text : StatusText(status, paint: .ofStandardOutput).lines.joined(separator: "\n"))
        if status.verdict != .well { throw ExitCode(1) }
    }

    /// Shows it until a signal ends the command; a gateway that does not answer may come back.
    private func follow(_ client: AdminClient) throws -> Never {
        let paint = TerminalPaint.ofStandardOutput
        while true {
            var lines: [String]
            do throws(GatewaySilence) {
                let text = try client.status()
                lines = StatusText(try StatusReport.orSilence(text), paint: paint).lines
            } catch {
                lines = [paint.critical("■ no answer"), "  \(error)"]
            }
            // Home, and what was there is gone once the new page is on its way.
            print(
                paint.isOn ? "\u{1B}[H\u{1B}[J" + lines.joined(separator: "\n") : lines.joined(separator: "\n") + "\n")
            flushStandardOutput()
            sleep(UInt32(every))
        }
    }
}
