import EventLoop
import Glibc
import Synchronization
import Testing

@Suite("Wakeup")
struct WakeupTests {
    @Test("tells any number of rings before the answer as one, and a later ring again")
    func coalesces() throws {
        let loop = try EventLoop()
        let wakeup = try Wakeup()
        // A ring may come before anybody listens.
        let ringers = try (0..<3).map { index in
            try spawnThread(name: "ringer \(index)") {
                for _ in 0..<1000 { wakeup.signal() }
            }
        }
        for ringer in ringers { ringer.join() }

        let listener = Listener(loop, wakeup)
        try loop.turn(waiting: false)
        try loop.turn(waiting: false)
        #expect(listener.calls == 1)
        wakeup.signal()
        try loop.turn(waiting: false)
        #expect(listener.calls == 2)
    }

    @Test("loses no message when threads ring while the loop answers")
    func losesNothing() throws {
        let loop = try EventLoop()
        let wakeup = try Wakeup()
        let sent = Counter()
        let ringers = try (0..<4).map { index in
            try spawnThread(name: "ringer \(index)") {
                for _ in 0..<5000 {
                    // Relaxed: it is the bell that must make it visible.
                    sent.value.add(1, ordering: .relaxed)
                    wakeup.signal()
                }
            }
        }
        let listener = Listener(loop, wakeup)
        var received = 0
        listener.onWake = {
            received += sent.value.exchange(0, ordering: .relaxed)
        }
        // Sleeps between rings: a lost one would leave it asleep for ever.
        while received < 20_000 { try loop.turn() }
        for ringer in ringers { ringer.join() }
        #expect(received == 20_000)
    }

    @Test("lets its listener go inside the call")
    func dropped() throws {
        let loop = try EventLoop()
        let wakeup = try Wakeup()
        var listener: Listener? = Listener(loop, wakeup)
        weak let witness = listener
        listener?.onWake = { listener = nil }
        wakeup.signal()
        try loop.turn(waiting: false)
        #expect(witness == nil)
        wakeup.signal()
        try loop.turn(waiting: false)
    }

    @Test("stops a loop that runs in another thread", .timeLimit(.minutes(1)))
    func stopsAnother() throws {
        let wakeup = try Wakeup()
        let failures = Counter()
        let thread = try spawnThread(name: "worker") {
            do {
                let loop = try EventLoop()
                let listener = Listener(loop, wakeup)
                listener.onWake = { loop.stop() }
                try loop.run()
            } catch {
                failures.value.add(1, ordering: .relaxed)
            }
        }
        wakeup.signal()
        thread.join()
        #expect(failures.value.load(ordering: .relaxed) == 0)
    }

    private final class Listener: WakeupHandler {
        var watcher: WakeupWatcher?
        var calls = 0
        var onWake: () -> Void = {}

        init(_ loop: EventLoop, _ wakeup: Wakeup) {
            watcher = WakeupWatcher(loop: loop, wakeup: wakeup, handler: self)
        }

        func wokenUp() {
            calls += 1
            onWake()
        }
    }
}

/// What threads of a test hand each other.
private final class Counter: Sendable {
    let value = Atomic<Int>(0)
}

@Suite("Threads and signals")
struct ThreadTests {
    @Test("bear their name, cut to what the kernel keeps")
    func names() throws {
        let name = Mutex("")
        try spawnThread(name: "a name that is too long") {
            let file = unsafe open("/proc/thread-self/comm", O_RDONLY | O_CLOEXEC)
            var bytes = [UInt8](repeating: 0, count: 32)
            let count = unsafe read(file, &bytes, bytes.count)
            close(file)
            name.withLock { $0 = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self) }
        }.join()
        #expect(name.withLock { $0 } == "a name that is \n")
    }

    @Test("have their body's captures released at the end, and can be joined twice")
    func releases() throws {
        final class Witness: Sendable {}
        var witness: Witness? = Witness()
        weak let observer = witness
        let thread = try spawnThread(name: "short") { [witness] in withExtendedLifetime(witness) {} }
        witness = nil
        thread.join()
        thread.join()
        #expect(observer == nil)
    }

    @Test("have every signal blocked but those of their own faults")
    func masks() throws {
        let blocked = Mutex<[Int32]>([])
        try spawnThread(name: "masked") {
            var mask = sigset_t()
            unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
            let members = (1...31).filter { unsafe sigismember(&mask, $0) == 1 }.map { Int32($0) }
            blocked.withLock { $0 = members }
        }.join()
        let members = blocked.withLock { $0 }
        for signal in Signal.allCases { #expect(members.contains(signal.rawValue)) }
        for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT] { #expect(!members.contains(fault)) }
    }

    @Test("receive signals as events of the loop")
    func signals() throws {
        let outcome = Mutex<[Signal]>([])
        let senders = Mutex<Set<Int32>>([])
        // A thread of its own, in which everything is blocked, and signals sent to that thread alone: the test process
        // lives on.
        try spawnThread(name: "signals") {
            guard let loop = try? EventLoop() else { return }
            let recorder = SignalRecorder(loop, [.hangup, .user1, .terminate])
            for signal in [SIGHUP, SIGUSR2, SIGTERM, SIGUSR1, SIGUSR1] { raise(signal) }
            for _ in 0..<10 { try? loop.turn(waiting: false) }
            outcome.withLock { $0 = recorder.received }
            senders.withLock { $0 = recorder.senders }
            // Taken back, or it would stay pending in this thread for nobody.
            recorder.watcher = nil
        }.join()
        // Equal ones pending together are one; SIGUSR2 was not asked for.
        #expect(Set(outcome.withLock { $0 }) == [.hangup, .user1, .terminate])
        #expect(outcome.withLock { $0.count } == 3)
        #expect(senders.withLock { $0 } == [getpid()])
    }

    @Test("survive a broken pipe once the process ignores it")
    func brokenPipes() async {
        await #expect(processExitsWith: .success) {
            Signal.unblockAll()
            Signal.ignoreBrokenPipes()
            let pair = try Socket.pair()
            close(pair.second.release())
            // Not our own call, which asks for no signal: a plain write, as OpenSSL makes.
            var byte: UInt8 = 0
            let outcome = unsafe write(pair.first.rawValue, &byte, 1)
            exit(outcome == -1 && errno == EPIPE ? 0 : 1)
        }
    }
}

private final class SignalRecorder: SignalHandler {
    var watcher: SignalWatcher?
    var received: [Signal] = []
    var senders: Set<Int32> = []

    init(_ loop: EventLoop, _ signals: [Signal]) {
        watcher = try? SignalWatcher(loop: loop, signals: signals, handler: self)
    }

    func received(_ signal: Signal, from sender: Int32) {
        received.append(signal)
        senders.insert(sender)
    }
}
