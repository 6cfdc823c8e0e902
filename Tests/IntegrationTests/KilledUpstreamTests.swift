import Foundation
import Synchronization
import TLS
import Testing

extension Integration {
    @Suite("An upstream that is killed under load")
    struct KilledUpstreamTests {
        private struct Counts {
            var done = 0
            var failures: [String] = []
        }

        @Test("costs none of the requests that could be sent again")
        func killed() throws {
            let servers = try (0..<2).map { _ in try Echo() }
            var setup = Setup(upstream: servers[0].port)
            let list = servers.map { "{address: \"127.0.0.1:\($0.port)\"}" }.joined(separator: ", ")
            setup.upstreams = ["app: {servers: [\(list)]}"]
            let gateway = try Gateway(setup)
            let callers = try (0..<6).map { _ in try gateway.caller() }
            let counts = Mutex(Counts())
            let total = 1_800
            let group = DispatchGroup()
            for caller in callers.map(Handed.init) {
                group.enter()
                Thread.detachNewThread {
                    defer { group.leave() }
                    while counts.withLock({ $0.done < total && $0.failures.isEmpty }) {
                        let status = Result { try caller.value.exchange("GET", "/").status }
                        counts.withLock { counts in
                            counts.done += 1
                            if (try? status.get()) != 200 { counts.failures.append("\(counts.done): \(status)") }
                        }
                    }
                }
            }
            try eventually("a third is done") { counts.withLock { $0.done > total / 3 || !$0.failures.isEmpty } }
            servers[0].process.kill()
            #expect(group.wait(timeout: .now() + 60) == .success)
            #expect(counts.withLock { $0.failures } == [])
            #expect(counts.withLock { $0.done } >= total)
        }

        /// A caller that one thread after the other uses.
        private struct Handed: @unchecked Sendable {
            let value: Caller
        }
    }
}
