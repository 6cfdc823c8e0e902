/// What a line is marked with on its way to the system's log.
public struct LogStamp: Hashable, Sendable {
    /// Which log a line is of.
    public enum Log: String, Hashable, Sendable {
        /// What callers asked, and what they were answered.
        case access
        /// What was decided about callers.
        case audit
        /// What happens to the gateway. Its lines begin with the digit of their severity.
        case `operator`
    }

    /// Who says it.
    public let identifier: String
    /// The number of the facility (RFC 5424 §6.2.1).
    public let facility: UInt8
    /// Which log it is of.
    public let log: Log

    /// A mark for the lines of one log.
    public init(_ log: Log, identifier: String, facility: UInt8) {
        self.log = log
        self.identifier = identifier
        self.facility = facility
    }

    /// What stands for a line feed inside a line of the operator's log, where a line feed ends it: ASCII's record separator.
    public static var innerLineFeed: UInt8 { 0x1E }

    /// The severity of a line (RFC 5424 §6.2.1), and where its message begins.
    func read(_ line: Span<UInt8>) -> (severity: UInt8, start: Int) {
        switch log {
        case .access: return (6, 0)
        case .audit: return (5, 0)
        case .operator:
            guard line.count > 0, (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(line[0]) else { return (6, 0) }
            return (line[0] - UInt8(ascii: "0"), 1)
        }
    }
}
