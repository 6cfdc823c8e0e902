import Foundation
import Glibc
import TLS
import TestPKI
import Testing

extension Integration {
    @Suite("callers_file")
    struct EnrolmentTests {
        /// A gateway with one enrolled route, and callers of three structures.
        private final class Scene {
            let authority: OwnAuthority
            let upstream: Upstream
            let gateway: Gateway
            let file: String

            init(_ list: String, as name: String = "callers.yaml") throws {
                authority = try OwnAuthority()
                upstream = try Upstream()
                try authority.issueCaller("one", as: .organisation("APP \"UN\"", structure: "10B0999901"))
                try authority.issueCaller("two", as: .organisation("APP-DEUX", structure: "399999999000002"))
                try authority.issueCaller("other", as: .organisation("APP \"UN\"", structure: "399999999000002"))
                file = try authority.folder.write(list, to: name)
                var setup = authority.setup(upstream: upstream.port)
                setup.http = ["protocols: [h2, http/1.1]", "max_requests_per_connection: 1000000000"]
                setup.routes = [
                    "{path: /, upstream: app, callers_file: \(file), "
                        + "identity: [igc-sante, {custom: [{name: X-Client-Id, value: \"{client_id}\"}]}]}"
                ]
                gateway = try Gateway(setup)
            }

            /// Puts another file in its place.
            func replace(_ list: String) throws {
                try authority.folder.write(list, to: URL(fileURLWithPath: file).lastPathComponent)
            }
        }

        private static let one = "- {structure: \"10B0999901\", name: \"APP \\\"UN\\\"\", client_id: premier}\n"
        private static let two =
            "- {subject: \"CN=APP-DEUX, OU=399999999000002, O=CENTRE DE SANTE FICTIF 99901, ST=Rhône (69), C=FR\"}\n"

        static let protocols = [["--http1.1"], ["--http2"]]

        @Test(
            "admits who is on it, by structure and name together or by subject, and nobody else", arguments: protocols)
        func enrolled(_ version: [String]) throws {
            let scene = try Scene(Self.one + Self.two)
            #expect(try Curl(scene.gateway, as: "callers/one", version).status == 200)
            #expect(scene.upstream.requests.last?.fields[all: "X-Client-Id"] == ["premier"])
            #expect(try Curl(scene.gateway, as: "callers/two", version).status == 200)
            // An entry without an id has none to tell, and what the caller says is not it.
            #expect(
                try Curl(scene.gateway, as: "callers/two", version + ["-H", "x_client.id: premier"]).status == 200)
            #expect(scene.upstream.requests.suffix(2).allSatisfy { $0.fields[all: "X-Client-Id"].isEmpty })
            #expect(!scene.upstream.text.lowercased().contains("x_client"))
            let refused = try Curl(scene.gateway, as: "callers/other", version)
            #expect(refused.status == 403)
            #expect(refused.text.contains("\"caller_not_enrolled\""))
            #expect(scene.upstream.requests.count == 3)
        }

        @Test(
            "an unknown caller's audit line holds the line that enrols it, read without a reload",
            arguments: ["callers.yaml", "callers.csv"])
        func pasted(_ name: String) throws {
            let head = name.hasSuffix("csv") ? "structure,name,client_id\n" : ""
            let scene = try Scene(head.isEmpty ? Self.two : head + "399999999000002,APP-DEUX,\n", as: name)
            let caller = try scene.gateway.caller("callers/one")
            #expect(try caller.exchange("GET", "/x").code == "caller_not_enrolled")
            let line = try scene.gateway.auditLine { $0["reason"] == "caller_not_enrolled" }
            #expect(line["event"] == "request_refused")
            #expect(line["structure"] == "10B0999901")
            #expect(line["client"] == "APP \"UN\"")
            #expect(line["subject"]?.contains("OU=10B0999901") == true)
            #expect(line["thumbprint"]?.count == 64)
            #expect(line["route"] == "*/")
            #expect(line["rule"]?.hasSuffix(" callers_file") == true)
            let enrol = try #require(line["enrol"])
            try scene.replace(head + enrol + "\n")
            try eventually("the open connection's caller is admitted") {
                try caller.exchange("GET", "/x").status == 200
            }
            // Whoever is not on the new list any more is refused at its next request, on an open connection too.
            #expect(try scene.gateway.caller("callers/two").exchange("GET", "/x").code == "caller_not_enrolled")
        }

