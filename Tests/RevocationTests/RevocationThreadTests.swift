import DER
import Glibc
import LoopbackHTTP
import Synchronization
import Testing
import X509

@testable import Revocation

/// A revocation thread of a test, with all that it published and told.
private final class Running: Sendable {
    let thread: RevocationThread
    private let heard: Heard

    final class Heard: Sendable {
        struct Contents {
            var snapshots: [RevocationSnapshot] = []
            var events: [RevocationEvent] = []
        }

        let contents = Mutex(Contents())
        private let pipe: (read: Int32, write: Int32)

        init() throws {
            var ends: [Int32] = [0, 0]
            guard unsafe Glibc.pipe(&ends) == 0 else { throw TemporaryFolder.Failure(call: "pipe") }
            pipe = (ends[0], ends[1])
        }

        deinit {
            close(pipe.read)
            close(pipe.write)
        }

        func tell(_ change: (inout Contents) -> Void) {
            contents.withLock { change(&$0) }
            var byte: UInt8 = 0
            _ = unsafe write(pipe.write, &byte, 1)
        }

        /// Blocks until something more was told.
        func wait() {
            var byte: UInt8 = 0
            _ = unsafe read(pipe.read, &byte, 1)
        }
    }

    init(_ settings: RevocationSettings) throws {
        let heard = try Heard()
        self.heard = heard
        thread = try RevocationThread(settings) { snapshot in
            heard.tell { $0.snapshots.append(snapshot) }
        } tell: { event in
            heard.tell { $0.events.append(event) }
        }
        let context = unsafe Unmanaged.passRetained(thread).toOpaque()
        var handle = pthread_t()
        let started = unsafe pthread_create(
            &handle, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<RevocationThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        guard started == 0 else { throw TemporaryFolder.Failure(call: "pthread_create") }
        pthread_detach(handle)
    }

    deinit { thread.stop() }

    /// Waits until a snapshot satisfies a condition; the suite's time limit ends what never does.
    func wait(until condition: (RevocationSnapshot) -> Bool) {
        while !(heard.contents.withLock { $0.snapshots.last.map(condition) } ?? false) { heard.wait() }
    }

    /// Waits until so many events satisfied a condition.
    func wait(for count: Int = 1, _ condition: (RevocationEvent) -> Bool) {
        while heard.contents.withLock({ $0.events.count(where: condition) }) < count { heard.wait() }
    }
}

@Suite("The revocation thread", .timeLimit(.minutes(1)))
struct RevocationThreadTests {
    private let authority: TestAuthority
    private let folder: TemporaryFolder
    private let now = Timestamp.now()

    init() throws {
        authority = try TestAuthority()
        folder = try TemporaryFolder()
    }

    private func bytes(_ number: Int, base: Int? = nil, _ serial: [UInt8]) throws -> [UInt8] {
        let ago = now.seconds(since: noon)
        return try RevocationListDraft(number, base: base, [.init(serial)])
            .valid(from: ago - 60 + Int64(number), to: ago + 90_000).signed(by: authority)
    }

    private func isRevoked(_ serial: [UInt8]) throws -> (RevocationSnapshot) -> Bool {
        let leaf = try authority.leaf(serial: serial)
        let subject = RevocationSubject(leaf, issuedBy: authority.certificate)
        return { snapshot in
            if case .revoked = snapshot.status(of: subject, at: self.now) { true } else { false }
        }
    }

    private var settings: RevocationSettings {
        var settings = RevocationSettings(authorities: [.init(certificate: authority.certificate)])
        settings.files = [folder.path]
        return settings
    }

    @Test("files that are replaced by rename or by a swapped link reach the workers, bad ones are told and left")
    func files() throws {
        try folder.write(bytes(1, [1]), to: "a.crl")
        let running = try Running(settings)
        running.wait(until: try isRevoked([1]))
        try folder.replace("a.crl", with: bytes(2, [2]))
        running.wait(until: try isRevoked([2]))
        try folder.replace("a.crl", with: Array("<html>".utf8))
        running.wait { if case .offered(.refused(.unusable(.html)), .file) = $0 { true } else { false } }
        try folder.folder("v3")
        try folder.write(bytes(3, [3]), to: "v3/b.crl")
        try folder.link("a.crl", to: "v3/b.crl")
        running.wait(until: try isRevoked([3]))
    }

