import Foundation
import Synchronization
import TLS
import TestPKI
import Testing

extension Integration {
    /// A CRL's file is replaced while a hundred callers are in the middle of their handshakes.
    @Suite("A CRL replaced while a hundred callers shake hands")
    struct RevokedDuringHandshakeTests {
        /// What became of one caller.
        private enum Outcome: Equatable {
            case served
            case refused(TLSError)
            case lost(String)
        }

        /// Calls once, and says what came of it.
        private static func call(
            _ port: UInt16, _ identity: TLSIdentity, over version: TLSVersion
        ) -> Outcome {
            do {
                let caller = try Caller(port: port, as: identity, over: version)
                let answer = try caller.exchange("GET", "/")
                return answer.status == 200 && answer.isComplete ? .served : .lost("\(answer)")
            } catch let error as TLSError {
                return .refused(error)
            } catch {
                return .lost("\(error)")
            }
        }

        /// Callers that call at once, each on a thread of its own.
        private final class Crowd: Sendable {
            private let count: Int
            private let outcomes = Mutex<[Int: [Outcome]]>([:])

            init(_ count: Int, _ call: @escaping @Sendable (Int) -> [Outcome]) {
                self.count = count
                for number in 0..<count {
                    Thread.detachNewThread { [self] in
                        let outcome = call(number)
                        outcomes.withLock { $0[number] = outcome }
                    }
                }
            }

            /// What became of each, once that is known of all.
            func finish() throws -> [[Outcome]] {
                try eventually("every caller has its outcome", within: 60) {
                    let all = outcomes.withLock { $0 }
                    return all.count == count ? all.sorted { $0.key < $1.key }.map(\.value) : nil
                }
            }
        }

        /// A way to the gateway on which its first answer to each caller is held until `hold` returns.
        private static func relay(
            to port: UInt16, holding hold: @escaping @Sendable () throws -> Void
        ) throws -> Upstream {
            try Upstream { visit in
                let gateway = try Wire(port: port)
                Thread.detachNewThread {
                    do {
                        var bytes = try gateway.read()
                        try hold()
                        while !bytes.isEmpty {
                            try visit.write(bytes)
                            bytes = try gateway.read()
                        }
                    } catch {}
                    visit.wire.endOutput()
                }
                // To the caller's own end, so that nothing it still says resets what it is told.
                while true {
                    let bytes = try visit.read()
                    guard !bytes.isEmpty else { break }
                    try gateway.write(bytes)
                }
                gateway.endOutput()
            }
        }

        private func inUse(_ gateway: Gateway) -> Int {
            gateway.operatorLog.split(separator: "\n").count { $0.contains("is in use") }
        }

        @Test("who was revoked meanwhile is refused, the ninety-nine others are served", arguments: TLSVersion.allCases)
        func heldMidway(_ version: TLSVersion) throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            let gateway = try Gateway(authority.setup())
            let (bad, good) = try (
                TLSIdentity(files: "\(authority.path)/callers/revoked"),
                TLSIdentity(files: "\(authority.path)/callers/good")
            )
            let (waiting, goesOn) = (Tally(), Switch(false))
            let relay = try Self.relay(to: gateway.port) {
                waiting.add(1)
                try eventually("the CRL is replaced", within: 60) { goesOn.isOn }
            }
            let port = relay.port
            let crowd = Crowd(100) { number in [Self.call(port, number == 50 ? bad : good, over: version)] }
            try eventually("a hundred handshakes are half done", within: 60) { waiting.count == 100 }
            // The gateway gives a handshake ten seconds in all.
            try authority.revoke(revoked)
            try gateway.awaitList(2)
            goesOn.isOn = true
            for (number, outcome) in try crowd.finish().enumerated() {
                let expected: Outcome = number == 50 ? .refused(.alertReceived(.certificateRevoked)) : .served
                #expect(outcome == [expected], "caller \(number)")
            }
            // The caller has its alert before the line is in the file.
            _ = try gateway.auditLine { $0["event"] == "handshake_refused" }
            #expect(gateway.auditLog.count { $0["event"] == "handshake_refused" } == 1)
        }

        @Test("callers that come again and again while the file is renamed are served each time")
        func callingOn() throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            try authority.revoke(revoked)
            let gateway = try Gateway(authority.setup())
            let (bad, good) = try (
                TLSIdentity(files: "\(authority.path)/callers/revoked"),
                TLSIdentity(files: "\(authority.path)/callers/good")
            )
            let (port, goesOn) = (gateway.port, Switch(true))
            let crowd = Crowd(100) { number in
                var outcomes: [Outcome] = []
                repeat {
                    let version: TLSVersion = number % 2 == 0 ? .tls13 : .tls12
                    outcomes.append(Self.call(port, number % 10 == 0 ? bad : good, over: version))
                } while goesOn.isOn
                return outcomes
            }
            for round in 1...3 {
                let before = inUse(gateway)
                var list = authority.template()
                list.number = 10 + round
                list.thisUpdate = authority.ago(3_000 - Int64(round))
                try authority.publish(list)
                try eventually("the CRL is in use") { inUse(gateway) > before }
            }
            goesOn.isOn = false
            let all = try crowd.finish()
            for (number, outcomes) in all.enumerated() {
                let expected: Outcome = number % 10 == 0 ? .refused(.alertReceived(.certificateRevoked)) : .served
                let others = outcomes.filter { $0 != expected }
                #expect(others.isEmpty, "caller \(number): \(others.first.map { "\($0)" } ?? "")")
            }
            #expect(all.joined().count >= 100)
        }
    }
}
