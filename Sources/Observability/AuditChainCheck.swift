internal import Crypto

/// Follows the chain through the lines of one file after the other, and tells where it breaks.
public struct AuditChainCheck: Sendable {
    /// What is wrong with a line.
    public enum Fault: String, Hashable, Sendable {
        /// It has no digest: it was cut off, or is no line of a chained log.
        case unchained
        /// Its digest is not that of this line behind the one before it.
        case broken
        /// It is the last one and has no line feed.
        case cutOff
        /// It is longer than any line that is written.
        case tooLong
    }

    /// The line that breaks the chain.
    public struct Break: Error, Hashable, Sendable {
        /// The line, counted from 1.
        public let line: Int
        /// What is wrong with it.
        public let fault: Fault
    }

    private var chain: AuditChain?
    private let wanted: [[UInt8]]
    private var missing: Set<[UInt8]>
    private var pending: [UInt8] = []

    /// Lines of the file in hand.
    public private(set) var lines = 0
    /// The digest behind which the first line of all goes on; nil when that line does not say.
    public private(set) var beginning: String?
    /// Whether the first line of all had to be taken as it stands, since it does not say what it follows.
    public private(set) var tookFirstLine = false

    /// Follows a chain from its first line on.
    ///
    /// - Parameter wanted: digests, in hexadecimal, that lines must have: known from elsewhere.
    public init(wanted: [String] = []) {
        self.wanted = wanted.compactMap { Hexadecimal.decode($0) }
        missing = Set(self.wanted)
    }

    /// The digest of the last line.
    public var end: String? { chain?.headText }

    /// The wanted digests that no line has had.
    public var missingDigests: [String] { missing.map { Hexadecimal.encode($0.span) }.sorted() }

    /// Another file begins; what follows goes on behind the last line before.
    public mutating func beginFile() {
        lines = 0
        pending.removeAll(keepingCapacity: true)
    }

    /// Takes the next bytes of the file.
    public mutating func take(_ bytes: Span<UInt8>) throws(Break) {
        var start = 0
        for index in 0..<bytes.count where bytes[index] == UInt8(ascii: "\n") {
            pending.append(bytes.extracting(start..<index))
            start = index + 1
            try takeLine()
        }
        pending.append(bytes.extracting(start..<bytes.count))
        guard pending.count <= ObservabilityLimits.longestLine * 2 else {
            throw Break(line: lines + 1, fault: .tooLong)
        }
    }

    /// The file is over.
    public mutating func endFile() throws(Break) {
        guard pending.isEmpty else { throw Break(line: lines + 1, fault: .cutOff) }
    }

    private mutating func takeLine() throws(Break) {
        defer { pending.removeAll(keepingCapacity: true) }
        lines += 1
        guard let claim = AuditChain.claim(of: pending.span) else { throw Break(line: lines, fault: .unchained) }
        if chain == nil { begin(claim) }
        if var chain {
            guard chain.head == claim && tookFirstLine && lines == 1 || chain.follow(pending.span) else {
                throw Break(line: lines, fault: .broken)
            }
            self.chain = chain
        }
        missing.remove(claim)
    }

    /// The first line of all: the opening of a file says what it follows, another line is taken as it stands.
    private mutating func begin(_ claim: [UInt8]) {
        if let previous = Self.previous(in: pending), let chain = AuditChain(head: previous) {
            beginning = chain.headText
            self.chain = chain
        } else {
            tookFirstLine = true
            chain = AuditChain(head: claim)
        }
    }

    /// What an opening line says it follows.
    private static func previous(in line: [UInt8]) -> [UInt8]? {
        let name = Array("\"event\":\"chain\",\"previous\":\"".utf8)
        let bytes = line.span
        guard line.count > name.count + 64 else { return nil }
        for start in 0..<(line.count - name.count - 64) {
            var isHere = true
            for index in name.indices where bytes[start + index] != name[index] {
                isHere = false
                break
            }
            guard isHere else { continue }
            let first = start + name.count
            return Hexadecimal.decode(bytes.extracting(first..<(first + 64)))
        }
        return nil
    }
}
