import Foundation
import Gateway

/// What a gateway says of itself, as far as the page on a terminal shows it: part of `/status.json`.
struct StatusReport: Decodable {
    enum Verdict: String, Decodable { case well, attention, critical }
    enum Severity: String, Decodable { case warning, critical }

    struct Concern: Decodable {
        let severity: Severity
        let message: String
        let remedy: String
    }
    struct Process: Decodable {
        struct Epoch: Decodable {
            let epoch: Int
            let since: String
        }
        let version: String
        let node: String
        let process: Int
        let uptimeSeconds: Int64
        let configuration: Epoch
    }
    struct Readiness: Decodable {
        let ready: Bool
    }
    struct Connections: Decodable {
        struct Listener: Decodable {
            let name: String
            let open: Int
        }
        struct Structure: Decodable {
            let structure: String
            let name: String?
            let open: Int
        }
        struct Structures: Decodable {
            let busiest: [Structure]
            let othersOpen: Int
        }
        let callers: Int
        let total: Int
        let listeners: [Listener]
        let structures: Structures
    }
    struct Traffic: Decodable {
        struct Requests: Decodable { let total: Int }
        struct Minute: Decodable {
            let requestsPerSecond: Double?
            let handshakesPerSecond: Double?
            let refusedPerSecond: Double?
            let requests: Int
            let errors: Int
        }
        let requests: Requests
        let lastMinute: Minute
    }
    struct Reason: Decodable {
        let reason: String
        let count: Int
    }
    struct Handshakes: Decodable {
        let full: Int
        let resumed: Int
        let refused: Int
        let refusedByReason: [Reason]
    }
    struct List: Decodable {
        enum State: String, Decodable { case fresh, tolerated, stale, missing }
        let ca: String
        let state: State
        let number: String?
        let deltaNumber: String?
        let nextUpdate: String?
        let ageSeconds: Int64?
        let entries: Int?
    }
    struct Expiries: Decodable {
        enum Level: String, Decodable { case fine, soon, expired }
        struct Thing: Decodable {
            let kind: String
            let owner: String
            let subject: String
            let structure: String?
            let daysLeft: Int
            let level: Level
        }
        let soonest: [Thing]
    }
    struct Upstream: Decodable {
        enum State: String, Decodable { case serving, partly, ejected, out }
        struct Server: Decodable {
            let name: String
            let state: State
            let trouble: String?
            let open: Int
            let inFlight: Int
        }
        let name: String
        let waiting: Int
        let servers: [Server]
    }
    struct Refusal: Decodable {
        let time: String
        let event: String
        let reason: String?
        let count: Int
        let address: String
        let client: String?
        let subject: String?
        let serial: String?
    }

    let time: String
    let verdict: Verdict
    let concerns: [Concern]
    let gateway: Process
    let readiness: Readiness
    let connections: Connections
    let traffic: Traffic
    let handshakes: Handshakes
    let crls: [List]
    let expiries: Expiries
    let upstreams: [Upstream]
    let refusals: [Refusal]

    /// Reads a document.
    ///
    /// - Throws: `CommandFailure` where it is none that this program knows.
    init(_ text: String) throws {
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(StatusReport.self, from: Data(text.utf8))
        } catch {
            throw CommandFailure(UnknownDocument())
        }
    }

    /// The same for whoever goes on asking.
    static func orSilence(_ text: String) throws(GatewaySilence) -> StatusReport {
        guard let report = try? StatusReport(text) else { throw GatewaySilence(description: "\(UnknownDocument())") }
        return report
    }

    private struct UnknownDocument: Error, CustomStringConvertible {
        var description: String {
            "the gateway's /status.json is of another version than this program: run the `poterne` that is installed with it"
        }
    }
}
