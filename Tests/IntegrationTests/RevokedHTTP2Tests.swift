import Foundation
import TestPKI
import Testing

extension Integration {
    @Suite("A caller of HTTP/2 revoked while it is connected")
    struct RevokedHTTP2Tests {
        /// curl in the middle of a response.
        private final class Reading {
            private let folder: TestFolder
            private let child: ChildProcess

            init(_ gateway: Gateway, as caller: String, _ version: [String]) throws {
                folder = try TestFolder()
                let pki = gateway.setup.folder
                let arguments = [
                    "--silent", "--noproxy", "*", "--max-time", "50", "--no-buffer",
                    "--resolve", "localhost:\(gateway.port):127.0.0.1", "--cacert", "\(pki)/trust/root.pem",
                    "--cert", "\(pki)/\(caller).pem", "--key", "\(pki)/\(caller).key",
                ]
                child = try ChildProcess(
                    "curl", arguments + version + ["https://localhost:\(gateway.port)/slow"], output: folder["body"],
                    errors: folder["errors"])
            }

            var text: String { folder.text("body") }

            func finish() throws -> ChildProcess.End { try child.wait() }
        }

        @Test("loses its stream, or ends it first, as cut_on_revocation says", arguments: [true, false])
        func withinResponse(_ cuts: Bool) throws {
            let authority = try OwnAuthority()
            let revoked = try authority.issueCaller("revoked")
            try authority.issueCaller("good")
            let gate = Gate()
            let upstream = try Presence.upstream(holding: gate)
            var setup = authority.setup(upstream: upstream.port)
            setup.http = ["protocols: [h2, http/1.1]"]
            setup.clientCertificate = ["cut_on_revocation: \(cuts)"]
            let gateway = try Gateway(setup)
            func readings(_ name: String) throws -> [Reading] {
                try HTTP2CallersTests.versions.map { try Reading(gateway, as: "callers/\(name)", $0) }
            }
            let (ending, staying) = (try readings("revoked"), try readings("good"))
            try eventually("each is in the middle of its response") {
                (ending + staying).allSatisfy { $0.text == "first" }
            }
            try authority.revoke(revoked)
            try eventually("both are cut") {
                gateway.auditLog.count { $0["event"] == "cut" && $0["reason"] == "certificate_revoked" } == ending.count
            }
            if cuts {
                for reading in ending {
                    #expect(try reading.finish() != .exited(0), "the cut must be seen")
                    #expect(reading.text == "first")
                }
            }
            gate.open()
            for reading in cuts ? staying : ending + staying {
                #expect(try reading.finish() == .exited(0))
                #expect(reading.text == "firstlater")
            }
        }
    }
}