    @Test("a start with nothing at hand publishes that, and says which CA has no CRL")
    func nothing() throws {
        let running = try Running(settings)
        running.wait { $0.authorities.isEmpty }
        running.wait { if case .missing(let missing) = $0 { missing == authority.certificate } else { false } }
    }

    @Test("asked again, a source is asked whether anything changed, and a new CRL is taken")
    func conditional() throws {
        let first = try bytes(1, [1])
        let second = try bytes(2, [2])
        let server = try LoopbackServer { head, _ in
            let tag = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("if-none-match:") }
            switch tag?.dropFirst("if-none-match: ".count) {
            case nil: return .response(status: 200, headers: ["ETag: \"one\""], body: first)
            case "\"one\"": return .response(status: 304)
            default: return .response(status: 200, headers: ["ETag: \"two\""], body: second)
            }
        }
        defer { server.stop() }
        var settings = settings
        settings.files = []
        settings.authorities[0].base = [.http("\(server.url)/a.crl")]
        let running = try Running(settings)
        running.wait(until: try isRevoked([1]))
        running.thread.fetch()
        running.wait { if case .notModified = $0 { true } else { false } }
        #expect(server.heads.count == 2)
        let source = running.thread.report.sources.first
        #expect(source?.failure == nil)
        #expect(source?.lastSuccess != nil)
    }

    @Test("reconfigured, it keeps the CRLs it has and takes the new source")
    func reconfigured() throws {
        try folder.write(bytes(1, [1]), to: "a.crl")
        let running = try Running(settings)
        running.wait(until: try isRevoked([1]))
        let list = try bytes(2, [2])
        let server = try LoopbackServer { _, _ in .response(status: 200, body: list) }
        defer { server.stop() }
        var next = settings
        next.files = []
        next.staleness = .grace(seconds: 60)
        next.authorities[0].base = [.http(server.url)]
        running.thread.reconfigure(next)
        running.wait { $0.staleness == .grace(seconds: 60) && !$0.authorities.isEmpty }
        running.wait(until: try isRevoked([2]))
    }

    @Test("a delta that is ahead of its base has the base fetched at once")
    func deltaAhead() throws {
        let lists = try [bytes(1, [1]), bytes(2, [2])]
        let server = try LoopbackServer { _, count in .response(status: 200, body: lists[min(count, 1)]) }
        defer { server.stop() }
        var settings = settings
        settings.authorities[0].base = [.http("\(server.url)/a.crl")]
        let running = try Running(settings)
        running.wait(until: try isRevoked([1]))
        try folder.write(bytes(3, base: 2, [3]), to: "delta.crl")
        running.wait(until: try isRevoked([3]))
        running.wait(until: try isRevoked([2]))
        #expect(server.heads.count == 2)
    }

    @Test("a CRL is in use before it is on disk, and on disk it is before the next one is looked for")
    func kept() throws {
        try folder.folder("state")
        try folder.write(bytes(1, [1]), to: "a.crl")
        var settings = settings
        settings.stateDirectory = "\(folder.path)/state"
        let running = try Running(settings)
        running.wait(until: try isRevoked([1]))
        try folder.replace("a.crl", with: bytes(2, [2]))
        running.wait(until: try isRevoked([2]))
        try folder.replace("a.crl", with: Array("<html>".utf8))
        running.wait { if case .offered(.refused, _) = $0 { true } else { false } }
        running.thread.stop()
        settings.files = []
        let outcome = RevocationThread.once(settings, fetching: false) { _ in }
        #expect(outcome.report.lists.first?.base?.number == CRLNumber(2))
    }
}
