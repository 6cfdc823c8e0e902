internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread that was spawned, to be joined.
public final class ThreadHandle: Sendable {
    private let thread: Mutex<pthread_t?>

    fileprivate init(_ thread: pthread_t) {
        self.thread = Mutex(thread)
    }

    deinit {
        // Never joined: let the system clear up when the thread ends.
        if let thread = thread.withLock({ $0.take() }) { pthread_detach(thread) }
    }

    /// Waits for the thread's body to return; a second call returns at once.
    public func join() {
        if let thread = thread.withLock({ $0.take() }) { pthread_join(thread, nil) }
    }
}

/// Starts a thread.
///
/// Every signal is blocked in it, except those that report a fault of its own: signals belong to the thread with the
/// ``SignalWatcher``.
///
/// - Parameters:
///   - name: shown by `top` and debuggers; the kernel keeps 15 bytes of it.
///   - body: what the thread does.
/// - Returns: what to join the thread by.
/// - Throws: `EventLoopError.system` when the system will not give another thread.
public func spawnThread(
    name: String, _ body: @escaping @Sendable () -> Void
) throws(EventLoopError) -> ThreadHandle {
    // The one place where a value crosses into another thread behind the compiler's back: the body is @Sendable, so what
    // it captures may cross; the box is given away whole, and taken once.
    let box = unsafe Unmanaged.passRetained(ThreadBody(name: name, body: body)).toOpaque()
    var thread = pthread_t()
    let outcome = unsafe clinux_spawn_thread(&thread, runThread, box)
    guard outcome == 0 else {
        unsafe Unmanaged<ThreadBody>.fromOpaque(box).release()
        throw .system(call: "pthread_create", errno: outcome)
    }
    return ThreadHandle(thread)
}

private let runThread: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { box in
    guard let box = unsafe box else { return nil }
    let start = unsafe Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue()
    unsafe clinux_name_thread(start.name)
    start.body()
    return nil
}

private final class ThreadBody: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
