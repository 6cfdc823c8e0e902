import EventLoop

/// Waits for signals on a thread of its own and calls once what stops the program.
struct SignalStopper {
    let stop: @Sendable () -> Void

    /// Begins to wait; the signals must be blocked.
    func waitInBackground(_ signals: [Signal]) throws {
        let stop = self.stop
        _ = try spawnThread(name: "signals") {
            guard let loop = try? EventLoop() else { return }
            let relay = Relay(stop: stop)
            guard let watcher = try? SignalWatcher(loop: loop, signals: signals, handler: relay) else { return }
            try? loop.run()
            _ = consume watcher
        }
    }

    private final class Relay: SignalHandler {
        private let stop: @Sendable () -> Void

        init(stop: @escaping @Sendable () -> Void) {
            self.stop = stop
        }

        func received(_ signal: Signal, from sender: Int32) {
            stop()
        }
    }
}
