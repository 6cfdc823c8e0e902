import Foundation
import Glibc
import TLS
import Testing

extension Integration {
    @Suite("Limits of connections and memory")
    struct ResourceLimitsTests {
        @Test("one connection too many of an address is closed, and another taken when one has ended")
        func perAddress() throws {
            var setup = Setup()
            setup.workers = 3
            setup.listener = ["max_connections_per_address: 2"]
            let gateway = try Gateway(setup)
            let callers = try (0..<2).map { _ in try gateway.caller() }
            for _ in 0..<4 {
                let wire = try Wire(port: gateway.port)
                #expect(((try? wire.readToEnd()) ?? []).isEmpty)
            }
            for caller in callers { #expect(try caller.exchange("GET", "/").status == 200) }
            let line = try gateway.auditLine { $0["reason"] == "too_many_connections_of_address" }
            #expect(line["event"] == "connection_refused")
            callers[0].wire.close()
            try eventually("there is room again") { (try? gateway.caller().exchange("GET", "/").status) == 200 }
        }

        @Test("addresses are those that a trusted proxy names, of IPv6 the first half")
        func announcedAddresses() throws {
            var setup = Setup()
            setup.listener = [
                "proxy_protocol: accept", "trusted_proxies: [127.0.0.0/8]", "max_connections_per_address: 1",
            ]
            let gateway = try Gateway(setup)
            func call(_ address: String) throws -> Caller? {
                let family = address.contains(":") ? "TCP6" : "TCP4"
                let to = address.contains(":") ? "2001:db8::9" : "198.51.100.2"
                let caller = try? gateway.caller(saying: Array("PROXY \(family) \(address) \(to) 4711 443\r\n".utf8))
                guard let caller, (try? caller.exchange("GET", "/").status) == 200 else { return nil }
                return caller
            }
            let open = try ["192.0.2.7", "192.0.2.8", "2001:db8:0:1::1", "2001:db8:0:2::1"].map { try call($0) }
            #expect(open.allSatisfy { $0 != nil })
            #expect(try call("192.0.2.7") == nil)
            #expect(try call("2001:db8:0:1:ffff::2") == nil)
        }

        @Test(
            "one connection too many of a structure is refused in the handshake, resumed or not",
            arguments: TLSVersion.allCases)
        func perStructure(_ version: TLSVersion) throws {
            var setup = Setup()
            setup.workers = 3
            setup.accept = ["ORG AUTH_CLI", "SERV SSL"]
            setup.listener = ["max_connections_per_structure: 2"]
            let gateway = try Gateway(setup)
            let callers = try (0..<2).map { _ in try gateway.caller(over: version) }
            for caller in callers { #expect(try caller.exchange("GET", "/").status == 200) }
            let session = callers[0].session
            for session in [nil, session] {
                let third = try? gateway.caller(over: version, resuming: session)
                #expect(third == nil || third?.readToFailure().error != nil)
            }
            let line = try gateway.auditLine { $0["reason"] == "too_many_connections_of_structure" }
            #expect(line["subject"]?.contains("POTERNE-DEMO") == true)
            #expect(try gateway.caller("callers/serv-ssl", over: version).exchange("GET", "/").status == 200)
            callers[1].wire.close()
            try eventually("there is room again") {
                (try? gateway.caller(over: version).exchange("GET", "/").status) == 200
            }
        }

        @Test("when no descriptor is left the open connections are served, and new ones once there is room")
        func descriptors() throws {
            var setup = Setup()
            setup.workers = 1
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            #expect(try caller.exchange("GET", "/").status == 200)
            let descriptors = "/proc/\(gateway.process.pid)/fd"
            func numbers() throws -> Set<Int> {
                Set(try FileManager.default.contentsOfDirectory(atPath: descriptors).compactMap { Int($0) })
            }
            let used = try numbers()
            let limit = (0...).first { !used.contains($0) }.map { $0 + 8 } ?? 0
            let limited = try run("prlimit", ["--pid", "\(gateway.process.pid)", "--nofile=\(limit):\(limit)"])
            #expect(limited.exitCode == 0)
            let wires = try (0..<20).map { _ in try Wire(port: gateway.port) }
            try eventually("no descriptor is left") { try numbers().isSuperset(of: 0..<limit) }
            for _ in 0..<20 { #expect(try caller.exchange("GET", "/").status == 200) }
            for wire in wires { wire.close() }
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
            #expect(try gateway.stop() == .exited(0))
        }

        @Test("when buffers hold too much the newest are cut, the oldest go on, and then there is room again")
        func bufferMemory() throws {
            let gate = Switch(false)
            let upstream = try Upstream { visit in
                let request = try MessageReader(visit).readRequest()
                guard request?.target == "/endless" else {
                    return try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                }
                try eventually("all have asked") { gate.isOn }
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                let block = [UInt8](repeating: 0, count: 100_000)
                for _ in 0..<10_000 { try visit.write(block) }
            }
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            setup.top = ["buffer_memory: 1MiB"]
            let gateway = try Gateway(setup)
            let callers = try (0..<16).map { _ in try gateway.caller() }
            for caller in callers { try caller.send("GET", "/endless") }
            try eventually("all are upstream") { upstream.requests.count == 16 }
            gate.isOn = true
            _ = try gateway.auditLine { $0["reason"] == "overloaded" }
            // The oldest is served on, however much it asks for.
            var taken = 0
            while taken < 4_000_000 { taken += try callers[0].read().count }
            #expect(callers[15].readToFailure().error != nil)
            for caller in callers { caller.wire.close() }
            try eventually("there is room again") { (try? gateway.caller().exchange("GET", "/").status) == 200 }
            #expect(try gateway.stop() == .exited(0))
        }
    }

    @Suite("Slow callers")
    struct SlowCallersTests {
        @Test("a handshake that stalls, and one that never begins, are ended")
        func handshake() throws {
            var setup = Setup()
            setup.tls = ["handshake_timeout: 300ms"]
            let gateway = try Gateway(setup)
            for beginning in [[], [0x16, 0x03, 0x01, 0x02, 0x00, 0x01]] as [[UInt8]] {
                let wire = try Wire(port: gateway.port)
                try wire.write(beginning)
                #expect(((try? wire.readToEnd()) ?? []).isEmpty)
            }
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
        }

        @Test("a head that comes byte by byte has a deadline for the whole of it")
        func slowHead() throws {
            var setup = Setup()
            setup.http = ["header_timeout: 500ms", "body_timeout: 60s"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            try caller.write("GET / HTTP/1.1\r\nHost: localhost\r\nX-Drip: ")
            try eventually("it is answered") {
                try? caller.write("x")
                usleep(20_000)
                return caller.wire.isReadable
            }
            #expect(try caller.messages.readResponse().final.code == "request_timeout")
        }

        private static let protocols = [["--http1.1"], ["--http2"]]

        @Test("a body that drips is 408, though no pause in it is long", arguments: protocols)
        func slowBody(_ version: [String]) throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.http = ["protocols: [h2, http/1.1]", "body_timeout: 1s", "min_rate: 1MiB"]
            let gateway = try Gateway(setup)
            let folder = try TestFolder()
            try folder.write([UInt8](repeating: 0x2E, count: 500_000), to: "body")
            let call = try Curl(
                gateway, "/", version + ["--limit-rate", "50k", "-H", "Expect:", "--data-binary", "@\(folder["body"])"])
            // curl gives up an upload over HTTP/2 that is answered before its end.
            if version == ["--http1.1"] { #expect(call.status == 408, "\(call.errors)") }
            let line = try gateway.accessLine { $0["status"] == "408" }
            #expect(line["refusal"] == "too_slow")
        }

        @Test("a caller that takes its answer in drips is cut, though no pause in it is long", arguments: protocols)
        func slowReader(_ version: [String]) throws {
            let upstream = try Upstream { visit in
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
                let block = [UInt8](repeating: 0, count: 1_000_000)
                for _ in 0..<1_000 { try visit.write(block) }
            }
            var setup = Setup(upstream: upstream.port)
            setup.http = ["protocols: [h2, http/1.1]", "body_timeout: 1s", "min_rate: 64MiB"]
            let gateway = try Gateway(setup)
            let call = try Curl(gateway, "/", version + ["--limit-rate", "4M"])
            // 28 is curl's own patience.
            #expect(call.exitCode != 0 && call.exitCode != 28, "\(call.errors)")
            #expect(call.body.count < 1_000_000_000)
            // Over HTTP/2 the stream may be what is ended, before the connection.
            let reasons = ["too_slow", "h2_stalled_window"]
            _ = try gateway.auditLine { line in reasons.contains { $0 == line["reason"] } }
            _ = try gateway.accessLine { line in reasons.contains { $0 == line["refusal"] } }
        }

        @Test("an upstream that takes nothing for long is not the caller's slowness", arguments: protocols)
        func slowUpstream(_ version: [String]) throws {
            let upstream = try Upstream { visit in
                usleep(1_500_000)
                _ = try MessageReader(visit).readRequest()
                try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
            var setup = Setup(upstream: upstream.port)
            setup.http = ["protocols: [h2, http/1.1]", "body_timeout: 500ms", "max_body_size: 100MiB"]
            let gateway = try Gateway(setup)
            let folder = try TestFolder()
            try folder.write([UInt8](repeating: 0x2E, count: 30_000_000), to: "body")
            let call = try Curl(gateway, "/", version + ["-H", "Expect:", "--data-binary", "@\(folder["body"])"])
            #expect(call.status == 200, "\(call.errors)")
        }

        @Test("with min_rate: off a slow body has all the time there is")
        func patience() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.http = ["body_timeout: 300ms", "min_rate: off"]
            let gateway = try Gateway(setup)
            let caller = try gateway.caller()
            try caller.send("POST", "/", fields: [Field(name: "Content-Length", value: "20")])
            for _ in 0..<20 {
                try caller.write("x")
                usleep(50_000)
            }
            #expect(try caller.messages.readResponse().final.status == 200)
        }
    }
}
