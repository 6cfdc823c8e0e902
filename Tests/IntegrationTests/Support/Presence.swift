import TLS
import Testing

/// One caller on all four roads: an idle connection, one in the middle of a response, a session to be resumed, and new
/// connections.
///
/// The upstream answers `/slow` with `first`, and after its gate with `later`.
final class Presence {
    private let gateway: Gateway
    private let name: String
    private let version: TLSVersion
    private let idle: Caller
    private let reading: Caller
    private let session: TLSSession

    static func upstream(holding gate: Gate) throws -> Upstream {
        try Upstream { visit in
            let reader = MessageReader(visit)
            while let request = try reader.readRequest() {
                guard request.target == "/slow" else {
                    try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                    continue
                }
                try visit.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
                try gate.pass()
                try visit.write("5\r\nlater\r\n0\r\n\r\n")
            }
        }
    }

    init(at gateway: Gateway, as name: String, over version: TLSVersion) throws {
        (self.gateway, self.name, self.version) = (gateway, name, version)
        idle = try gateway.caller(name, over: version)
        #expect(try idle.exchange("GET", "/").status == 200)
        session = try #require(idle.session)
        reading = try gateway.caller(name, over: version)
        try reading.send("GET", "/slow")
        while !String(decoding: reading.messages.rest, as: UTF8.self).contains("first") {
            guard try reading.messages.fill() else { break }
        }
    }

    /// Every open connection ends, and every new one is refused by an alert.
    func expectEnd(by alert: TLSAlert) {
        #expect(idle.readToFailure().bytes.isEmpty)
        let (rest, error) = reading.readToFailure()
        #expect(rest.isEmpty && error != nil, "the cut must be seen")
        for session in [nil, session] {
            #expect(gateway.refusal(of: name, over: version, resuming: session) == .alertReceived(alert))
        }
    }

    /// Nothing of it was disturbed; the gate of the upstream is open.
    func expectUndisturbed() throws {
        #expect(try idle.exchange("GET", "/").status == 200)
        let answer = try reading.messages.readResponse().final
        #expect(answer.text == "firstlater")
        #expect(answer.isComplete)
        #expect(gateway.refusal(of: name, over: version) == nil)
        let resumed = try gateway.caller(name, over: version, resuming: session)
        #expect(resumed.facts?.isResumed == true)
        #expect(try resumed.exchange("GET", "/").status == 200)
    }
}