        @Test("a changed id is told by open connections, after a rename and when a link is turned")
        func followed() throws {
            let scene = try Scene(Self.one)
            let caller = try scene.gateway.caller("callers/one")
            func tells(_ id: String) throws -> Bool {
                #expect(try caller.exchange("GET", "/").status == 200)
                return scene.upstream.requests.last?.fields["X-Client-Id"] == id
            }
            #expect(try tells("premier"))
            try scene.replace(Self.one.replacing("premier", with: "second"))
            try eventually("the renamed file's id is told") { try tells("second") }
            let target = try scene.authority.folder.write(
                Self.one.replacing("premier", with: "third"), to: "third.yaml")
            let link = scene.authority.folder["link"]
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
            let turned = unsafe rename(link, scene.file)
            #expect(turned == 0)
            try eventually("the link's id is told") { try tells("third") }
        }

        @Test("a bad file keeps the last good one and is told once, a good one is taken again")
        func bad() throws {
            let scene = try Scene(Self.one)
            let caller = try scene.gateway.caller("callers/one")
            #expect(try caller.exchange("GET", "/").status == 200)
            try scene.replace(Self.one + Self.one)
            let place = "callers.yaml:2:3"
            try eventually("the fault is in the log") { scene.gateway.operatorLog.contains(place) }
            #expect(try caller.exchange("GET", "/").status == 200)
            try FileManager.default.removeItem(atPath: scene.file)
            #expect(scene.gateway.operatorLog.contains("this caller is enrolled already, at line 1"))
            try eventually("the missing file is in the log") { scene.gateway.operatorLog.contains("is not there") }
            #expect(try caller.exchange("GET", "/").status == 200)
            try scene.replace("[]")
            try eventually("an empty list is a list") {
                try caller.exchange("GET", "/").code == "caller_not_enrolled"
            }
            #expect(scene.gateway.operatorLog.components(separatedBy: place).count == 2)
        }

        @Test("a bad file at the start is refused with its place")
        func badStart() throws {
            let folder = try TestFolder()
            let file = try folder.write("structure,name\n1\n", to: "callers.csv")
            var setup = Setup()
            setup.routes = ["{path: /, callers_file: \(file), respond: {status: 200, body: ok}}"]
            let error = #expect(throws: Gateway.CannotServe.self) { _ = try Gateway(setup) }
            #expect(error?.log.contains("callers.csv:2:1") == true, "\(error?.log ?? "")")
        }

        @Test("reloaded again and again under load, no request is lost and no connection ended")
        func underLoad() throws {
            let scene = try Scene(Self.one + Self.two)
            let (goesOn, answered, failed) = (Switch(true), Tally(), Tally())
            let callers = try (0..<4).map { try scene.gateway.caller($0 % 2 == 0 ? "callers/one" : "callers/two") }
            let done = DispatchGroup()
            for caller in callers {
                nonisolated(unsafe) let caller = caller
                done.enter()
                Thread.detachNewThread {
                    while goesOn.isOn {
                        let status = (try? unsafe caller.exchange("GET", "/"))?.status
                        if status == 200 { answered.add(1) } else { failed.add(1) }
                        if status == nil { break }
                    }
                    done.leave()
                }
            }
            for round in 1...4 {
                let more = (0..<2000).map { "- {structure: \"3\($0)\", name: \"\(round)\"}\n" }.joined()
                try scene.replace(Self.one + more + Self.two)
                try eventually("list \(round) is taken") {
                    scene.gateway.operatorLog.components(separatedBy: "enrolment list taken").count == round + 1
                }
            }
            goesOn.isOn = false
            done.wait()
            #expect(failed.count == 0)
            #expect(answered.count > 0)
            #expect(scene.gateway.accessLog.allSatisfy { $0["status"] == "200" })
        }
    }
}
