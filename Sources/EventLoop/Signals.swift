internal import CLinux
internal import Glibc

/// A signal that a server answers.
public enum Signal: Int32, CaseIterable, Sendable {
    /// SIGHUP: reload.
    case hangup = 1
    /// SIGINT: the user's Ctrl-C.
    case interrupt = 2
    /// SIGQUIT.
    case quit = 3
    /// SIGUSR1.
    case user1 = 10
    /// SIGUSR2.
    case user2 = 12
    /// SIGTERM: stop.
    case terminate = 15
    /// SIGCHLD: a child process has ended.
    case child = 17

    /// Blocks these signals in the calling thread, and in every thread it spawns afterwards.
    ///
    /// To be called first thing in `main`: a ``SignalWatcher`` gets a signal only if no thread takes it the usual way.
    public static func block(_ signals: [Signal]) {
        var set = sigset_t(signals)
        // Fails for a bad "how" only.
        unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Unblocks every signal in the calling thread: what a new program must start from, whatever started it.
    public static func unblockAll() {
        var none = sigset_t([])
        unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
    }

    /// Has the whole process ignore SIGPIPE, so that a peer which goes away is an error of `write`, not our end; and
    /// SIGXFSZ, so that a file which may not grow is one too.
    ///
    /// OpenSSL writes to the socket itself, without `MSG_NOSIGNAL`: no per-call flag would do.
    public static func ignoreBrokenPipes() {
        Glibc.signal(SIGPIPE, SIG_IGN)
        Glibc.signal(SIGXFSZ, SIG_IGN)
    }
}

/// Who is told of signals.
public protocol SignalHandler: AnyObject {
    /// The process was sent this signal; several equal ones may be told as one.
    ///
    /// - Parameters:
    ///   - signal: which.
    ///   - sender: the process that sent it, for the log; 0 when the kernel did.
    func received(_ signal: Signal, from sender: Int32)
}

/// Receives signals as events of a loop, by signalfd.
///
/// As with ``Watcher``, its handler owns it. The signals must be blocked in every thread (``Signal/block(_:)``). No code runs in the context of a signal, and nothing
/// global is installed, so several loops of one process do not disturb each other.
public struct SignalWatcher: ~Copyable {
    private let relay: Relay
    private var watcher: Watcher

    /// Receives `signals` from now on.
    public init(loop: EventLoop, signals: [Signal], handler: any SignalHandler) throws(EventLoopError) {
        var set = sigset_t(signals)
        let number = unsafe clinux_signalfd(&set)
        guard number >= 0 else { throw .system(call: "signalfd", errno: errno) }
        relay = Relay(descriptor: Descriptor(owning: number), handler: handler)
        watcher = Watcher(loop: loop, descriptor: relay.descriptor, handler: relay)
        watcher.setInterest(.read)
    }

    private final class Relay: ReadinessHandler {
        let descriptor: Descriptor
        unowned(unsafe) private let handler: any SignalHandler

        init(descriptor: consuming Descriptor, handler: any SignalHandler) {
            self.descriptor = descriptor
            unsafe self.handler = handler
        }

        func ready(_ readiness: Readiness) {
            var number: Int32 = 0
            var sender: Int32 = 0
            // One at a time: level-triggered readiness calls again for the next, if the handler still wants it.
            guard unsafe clinux_read_signal(descriptor.rawValue, &number, &sender) == 1 else { return }
            guard let signal = Signal(rawValue: number) else { return }
            let handler = unsafe self.handler
            withExtendedLifetime(handler) { handler.received(signal, from: sender) }
        }
    }
}

extension sigset_t {
    fileprivate init(_ signals: [Signal]) {
        self.init()
        unsafe sigemptyset(&self)
        for signal in signals {
            unsafe sigaddset(&self, signal.rawValue)
        }
    }
}
