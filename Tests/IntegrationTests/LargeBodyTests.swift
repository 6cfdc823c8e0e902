import Foundation
import TLS
import Testing

extension Integration {
    @Suite("Bodies larger than memory should hold")
    struct LargeBodyTests {
        /// What a gateway may grow by while a body passes: buffers of one connection on each side, and the allocator's slack.
        private static let growthKiB = 24 * 1024

        /// Watches a gateway's memory until a program has ended.
        private func peak(of gateway: Gateway, while child: ChildProcess) throws -> Int {
            var peak = 0
            try eventually("the transfer ends", within: 100) {
                peak = max(peak, gateway.process.residentKiB ?? 0)
                return !child.isRunning
            }
            return peak
        }

        private func gateway(_ port: UInt16) throws -> Gateway {
            var setup = Setup(upstream: port)
            setup.http = ["max_body_size: off"]
            let gateway = try Gateway(setup)
            // What the first exchange allocates is not growth.
            #expect(try gateway.caller().exchange("GET", "/warm-up").status == 200)
            return gateway
        }

        private func curl(_ gateway: Gateway, _ folder: TestFolder, _ arguments: String) throws -> ChildProcess {
            let caller = "\(TestCertificates.folder)/callers/org-auth-cli"
            let command =
                "curl -sS --fail --noproxy '*' --http1.1 --max-time 100 --resolve localhost:\(gateway.port):127.0.0.1 "
                + "--cacert \(TestCertificates.folder)/trust/root.pem --cert \(caller).pem --key \(caller).key \(arguments)"
            return try ChildProcess(
                "sh", ["-c", command], output: folder["output"], errors: folder["errors"])
        }

        @Test("a download passes in constant memory")
        func download() throws {
            let size = 512 << 20
            let echo = try Echo()
            let gateway = try gateway(echo.port)
            let before = try #require(gateway.process.residentKiB)
            let folder = try TestFolder()
            let child = try curl(
                gateway, folder, "-o /dev/null -w '%{size_download}' https://localhost:\(gateway.port)/bytes/\(size)")
            let peak = try peak(of: gateway, while: child)
            #expect(child.ended == .exited(0), "\(folder.text("errors"))")
            #expect(folder.text("output") == "\(size)")
            #expect(peak < before + Self.growthKiB, "from \(before) to \(peak) KiB")
        }

        @Test("an upload passes in constant memory", arguments: ["Transfer-Encoding: chunked", ""])
        func upload(_ field: String) throws {
            let size = 256 << 20
            let echo = try Echo()
            let gateway = try gateway(echo.port)
            let before = try #require(gateway.process.residentKiB)
            let folder = try TestFolder()
            if field.isEmpty {
                // A sparse file: a length is announced.
                _ = FileManager.default.createFile(atPath: folder["zeros"], contents: nil)
                try FileHandle(forWritingTo: URL(fileURLWithPath: folder["zeros"])).truncate(atOffset: UInt64(size))
            }
            let source = field.isEmpty ? "-T \(folder["zeros"])" : "-T - "
            let child = try curl(
                gateway, folder,
                "\(source) https://localhost:\(gateway.port)/in"
                    + (field.isEmpty ? "" : " < /dev/stdin"),
                feeding: field.isEmpty ? nil : size)
            let peak = try peak(of: gateway, while: child)
            #expect(child.ended == .exited(0), "\(folder.text("errors"))")
            let reply = try #require(Echo.Reply(folder.text("output")), "\(folder.text("output"))")
            #expect(reply.bodyBytes == size)
            #expect((reply.fields["Transfer-Encoding"] == "chunked") == !field.isEmpty)
            #expect(peak < before + Self.growthKiB, "from \(before) to \(peak) KiB")
        }

        private func curl(
            _ gateway: Gateway, _ folder: TestFolder, _ arguments: String, feeding size: Int?
        ) throws -> ChildProcess {
            guard let size else { return try curl(gateway, folder, arguments) }
            let caller = "\(TestCertificates.folder)/callers/org-auth-cli"
            let command =
                "head -c \(size) /dev/zero | curl -sS --fail --noproxy '*' --http1.1 --max-time 100 "
                + "--resolve localhost:\(gateway.port):127.0.0.1 --cacert \(TestCertificates.folder)/trust/root.pem "
                + "--cert \(caller).pem --key \(caller).key -T - https://localhost:\(gateway.port)/in"
            return try ChildProcess("sh", ["-c", command], output: folder["output"], errors: folder["errors"])
        }

        @Test("a caller that does not read stops the upstream, not the memory", arguments: TLSVersion.allCases)
        func slowReader(_ version: TLSVersion) throws {
            let size = 64 << 20
            let progress = Tally()
            let upstream = try Upstream { visit in
                let reader = MessageReader(visit)
                while let request = try reader.readRequest() {
                    guard request.target == "/large" else {
                        try visit.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                        continue
                    }
                    try visit.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
                    let piece = [UInt8](repeating: 0x61, count: 64 * 1024)
                    for _ in 0..<(size / piece.count) {
                        try visit.write(piece)
                        progress.add(piece.count)
                    }
                }
            }
            let gateway = try gateway(upstream.port)
            let before = try #require(gateway.process.residentKiB)
            let caller = try gateway.caller(over: version)
            try caller.send("GET", "/large")
            // The upstream is stopped when it gets no further between two looks, some milliseconds apart.
            var last = -1
            var still = 0
            try eventually("the upstream is stopped") {
                still = progress.count == last ? still + 1 : 0
                last = progress.count
                return last > 0 && still > 30
            }
            #expect(progress.count < size / 2)
            #expect(try #require(gateway.process.residentKiB) < before + Self.growthKiB)
            let answer = try caller.messages.readResponse().final
            #expect(answer.isComplete)
            #expect(answer.body.count == size)
            #expect(progress.count == size)
        }

        @Test("an upstream that does not read stops the caller, not the memory")
        func slowUpstream() throws {
            let gate = Gate()
            let upstream = try Upstream { visit in
                let reader = MessageReader(visit)
                guard let head = try reader.readHead() else { return }
                if head.target == "/in" { try gate.pass() }
                var count = reader.rest.count
                while count < 8 << 20, head.target == "/in", case let more = try visit.wire.read(), !more.isEmpty {
                    count += more.count
                }
                let body = "\(count)"
                try visit.write(
                    "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
            }
            let gateway = try gateway(upstream.port)
            let before = try #require(gateway.process.residentKiB)
            let size = 8 << 20
            let folder = try TestFolder()
            let child = try curl(gateway, folder, "", feeding: size)
            var highest = 0
            var still = 0
            try eventually("the caller is stopped") {
                let now = gateway.process.residentKiB ?? 0
                still = now == highest ? still + 1 : 0
                highest = max(highest, now)
                return still > 60
            }
            #expect(child.isRunning)
            #expect(highest < before + Self.growthKiB / 2)
            gate.open()
            try child.wait()
            // Chunks have sizes, which count here too.
            let received = try #require(Int(folder.text("output")), "\(folder.text("errors"))")
            #expect(received >= size)
        }
    }
}
