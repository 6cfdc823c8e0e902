internal import EventLoop
internal import Glibc
internal import Logging

extension ControlThread {
    /// Starts the program anew on the same sockets, and ends when that process serves; stays if it does not.
    ///
    /// - Parameter told: called once with what came of it, before this process drains.
    func upgrade(told: @escaping (Bool, String) -> Void = { _, _ in }) {
        guard !isDraining else { return told(false, "this process is draining") }
        guard successor == nil else { return told(false, "an upgrade is under way already") }
        // Before it is started, since it reads what this process has kept.
        surveillance.handOver()
        do {
            successor = try Successor(seed, sockets: sockets, patience: Limits.upgradePatience, loop: loop) {
                [unowned self] outcome in conclude(outcome, told: told)
            }
            log.notice("upgrade: started \(seed.executable), and waiting for it to serve")
        } catch {
            fail("\(error)", told: told)
        }
    }

    private func conclude(_ outcome: Successor.Outcome, told: (Bool, String) -> Void) {
        successor = nil
        switch outcome {
        case .ready(let process):
            log.notice("upgrade: process \(process) serves, this one drains")
            manager.handOver(to: process)
            told(true, "upgraded: process \(process) serves")
            drain(.handingOver)
        case .failed(let reason):
            fail(reason, told: told)
        }
    }

    private func fail(_ reason: String, told: (Bool, String) -> Void) {
        surveillance.takeBack()
        admin.noteFailedUpgrade()
        log.error("upgrade failed, this process goes on: \(reason)")
        told(false, "upgrade failed, the process in place goes on: \(reason)")
    }
}

/// The process that this one takes over from, and that waits to hear that it serves.
struct Predecessor: ~Copyable {
    private let descriptor: Descriptor

    init(descriptor number: Int32) {
        descriptor = Descriptor(owning: number)
    }

    /// Says that callers are served here; if nothing was said before the end of this process, the other one goes on.
    borrowing func tellReady() {
        let word = Successor.word
        _ = Socket.write(word.span, to: descriptor)
    }
}

/// This process.
enum Process {
    /// Its id.
    static var own: Int32 { getpid() }

    /// The name of the machine it runs on; empty where it has none.
    static var node: String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
