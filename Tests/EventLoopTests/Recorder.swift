import EventLoop
import Glibc
import Testing

/// Owns one end of a socket pair with its watcher, and does as the test says when it is ready.
final class Endpoint: ReadinessHandler {
    let descriptor: Descriptor
    var watcher: Watcher?
    var seen: [Readiness] = []
    var onReady: (Endpoint) -> Void

    init(_ loop: EventLoop, _ descriptor: consuming Descriptor, onReady: @escaping (Endpoint) -> Void = { _ in }) {
        self.descriptor = descriptor
        self.onReady = onReady
        watcher = Watcher(loop: loop, descriptor: self.descriptor, handler: self)
    }

    func ready(_ readiness: Readiness) {
        seen.append(readiness)
        onReady(self)
    }

    func setInterest(_ readiness: Readiness) {
        watcher?.setInterest(readiness)
    }

    /// Reads what is there, as text.
    func read() -> String {
        var storage = [UInt8](repeating: 0, count: 1024)
        var buffer = storage.mutableSpan
        guard case .done(let count) = Socket.read(from: descriptor, into: &buffer) else { return "" }
        return String(decoding: storage[..<count], as: UTF8.self)
    }

    func write(_ text: String) {
        #expect(Socket.write(Array(text.utf8).span, to: descriptor) == .done(text.utf8.count))
    }
}

/// Two connected endpoints on one loop.
struct EndpointPair {
    let near: Endpoint
    let far: Endpoint

    init(_ loop: EventLoop) throws {
        let pair = try Socket.pair()
        near = Endpoint(loop, pair.first)
        far = Endpoint(loop, pair.second)
    }
}

/// Writes down which timers fired.
final class TimerRecorder: TimerHandler {
    var fired: [Int] = []
    var timers: [Holder] = []
    var onFire: (TimerRecorder, Int) -> Void = { _, _ in }

    /// An array cannot hold what cannot be copied.
    final class Holder {
        var timer: Timer?
    }

    func add(_ loop: EventLoop) -> Holder {
        let holder = Holder()
        holder.timer = Timer(loop: loop, handler: self, token: timers.count)
        timers.append(holder)
        return holder
    }

    func timerFired(_ token: Int) {
        fired.append(token)
        onFire(self, token)
    }
}

/// Handles what comes until `condition` holds; the bound is there so that a failing test ends.
func turn(_ loop: EventLoop, until condition: () -> Bool) throws {
    for _ in 0..<100_000 where !condition() {
        try loop.turn()
    }
    #expect(condition())
}
