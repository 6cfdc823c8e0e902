import ArgumentParser
import EventLoop
import Foundation
import LoadTest
import TLS

/// `poterne load`: callers by the thousand.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load a server with mutual-TLS callers, and measure what they wait for.",
        discussion: """
            Modes:
              handshake     a new connection with a full handshake, and one request, for each attempt
              resume        the same, resuming a session
              request       keep-alive requests
              connections   connections that are opened, ask one thing and are held idle for --duration
              mixed         admitted, resumed and slow callers, revoked ones and such of the wrong kind, by --shares

            Each speaks HTTP/1.1, or HTTP/2 with --http 2, then with --streams requests at a time on each connection.

            Callers come from a folder made by `poterne testpki --callers N` and take turns. By default each connection \
            begins the next attempt when it has ended one (closed loop). With --rate attempts begin at that rate whether \
            the server keeps up or not, and their times count from when they were due, which is what callers of a slow \
            server feel. With --ramp the rate, or the connections of a closed loop, rise in a straight line.

            Of mixed callers `full` and `resumed` should be served, `revoked` and `wrong-kind` refused, and \
            `slow-handshake`, `slow-head` and `slow-reader`, who send or read --slow-pace bytes a second, be served or \
            cut: those that the server lets hang on for --slow-limit seconds count as not as expected. Slow ones have \
            their share of the connections to themselves, begin again when they are cut, and are not among the times.

            `connect` is counted from when the connection was due; `handshake` from there to its end at the client, which \
            in TLS 1.3 is before the server has looked at the certificate; `first byte` and `whole` from when the attempt \
            was due.

            Exit codes: 0 when every attempt came to what its role should and no connection that was to be held was \
            lost, 1 otherwise or when nothing could be measured, 64 for unusable arguments.

            Examples:
              poterne load handshake localhost:8443 --duration 10
              poterne load request localhost:8443 --connections 8 --count 10000
              poterne load request localhost:8443 --http 2 --streams 8 --rate 100..2000 --duration 60 --html load.html
              poterne load mixed localhost:8443 --shares full=80,revoked=15,slow-head=5 --rate 50
              poterne load connections localhost:8443 --connections 10000 --ramp 20 --duration 30
            """)

    enum Mode: String, ExpressibleByArgument, CaseIterable {
        case handshake, resume, request, connections, mixed
    }

    enum Version: String, ExpressibleByArgument, CaseIterable {
        case any
        case tls12 = "1.2"
        case tls13 = "1.3"

        var range: ClosedRange<TLSVersion> {
            switch self {
            case .any: .tls12 ... .tls13
            case .tls12: .tls12 ... .tls12
            case .tls13: .tls13 ... .tls13
            }
        }
    }

    enum Speech: String, ExpressibleByArgument, CaseIterable {
        case http1 = "1.1"
        case http2 = "2"
        case auto
    }

    @Argument(help: "What the callers do.")
    var mode: Mode

    @Argument(help: ArgumentHelp("The server: an address, or a name that is looked up.", valueName: "host:port"))
    var target = "localhost:8443"

    @Option(help: ArgumentHelp("The name asked for; the target's if it is a name.", valueName: "name"))
    var serverName: String?

    @Flag(help: "Confirm that a server beyond this machine is yours to load.")
    var iOwnThisTarget = false

    @Option(help: ArgumentHelp("The test PKI: load/, callers/ and wrong/ are used.", valueName: "folder"))
    var pki = "certs-test/generated"

    @Option(help: ArgumentHelp("Certificates of admitted callers instead: a PEM file or a folder.", valueName: "path"))
    var certificates: String?

    @Option(help: ArgumentHelp("Their key, if not client.key of the folder.", valueName: "file"))
    var key: String?

    @Option(help: "At most so many certificates are read and shown in turn.")
    var callers = 1_000

    @Option(name: [.short, .long], help: "Connections open at a time, over all threads.")
    var connections = 64

    @Option(help: "Threads of the client; half of the cores by default.")
    var threads: Int?

    @Option(name: .customLong("http"), help: "What is spoken: 1.1, 2, or auto, which is 2 where the server agrees.")
    var speech = Speech.http1

    @Option(help: "Requests at a time on each connection of HTTP/2.")
    var streams = 1

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Attempts a second in all (open loop); 100..2000 rises from the one to the other.",
            valueName: "rate"))
    var rate: LoadRate?

    @Option(
        help: ArgumentHelp(
            "Seconds until the rate, or the number of connections, is reached; with two rates the --duration.",
            valueName: "seconds"))
    var ramp: Double?

    @Option(name: [.short, .long], help: "Seconds for which attempts begin; 10 if there is no --count.")
    var duration: Double?

    @Option(name: [.customShort("n"), .long], help: "Attempts in all.")
    var count: Int?

    @Option(help: "Seconds that an attempt may take.")
    var timeout = 10.0

    @Option(name: .customLong("tls"), help: "The version of TLS: any, 1.2 or 1.3.")
    var version = Version.any

    @Flag(help: "No request: handshake, close_notify, and wait for the server's.")
    var noRequest = false

    @Option(help: "The target of the request.")
    var path = "/"

    @Option(name: [.customShort("H"), .long], help: ArgumentHelp("A field line of the request.", valueName: "line"))
    var header: [String] = []

    @Option(help: ArgumentHelp("POST so many bytes.", valueName: "bytes"))
    var upload = 0

    @Option(
        help: ArgumentHelp(
            "Mixed: role=weight,… of full, resumed, revoked, wrong-kind, slow-handshake, slow-head, slow-reader.",
            valueName: "roles"))
    var shares = "full=70,resumed=20,revoked=5,wrong-kind=5"

    @Option(help: ArgumentHelp("Bytes a second that slow callers send or read.", valueName: "bytes"))
    var slowPace = 20.0

    @Option(help: ArgumentHelp("Seconds within which slow callers are to be served or cut.", valueName: "seconds"))
    var slowLimit = 60.0

    @Option(help: "The server's process: its CPU time and memory, and its descendants', are reported.")
    var serverPid: Int32?

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Flag(help: "Print the report as CSV.")
    var csv = false

    @Option(help: ArgumentHelp("Write the report with charts to this file too, as one HTML page.", valueName: "file"))
    var html: String?

    func validate() throws {
        guard (1...100_000).contains(connections) else { throw ValidationError("--connections is 1 to 100000") }
        guard (1...64).contains(threads ?? 1) else { throw ValidationError("--threads is 1 to 64") }
        guard (1...1_000).contains(streams) else { throw ValidationError("--streams is 1 to 1000") }
        guard streams == 1 || speech != .http1 else { throw ValidationError("--streams needs --http 2") }
        guard streams == 1 || mode == .request else { throw ValidationError("--streams is for the mode request") }
        guard ramp.map({ $0 > 0 && $0 <= 86_400 }) ?? true else {
            throw ValidationError("--ramp is up to 86400 seconds")
        }
        guard rate?.first == nil || ramp != nil || duration != nil else {
            throw ValidationError("--rate from one to another needs --ramp or --duration")
        }
        guard duration.map({ $0 > 0 && $0 <= 86_400 }) ?? true else {
            throw ValidationError("--duration is up to 86400 seconds")
        }
        guard (count ?? 1) > 0 else { throw ValidationError("--count is at least 1") }
        guard timeout > 0, timeout <= 3_600 else { throw ValidationError("--timeout is up to 3600 seconds") }
        guard (0...1 << 30).contains(upload) else { throw ValidationError("--upload is at most 1 GiB") }
        guard callers > 0 else { throw ValidationError("--callers is at least 1") }
        guard (header + [path]).allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
            throw ValidationError("no control characters in --path and --header")
        }
        guard RoleShares(parsing: shares) != nil else {
            throw ValidationError("--shares is role=weight,… of roles once each, one of them at least not a slow one")
        }
        guard slowPace >= 1, slowPace <= 1e6 else {
            throw ValidationError("--slow-pace is 1 to 1000000 bytes a second")
        }
        guard slowLimit > 0, slowLimit <= 3_600 else { throw ValidationError("--slow-limit is up to 3600 seconds") }
        guard !(json && csv) else { throw ValidationError("--json or --csv, not both") }
    }

    func run() throws {
        Signal.block([.terminate, .interrupt])
        Signal.ignoreBrokenPipes()
        do {
            let plan = try makePlan()
            let load = LoadTest(plan, callers: try callerSet(for: plan))
            let progress = isatty(STDERR_FILENO) == 1 ? LoadProgressLine() : nil
            let report = try load.run(stopSignals: [.terminate, .interrupt]) { progress?.show($0) }
            progress?.clear()
            if json {
                print(report.json.text())
            } else {
                print(csv ? report.csv : report.text)
            }
            if let html { try OutputFile.write(page(of: report, plan), to: html) }
            if !report.isAsExpected { throw ExitCode.failure }
        } catch let code as ExitCode {
            throw code
        } catch {
            throw CommandFailure(error)
        }
    }
}
