internal import DER
internal import EventLoop
internal import Glibc
internal import Observability

/// What the kernel says of this process, by the names that Prometheus' clients have agreed on.
///
/// What it looks into is opened once, at the start: later, as another user and with core dumps forbidden, the process may
/// not open the folder of its own descriptors any more.
final class ProcessMetrics: Sendable {
    private static let cpu = MetricFamily(
        "process_cpu_seconds_total", .counter, help: "Time of processors spent, in user and kernel.")
    private static let resident = MetricFamily(
        "process_resident_memory_bytes", .gauge, help: "Memory that is in use and in RAM.")
    private static let virtual = MetricFamily("process_virtual_memory_bytes", .gauge, help: "Memory that is mapped.")
    private static let descriptors = MetricFamily("process_open_fds", .gauge, help: "Open file descriptors.")
    private static let mostDescriptors = MetricFamily(
        "process_max_fds", .gauge, help: "File descriptors that may be open.")
    private static let start = MetricFamily(
        "process_start_time_seconds", .maximum, help: "When the process started, in seconds since 1970.")
    private static let build = MetricFamily("poterne_build_info", .gauge, help: "1, and which program this is.")

    private let started = Timestamp.now()
    private let version: String
    private let statistics: SharedDescriptor
    private let folder: SharedDescriptor

    /// A descriptor that several threads may read at given places, or its absence.
    private final class SharedDescriptor: Sendable {
        let number: Int32

        init(_ path: String, _ flags: Int32) {
            number = unsafe open(path, O_RDONLY | O_CLOEXEC | flags)
        }

        deinit {
            if number >= 0 { close(number) }
        }
    }

    init(version: String) {
        self.version = version
        statistics = SharedDescriptor("/proc/self/statm", 0)
        folder = SharedDescriptor("/proc/self/fd", O_DIRECTORY)
    }

    func add(to metrics: inout MetricsSnapshot) {
        if let seconds = Self.processorSeconds { metrics.add(seconds, to: Self.cpu) }
        if let pages = memoryPages {
            let size = Double(sysconf(Int32(_SC_PAGESIZE)))
            metrics.add(Double(pages.mapped) * size, to: Self.virtual)
            metrics.add(Double(pages.resident) * size, to: Self.resident)
        }
        if let count = descriptorCount { metrics.add(Double(count), to: Self.descriptors) }
        if let limit = Self.descriptorLimit { metrics.add(Double(limit), to: Self.mostDescriptors) }
        metrics.add(Double(started.secondsSinceEpoch), to: Self.start)
        metrics.add(Gauge(1), to: Self.build, MetricLabel("version", version))
    }

    private static var processorSeconds: Double? {
        var usage = rusage()
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return nil }
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }

    /// proc(5): the first two numbers of statm.
    private var memoryPages: (mapped: UInt64, resident: UInt64)? {
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(statistics.number, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return nil }
        let words = bytes[..<count].split(separator: UInt8(ascii: " ")).prefix(2)
            .compactMap { UInt64(String(decoding: $0, as: UTF8.self)) }
        return words.count == 2 ? (words[0], words[1]) : nil
    }

    /// The entries of the folder of descriptors, but for itself and its parent.
    private var descriptorCount: Int? {
        let copy = dup(folder.number)
        guard copy >= 0 else { return nil }
        guard let directory = unsafe fdopendir(copy) else {
            close(copy)
            return nil
        }
        defer { unsafe closedir(directory) }
        // The copy shares its place with the original.
        unsafe rewinddir(directory)
        var count = 0
        while unsafe readdir(directory) != nil { count += 1 }
        // Nor for the copy.
        return max(0, count - 3)
    }

    private static var descriptorLimit: UInt64? {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return UInt64(limit.rlim_cur)
    }
}
