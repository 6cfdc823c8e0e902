import DER
import Glibc
import Testing
import X509

@testable import Revocation

@Suite("Watched files")
struct WatchedFilesTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func look(_ files: inout WatchedFiles) -> [String] {
        var found: [String] = []
        files.look { finding in
            switch finding {
            case .contents(let path, let bytes):
                found.append("\(path.dropFirst(folder.path.count + 1)): \(String(decoding: bytes, as: UTF8.self))")
            case .unreadable(let path, let error): found.append("\(path.dropFirst(folder.path.count + 1)) \(error)")
            }
        }
        return found
    }

    @Test("a file is read once, and again when it is replaced, rewritten or made longer")
    func changes() throws {
        var files = WatchedFiles(paths: ["\(folder.path)/a"], limit: 100)
        try folder.write(Array("one".utf8), to: "a")
        #expect(look(&files) == ["a: one"])
        #expect(look(&files) == [])
        // A rename puts another file of the same size in its place.
        try folder.replace("a", with: Array("two".utf8))
        #expect(look(&files) == ["a: two"])
        try folder.write(Array("three".utf8), to: "a")
        #expect(look(&files) == ["a: three"])
        #expect(look(&files) == [])
        files.forget("\(folder.path)/a")
        #expect(look(&files) == ["a: three"])
    }

    @Test("a link that leads elsewhere is noticed, in the middle of a path too")
    func links() throws {
        try folder.folder("v1")
        try folder.folder("v2")
        try folder.write(Array("one".utf8), to: "v1/a")
        try folder.write(Array("two".utf8), to: "v2/a")
        try folder.link("..data", to: "v1")
        try folder.link("a", to: "..data/a")
        var files = WatchedFiles(paths: ["\(folder.path)/a"], limit: 100)
        #expect(look(&files) == ["a: one"])
        try folder.link("..data", to: "v2")
        #expect(look(&files) == ["a: two"])
        try folder.link("a", to: "v1/a")
        #expect(look(&files) == ["a: one"])
        #expect(look(&files) == [])
    }

    @Test("a folder is looked through, hidden files and folders in it left out")
    func folders() throws {
        try folder.write(Array("one".utf8), to: "a")
        try folder.write(Array("half".utf8), to: ".a.tmp")
        try folder.folder("sub")
        try folder.write(Array("deep".utf8), to: "sub/b")
        var files = WatchedFiles(paths: [folder.path], limit: 100)
        #expect(look(&files) == ["a: one"])
        try folder.write(Array("two".utf8), to: "b")
        #expect(look(&files) == ["b: two"])
        folder.remove("a")
        #expect(look(&files) == [])
        try folder.write(Array("back".utf8), to: "a")
        #expect(look(&files) == ["a: back"])
    }

    @Test("what cannot be read is told once, and the rest is read")
    func unreadable() throws {
        try folder.write([UInt8](repeating: 65, count: 101), to: "large")
        try folder.write(Array("one".utf8), to: "small")
        var files = WatchedFiles(
            paths: ["\(folder.path)/missing", "\(folder.path)/large", "\(folder.path)/small"], limit: 100)
        #expect(
            look(&files) == [
                "missing stat: No such file or directory", "large it is larger than 100 bytes", "small: one",
            ])
        #expect(look(&files) == [])
        try folder.write(Array("now".utf8), to: "missing")
        try folder.write(Array("cut".utf8), to: "large")
        #expect(look(&files) == ["missing: now", "large: cut"])
    }
}

@Suite("The state directory")
struct StateDirectoryTests {
    private let folder: TemporaryFolder
    private let authority: TestAuthority

    init() throws {
        folder = try TemporaryFolder()
        authority = try TestAuthority()
    }

    private var settings: RevocationSettings {
        var settings = RevocationSettings(authorities: [.init(certificate: authority.certificate)])
        settings.stateDirectory = "\(folder.path)/state"
        return settings
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return 0 }
        return status.st_mode & 0o777
    }

    @Test("the last good CRL of each CA and kind is there, for the owner alone, and serves the next start")
    func restart() throws {
        let now = Timestamp.now()
        func draft(_ number: Int, base: Int? = nil, _ serial: [UInt8]) -> RevocationListDraft {
            let ago = now.seconds(since: noon)
            return RevocationListDraft(number, base: base, [.init(serial)]).valid(from: ago - 60, to: ago + 9000)
        }
        try folder.write(draft(5, [1]).signed(by: authority), to: "base.crl")
        try folder.write(draft(6, base: 5, [2]).signed(by: authority), to: "delta.crl")
        var first = settings
        first.files = ["\(folder.path)/base.crl", "\(folder.path)/delta.crl"]
        let before = RevocationThread.once(first, fetching: false) { _ in }
        let names = TemporaryFolder.names(in: "\(folder.path)/state")
        #expect(names.count == 2)
        #expect(mode("\(folder.path)/state") == 0o700)
        for name in names { #expect(mode("\(folder.path)/state/\(name)") == 0o600) }

        let after = RevocationThread.once(settings, fetching: false) { _ in }
        for serial in [[1], [2], [3]] as [[UInt8]] {
            let leaf = try authority.leaf(serial: serial)
            #expect(
                after.snapshot.status(of: leaf, issuedBy: authority.certificate, at: now)
                    == before.snapshot.status(of: leaf, issuedBy: authority.certificate, at: now))
        }
        #expect(after.report.lists.first?.delta?.number == CRLNumber(6))
    }

    @Test("what is in it is verified again")
    func tampered() throws {
        try folder.folder("state")
        var forged = try RevocationListDraft(5).signed(by: authority)
        forged[forged.count - 1] ^= 1
        try folder.write(forged, to: "state/a.crl")
        try folder.write(Array("rubbish".utf8), to: "state/b.crl")
        var refusals = 0
        let outcome = RevocationThread.once(settings, fetching: false) { event in
            if case .offered(.refused(.unusable), .state) = event { refusals += 1 }
        }
        #expect(refusals == 2)
        #expect(outcome.snapshot.authorities.isEmpty)
    }

    @Test("without a place to write, the CRLs serve all the same, and it is told")
    func unwritable() throws {
        try folder.write([], to: "state")
        let now = Timestamp.now().seconds(since: noon)
        try folder.write(
            RevocationListDraft(5).valid(from: now - 60, to: now + 60).signed(by: authority), to: "base.crl")
        var settings = settings
        settings.files = ["\(folder.path)/base.crl"]
        var told = false
        let outcome = RevocationThread.once(settings, fetching: false) { event in
            if case .notKept = event { told = true }
        }
        #expect(told)
        #expect(outcome.snapshot.authorities.count == 1)
    }
}
