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
              connections   connections that are opened and held idle
              mixed         admitted, resumed, revoked callers and callers of the wrong kind, in the shares given

            Callers come from a folder made by `poterne testpki --callers N` and take turns. By default each connection \
            begins the next attempt when it has ended one (closed loop). With --rate attempts begin at that rate whether \
            the server keeps up or not, and their times count from when they were due, which is what callers of a slow \
            server feel.

            `connect` is counted from when the connection was due; `handshake` from there to its end at the client, which \
            in TLS 1.3 is before the server has looked at the certificate; `first byte` and `whole` from when the attempt \
            was due.

            Exit codes: 0 when every attempt came to what its role should, 1 otherwise or when nothing could be \
            measured, 64 for unusable arguments.

            Examples:
              poterne load handshake localhost:8443 --duration 10
              poterne load request localhost:8443 --connections 8 --count 10000
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

    @Option(name: [.short, .long], help: "Attempts a second in all (open loop).")
    var rate: Double?

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

    @Option(help: "Mixed: the weights of full, resumed, revoked and wrong-kind attempts.")
    var shares = "70:20:5:5"

    @Option(help: "The server's process: its CPU time and memory, and its descendants', are reported.")
    var serverPid: Int32?

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Flag(help: "Print the report as CSV.")
    var csv = false

    func validate() throws {
        guard (1...100_000).contains(connections) else { throw ValidationError("--connections is 1 to 100000") }
        guard (1...64).contains(threads ?? 1) else { throw ValidationError("--threads is 1 to 64") }
        guard rate.map({ $0 > 0 && $0 <= 1e6 }) ?? true else { throw ValidationError("--rate is up to 1000000") }
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
        guard roleShares != nil else { throw ValidationError("--shares is four whole numbers, as in 70:20:5:5") }
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
            if report.unexpected > 0 { throw ExitCode.failure }
        } catch let code as ExitCode {
            throw code
        } catch {
            throw CommandFailure(error)
        }
    }

    private func makePlan() throws -> LoadPlan {
        let (address, name) = try resolvedTarget()
        var plan = LoadPlan(target: address, mode: loadMode)
        plan.serverName = serverName ?? name
        plan.pace = rate.map { .perSecond($0) } ?? .asFastAsAnswered
        plan.connections = connections
        plan.threads = min(threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount / 2), connections)
        plan.duration = duration.map { .seconds($0) } ?? (count == nil ? .seconds(10) : nil)
        plan.count = count
        plan.timeout = .seconds(timeout)
        plan.makesRequest = !noRequest
        plan.path = path
        plan.fields = header
        plan.uploadSize = upload
        plan.versions = version.range
        plan.serverProcess = serverPid
        guard plan.isTargetLocal || iOwnThisTarget else { throw Refusal.foreignTarget("\(address)") }
        guard mode != .request || !noRequest else { throw Refusal.requestsWithoutRequest }
        return plan
    }

    private var loadMode: LoadPlan.Mode {
        switch mode {
        case .handshake: .handshake
        case .resume: .resume
        case .request: .request
        case .connections: .connections
        case .mixed: .mixed(roleShares ?? RoleShares(full: 1))
        }
    }

    private var roleShares: RoleShares? {
        let numbers = shares.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard numbers.count == 4, numbers.allSatisfy({ (0...1_000).contains($0) }), numbers.contains(where: { $0 > 0 })
        else { return nil }
        return RoleShares(full: numbers[0], resumed: numbers[1], revoked: numbers[2], wrongKind: numbers[3])
    }

    /// The address, and the host's name where the target has one.
    private func resolvedTarget() throws -> (SocketAddress, String?) {
        if let address = SocketAddress(parsing: target) { return (address, nil) }
        guard let colon = target.lastIndex(of: ":"), let port = UInt16(target[target.index(after: colon)...]) else {
            throw Refusal.unusableTarget(target)
        }
        let host = String(target[..<colon])
        let addresses = try SocketAddress.resolve(host: host, port: port)
        // The test servers listen on IPv4 as a rule.
        let address = addresses.first { if case .v4 = $0 { true } else { false } } ?? addresses.first
        guard let address else { throw Refusal.unusableTarget(target) }
        return (address, host)
    }

    private func callerSet(for plan: LoadPlan) throws(LoadError) -> CallerSet {
        var set = CallerSet(
            admitted: try CallerSet.identities(at: certificates ?? "\(pki)/load", key: key, limit: callers))
        if case .mixed(let shares) = plan.mode {
            if shares[.revoked] > 0 { set.revoked = try CallerSet.identities(at: "\(pki)/wrong/revoked.pem") }
            if shares[.wrongKind] > 0 { set.wrongKind = try CallerSet.identities(at: "\(pki)/callers/org-sign.pem") }
        }
        return set
    }

    private enum Refusal: Error, CustomStringConvertible {
        case foreignTarget(String)
        case unusableTarget(String)
        case requestsWithoutRequest

        var description: String {
            switch self {
            case .foreignTarget(let address):
                "\(address) is not this machine: loading others' servers is an attack. If the server is yours, say so "
                    + "with --i-own-this-target."
            case .unusableTarget(let target): "\"\(target)\" is not host:port"
            case .requestsWithoutRequest: "the mode request makes requests: leave --no-request out"
            }
        }
    }
}
