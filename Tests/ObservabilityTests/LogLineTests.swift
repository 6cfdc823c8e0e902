import Foundation
import Observability
import Testing

@Suite("Access and audit lines")
struct LogLineTests {
    let identity = AccessIdentity(
        kind: "ORG AUTH_CLI", structure: "10B0152872", clientName: "PAY \"UFO\" ÉTÉ", serial: "0A1B", thumbprint: "ab12"
    )

    @Test("say everything of an exchange in JSON, but the query")
    func json() throws {
        var source = IdentifierSource()
        var exchange = AccessExchange(time: WallTime(seconds: 1_795_511_107, milliseconds: 45))
        exchange.requestID = Array(source.requestID(at: exchange.time).description.utf8)
        exchange.status = 403
        exchange.bytesIn = 12
        exchange.bytesOut = 345
        exchange.totalNanoseconds = 1_500_000
        exchange.upstreamNanoseconds = 1_250_000
        exchange.upstream = "backend 127.0.0.1:9000"
        exchange.route = "dossiers"
        exchange.refusal = "kind_not_accepted"
        let object = try parse(write(.json, exchange, connection(), "GET", "/dossier/\"1?ins=2850712345678"))
        let strings = object.compactMapValues { $0 as? String }
        #expect(
            strings == [
                "time": "2026-11-24T09:05:07.045Z",
                "request_id": exchange.requestID.map { String(decoding: $0, as: UTF8.self) },
                "peer": "192.0.2.7:5555",
                "listener": "api", "kind": "ORG AUTH_CLI", "structure": "10B0152872", "client": "PAY \"UFO\" ÉTÉ",
                "serial": "0A1B", "thumbprint": "ab12", "tls": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384",
                "method": "GET", "path": "/dossier/\"1", "protocol": "HTTP/1.1", "route": "dossiers",
                "upstream": "backend 127.0.0.1:9000", "refusal": "kind_not_accepted",
            ])
        #expect(object["status"] as? Int == 403)
        #expect(object["bytes_in"] as? Int == 12)
        #expect(object["bytes_out"] as? Int == 345)
        #expect(object["resumed"] as? Bool == true)
        #expect(object["total_ms"] as? Double == 1.5)
        #expect(object["upstream_ms"] as? Double == 1.25)
        #expect(object["handshake_ms"] as? Double == 0.75)
        #expect(object.count == strings.count + 7)
    }

    @Test("say what is known of a handshake that failed")
    func failedHandshake() throws {
        var exchange = AccessExchange(time: WallTime(seconds: 0))
        exchange.refusal = "certificate_revoked"
        let connection = AccessConnection(address: Array("[::1]:9".utf8).span)
        let object = try parse(write(.json, exchange, connection, "", ""))
        #expect(Set(object.keys) == ["time", "peer", "bytes_in", "bytes_out", "refusal"])
        #expect(
            write(.combined, exchange, connection, "", "")
                == #"::1 - - [01/Jan/1970:00:00:00 +0000] "-" - - "-" "-""# + "\n")
    }

    @Test("are Apache's combined format to the byte")
    func combined() {
        var exchange = AccessExchange(time: WallTime(seconds: 1_795_511_107))
        exchange.status = 200
        exchange.bytesOut = 2326
        let line = write(
            .combined, exchange, connection(), "GET", "/a b\u{1}?token=x", referer: "http://x/\"", userAgent: "é\\")
        #expect(
            line == #"192.0.2.7 - PAY\x20\"UFO\"\x20\xc3\x89T\xc3\x89 [24/Nov/2026:09:05:07 +0000] "#
                + #""GET /a b\x01 HTTP/1.1" 200 2326 "http://x/\"" "\xc3\xa9\\""# + "\n")
    }

    @Test(
        "show every kind of peer address in the combined format",
        arguments: [
            ("192.0.2.7:1", "192.0.2.7"), ("[2001:db8::1]:443", "2001:db8::1"), ("unix:", "unix:"),
            ("unix:/run/a:b", "unix:/run/a:b"), ("", "-"),
        ])
    func hosts(address: String, host: String) {
        let connection = AccessConnection(address: Array(address.utf8).span)
        let line = write(.combined, AccessExchange(time: WallTime(seconds: 0)), connection, "", "")
        #expect(line.hasPrefix(host + " - - ["))
    }

    @Test("stay within the longest line, whatever comes")
    func bounded() {
        let long = String(repeating: "\u{1}", count: 100_000)
        let connection = AccessConnection(
            address: Array(long.utf8).span,
            identity: AccessIdentity(kind: long, structure: long, clientName: long, serial: long, thumbprint: long),
            tls: AccessTLS(version: long, cipher: long, isResumed: false, handshakeNanoseconds: .max), listener: long)
        var exchange = AccessExchange(time: WallTime(seconds: .max))
        exchange.upstream = long
        exchange.route = long
        exchange.refusal = long
        for format in AccessFormat.allCases {
            let line = write(format, exchange, connection, long, long, referer: long, userAgent: long)
            #expect(line.utf8.count <= ObservabilityLimits.longestLine)
        }
    }

    @Test("say everything of a decision in the audit log")
    func audit() throws {
        var line = AuditLine()
        var event = AuditEvent(time: WallTime(seconds: 0, milliseconds: 7), decision: .handshakeRefused)
        event.reason = "certificate_revoked"
        event.subject = "CN=a\nb,O=c"
        event.crlNumber = "1042"
        event.connection = 17
        line.write(event)
        #expect(
            String(decoding: line.bytes, as: UTF8.self)
                == #"{"time":"1970-01-01T00:00:00.007Z","event":"handshake_refused","reason":"certificate_revoked","#
                + #""subject":"CN=a\nb,O=c","crl_number":"1042","connection":17}"# + "\n")
        line.write(AuditEvent(time: WallTime(seconds: 0), decision: .cut))
        #expect(try parse(String(decoding: line.bytes, as: UTF8.self)).count == 2)
    }

    private func connection() -> AccessConnection {
        AccessConnection(
            address: Array("192.0.2.7:5555".utf8).span, identity: identity,
            tls: AccessTLS(
                version: "TLSv1.3", cipher: "TLS_AES_256_GCM_SHA384", isResumed: true, handshakeNanoseconds: 750_000),
            listener: "api")
    }

    private func write(
        _ format: AccessFormat, _ exchange: AccessExchange, _ connection: AccessConnection, _ method: String,
        _ target: String, referer: String = "", userAgent: String = ""
    ) -> String {
        var line = AccessLine(format: format)
        line.write(
            exchange, on: connection, method: method.utf8.span, target: target.utf8.span, version: "HTTP/1.1",
            referer: referer.utf8.span, userAgent: userAgent.utf8.span)
        return String(decoding: line.bytes, as: UTF8.self)
    }

    private func parse(_ line: String) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
}
