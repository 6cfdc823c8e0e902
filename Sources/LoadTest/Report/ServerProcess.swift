internal import Glibc

/// A process and its descendants, seen through `/proc`.
struct ServerProcess {
    let identifier: Int32

    /// The processor time that the tree has used up, in nanoseconds; nothing when there is no such process.
    ///
    /// Summed over the threads that live now: that of a thread which has ended is missing.
    var processorTime: UInt64? {
        let threads = tree.flatMap { process in
            (SystemFile.names(inFolder: "/proc/\(process)/task") ?? []).map { "/proc/\(process)/task/\($0)/schedstat" }
        }
        let times = threads.compactMap { path in
            (try? SystemFile.contents(of: path)).flatMap { Self.number(in: $0, field: 0) }
        }
        return times.isEmpty ? nil : times.reduce(0, +)
    }

    /// The memory of the tree that is resident, in bytes; pages shared by several processes count in each.
    var residentBytes: UInt64? {
        let sizes = tree.compactMap { process in
            (try? SystemFile.contents(of: "/proc/\(process)/statm")).flatMap { Self.number(in: $0, field: 1) }
        }
        return sizes.isEmpty ? nil : sizes.reduce(0, +) * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// The process and all that descend from it.
    private var tree: [Int32] {
        var children: [Int32: [Int32]] = [:]
        for process in (SystemFile.names(inFolder: "/proc") ?? []).compactMap({ Int32($0) }) {
            guard let stat = try? SystemFile.contents(of: "/proc/\(process)/stat"),
                // The name, which may hold anything, ends at the last parenthesis (proc(5)).
                let name = stat.lastIndex(of: UInt8(ascii: ")")),
                let parent = Self.number(in: Array(stat[(name + 2)...]), field: 1)
            else { continue }
            children[Int32(truncatingIfNeeded: parent), default: []].append(process)
        }
        var found = [identifier]
        var next = 0
        while next < found.count {
            found += children[found[next]] ?? []
            next += 1
        }
        return found
    }

    /// A number among fields parted by spaces.
    private static func number(in text: [UInt8], field: Int) -> UInt64? {
        let fields = text.split(separator: UInt8(ascii: " "), maxSplits: field + 1)
        guard fields.count > field else { return nil }
        return UInt64(String(decoding: fields[field].prefix { $0 > 0x20 }, as: UTF8.self))
    }

    /// The processor time of this very process, in nanoseconds.
    static var ownProcessorTime: UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
