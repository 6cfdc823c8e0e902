/// The bounds of this module, each with its reason.
public enum ObservabilityLimits {
    /// Bytes of one value in a line, such as a path: enough to recognise it, and a caller who sends 32 KiB of path a
    /// thousand times a second does not fill the disk.
    public static var longestValue: Int { 1024 }
    /// Bytes of one line; a longer one is dropped and counted.
    ///
    /// Every value at its longest, each byte escaped, fits.
    public static var longestLine: Int { 128 * 1024 }
    /// Bytes waiting in one worker's lane: about four thousand access lines, a tenth of a second of a busy worker's.
    public static var laneCapacity: Int { 1024 * 1024 }
    /// Bytes of one write to a file.
    static var writeSize: Int { 256 * 1024 }
    /// Bytes of one write to a pipe or terminal: what poll(2) promises will not block (`PIPE_BUF`).
    static var pipeWriteSize: Int { 4096 }
    /// Bytes of a message of syslog, head included: what rsyslog takes by default; longer ones are cut.
    static var syslogMessage: Int { 8192 }
    /// Milliseconds that a socket of the system's log is waited for at a time: its queue holds few datagrams, and who empties it
    /// is another process.
    static var socketPatience: Int32 { 50 }
    /// Milliseconds the writer rests after each round while lines keep coming, so that workers need not wake it.
    static var restMilliseconds: Int32 { 20 }
    /// Milliseconds a target that takes nothing may hold up the end of the process.
    public static var closingMilliseconds: Int32 { 2000 }
    /// Members of a `tracestate`: Trace Context §3.3.1.1.
    static var traceStateMembers: Int { 32 }
    /// Bytes of a `tracestate` that are passed on: those that §3.3.1.5 asks for, and no gift to who sends 32 KiB of it.
    static var traceState: Int { 512 }
    /// Bytes above which a member goes first where something has to go: §3.3.1.5.
    static var longTraceStateMember: Int { 128 }
    /// Different labels of one table of counters; the rest is counted under one name (Prometheus keeps each for ever).
    public static var labels: Int { 200 }
}
