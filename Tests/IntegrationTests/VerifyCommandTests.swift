import DER
import Foundation
import TestPKI
import Testing

@Suite("poterne verify")
struct VerifyCommandTests {
    private let pki: String

    init() throws {
        pki = try Self.folder.get()
    }

    /// Made once for the suite, and removed when the process ends.
    private static let folder = Result {
        let path = NSTemporaryDirectory() + "poterne-verify-\(ProcessInfo.processInfo.processIdentifier)"
        var options = TestPKI.Options(folder: path, now: .now())
        options.authorityKeyBits = 2_048
        options.keyType = .p256
        options.revocationEntryCount = 0
        try TestPKI.generate(options)
        atexit { try? FileManager.default.removeItem(atPath: VerifyCommandTests.path) }
        return path
    }

    private static var path: String { (try? folder.get()) ?? "" }

    private func verify(caller file: String, _ more: String...) throws -> (status: Int32, output: String) {
        let bundle =
            ["--trust", "\(pki)/trust/root.pem", "--issuer", "\(pki)/trust/organisations.pem", "--crl", "\(pki)/crl"]
            + more + ["\(pki)/\(file).pem"]
        return try run(bundle)
    }

    /// Runs the command, and says its exit status and what it printed.
    private func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let bundle = try #require(CommandLine.arguments.first { $0.contains(".xctest") })
        let folder = try #require(bundle.range(of: "/poternePackageTests.xctest")).lowerBound
        let process = Process()
        process.executableURL = URL(fileURLWithPath: bundle[..<folder] + "/poterne")
        process.arguments = ["verify"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = Pipe()
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    @Test(
        "Refuses with a reason and 1",
        arguments: [
            ("revoked", "certificate_revoked"), ("expired", "certificate_expired"), ("other-root", "unknown_issuer"),
            ("intermediate-revoked", "issuer_revoked"), ("issued-by-personnes", "issuer_not_accepted"),
        ])
    func refuses(file: String, reason: String) throws {
        let answer = try verify(caller: "wrong/\(file)")
        #expect(answer.status == 1 && answer.output.hasPrefix("refused: \(reason)\n"))
    }

    @Test("Admits with 0, for people and for scripts")
    func admits() throws {
        let answer = try verify(caller: "callers/org-auth-cli")
        #expect(answer.status == 0 && answer.output.hasPrefix("admitted\n"))
        let json = try verify(caller: "callers/org-auth-cli", "--json")
        let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
        #expect(object?["result"] as? String == "admitted" && object?["kind"] as? String == "ORG AUTH_CLI")
        let refused = try verify(caller: "wrong/expired", "--json")
        let reasons = try JSONSerialization.jsonObject(with: Data(refused.output.utf8)) as? [String: Any]
        #expect(reasons?["reason"] as? String == "certificate_expired")
    }

    @Test("The profile decides which kinds pass; any is plain RFC 5280")
    func profiles() throws {
        #expect(try verify(caller: "callers/serv-ssl").status == 1)
        #expect(try verify(caller: "callers/serv-ssl", "--profile", "ORG AUTH_CLI,SERV SSL").status == 0)
        #expect(try verify(caller: "callers/serv-ssl", "--profile", "any", "--purpose", "server").status == 0)
        let client = try verify(caller: "callers/org-sign", "--profile", "any", "--purpose", "client")
        #expect(client.output.hasPrefix("refused: purpose_not_accepted\n"))
    }

    @Test("Input that cannot be used is 2")
    func unusable() throws {
        #expect(try verify(caller: "callers/no-such-file").status == 2)
        #expect(try verify(caller: "callers/org-auth-cli", "--time", "yesterday").status == 2)
        #expect(try verify(caller: "callers/org-auth-cli", "--profile", "ORG NONE").status == 2)
        #expect(try verify(caller: "callers/org-auth-cli", "--policy", "x").status == 2)
        #expect(try run(["--trust", "\(pki)/poterne.yaml", "\(pki)/callers/org-auth-cli.pem"]).status == 2)
        #expect(
            try run(["--issuer", "\(pki)/trust/organisations.pem", "\(pki)/callers/org-auth-cli.pem"]).status == 2)
    }

    @Test("Depth and time are taken into account")
    func bounds() throws {
        #expect(
            try verify(caller: "callers/org-auth-cli", "--max-depth", "0").output.hasPrefix("refused: path_too_long"))
        let past = try verify(caller: "callers/org-auth-cli", "--time", "2001-01-01T00:00:00+02:00")
        #expect(past.status == 1)
    }
}
