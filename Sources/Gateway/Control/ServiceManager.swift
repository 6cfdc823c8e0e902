internal import CLinux
internal import Glibc

/// What systemd, or whoever else started the process with `NOTIFY_SOCKET`, is told: sd_notify(3), without libsystemd.
struct ServiceManager: Sendable {
    private let socket: String?
    /// How often the watchdog wants to hear of us; nil when nobody watches.
    let watchdog: Duration?

    /// Finds out from the environment who is to be told.
    init(environment: [String: String], process: Int32) {
        let socket = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        self.socket = socket
        let isOurs = environment["WATCHDOG_PID"].map { $0 == "\(process)" } ?? true
        let period = environment["WATCHDOG_USEC"].flatMap { Int64($0) }
        watchdog = period.flatMap { isOurs && socket != nil && $0 > 0 ? .microseconds($0) : nil }
    }

    /// Callers are served.
    func ready(_ status: String) { tell(["READY=1", "STATUS=\(status)"]) }

    /// A reload begins; ``ready(_:)`` ends it.
    func reloading() {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        let microseconds = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
        tell(["RELOADING=1", "MONOTONIC_USEC=\(microseconds)", "STATUS=reloading"])
    }

    /// The process is on its way out.
    func stopping() { tell(["STOPPING=1", "STATUS=draining"]) }

    /// From now on the service is that process.
    func handOver(to process: Int32) { tell(["MAINPID=\(process)", "STATUS=upgraded"]) }

    /// How things stand, in words.
    func status(_ text: String) { tell(["STATUS=\(text)"]) }

    /// Every loop is alive.
    func feedWatchdog() { tell(["WATCHDOG=1"]) }

    private func tell(_ lines: [String]) {
        guard let socket else { return }
        let bytes = Array(lines.joined(separator: "\n").utf8)
        // A manager that does not listen cannot be told so.
        _ = unsafe bytes.withUnsafeBytes { unsafe clinux_send_datagram(socket, $0.baseAddress, $0.count) }
    }
}
