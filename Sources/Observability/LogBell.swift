internal import CLinux
internal import Glibc
internal import Synchronization

/// Wakes the thread that writes a log.
final class LogBell: Sendable {
    private let descriptor: Int32
    private let isSleeping = Atomic<Bool>(false)

    init() throws(LogError) {
        descriptor = clinux_eventfd()
        guard descriptor >= 0 else { throw .cannotMakeBell(errno: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Wakes the writer.
    func ring() {
        var one: UInt64 = 1
        // Fails only when the counter is full, and then the writer is awake.
        unsafe write(descriptor, &one, 8)
    }

    /// Wakes the writer if it sleeps; one load if not.
    func ringIfSleeping() {
        guard isSleeping.load(ordering: .sequentiallyConsistent),
            isSleeping.exchange(false, ordering: .sequentiallyConsistent)
        else { return }
        ring()
    }

    /// Rests for so long, or until rung for.
    func rest(milliseconds: Int32) {
        wait(milliseconds)
    }

    /// Sleeps until rung for, unless there is work already.
    ///
    /// The mark is set before looking, and a lane looks at the mark after appending, both sequentially consistent: one of
    /// the two sees the other.
    func sleep(unless hasWork: () -> Bool) {
        isSleeping.store(true, ordering: .sequentiallyConsistent)
        if !hasWork() { wait(-1) }
        isSleeping.store(false, ordering: .sequentiallyConsistent)
    }

    /// Waits as `body` does, which is given the descriptor that the bell rings by; idle, also for the first line.
    func wait(isIdle: Bool, unless hasWork: () -> Bool, _ body: (Int32) -> Void) {
        if isIdle { isSleeping.store(true, ordering: .sequentiallyConsistent) }
        if !isIdle || !hasWork() { body(descriptor) }
        if isIdle { isSleeping.store(false, ordering: .sequentiallyConsistent) }
        wait(0)
    }

    private func wait(_ milliseconds: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&request, 1, milliseconds) > 0 else { return }
        var count: UInt64 = 0
        unsafe read(descriptor, &count, 8)
    }
}
