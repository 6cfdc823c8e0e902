public import HTTP

/// What the next octets of a body are.
public enum BodyEvent: Sendable, Hashable {
    /// Content, in this range of the octets given; call again from its end.
    case data(Range<Int>)
    /// All octets given are used; more are needed.
    case needMore
    /// The body is complete; the octet at `consumed` begins the next message.
    case end(consumed: Int)
}

/// Finds the content among the octets of a body, without copying it (RFC 9112 §6, §7).
///
/// Chunk extensions are checked, bounded and dropped; so is every trailer field that may not be one.
/// Octets are used as they come: nothing has to be shown twice.
public struct BodyDecoder: Sendable {
    /// The trailer fields, complete when `decode` has returned `end`.
    public private(set) var trailers = FieldSection()
    private var state: State
    private var trailerBytes: [UInt8] = []
    private var trailerPosition = ParsePosition()
    private var extensionBytes = 0
    private let limits: Limits
    private let forbidsTrailer: @Sendable (Span<UInt8>) -> Bool

    private enum State: Sendable, Hashable {
        case length(UInt64)
        case untilClose
        /// In a chunk-size line, after so many digits.
        case chunkSize(UInt64, digits: Int)
        /// Among the extensions of a chunk-size line; `expectsName` after a semicolon.
        case chunkExtension(UInt64, count: Int, expectsName: Bool)
        /// After the CR of a chunk-size line.
        case chunkSizeLineFeed(UInt64)
        case chunkData(UInt64)
        case chunkDataReturn
        case chunkDataLineFeed
        case trailerSection
        case finished

        init(_ framing: BodyFraming) {
            switch framing {
            case .none, .length(0): self = .finished
            case .length(let count): self = .length(count)
            case .chunked: self = .chunkSize(0, digits: 0)
            case .untilClose: self = .untilClose
            }
        }
    }

    /// A decoder for one body.
    ///
    /// `forbidsTrailer` says which names, beside those RFC 9110 §6.5.1 forbids, may not come as trailers: the
    /// identity families.
    public init(_ framing: BodyFraming, limits: Limits, forbidsTrailer: @escaping @Sendable (Span<UInt8>) -> Bool) {
        self.limits = limits
        self.forbidsTrailer = forbidsTrailer
        state = State(framing)
    }

    /// Turns to another body, by the same rules; keeps its memory.
    public mutating func begin(_ framing: BodyFraming) {
        state = State(framing)
        trailers.reset()
        if !trailerBytes.isEmpty { trailerBytes.removeAll(keepingCapacity: true) }
        trailerPosition = ParsePosition()
        extensionBytes = 0
    }

    /// Whether the body has ended.
    public var isFinished: Bool { state == .finished }

    /// Whether the body is complete when the connection closes now; if not, it was cut short.
    public var isCompleteAtClose: Bool { state == .finished || state == .untilClose }

    /// Looks at the octets of `bytes` from `start` on.
    public mutating func decode(_ bytes: Span<UInt8>, from start: Int) throws(MessageError) -> BodyEvent {
        var index = start
        while true {
            switch state {
            case .finished:
                return .end(consumed: index)
            case .untilClose:
                return index < bytes.count ? .data(index..<bytes.count) : .needMore
            case .length(let remaining):
                guard index < bytes.count else { return .needMore }
                let taken = BodyDecoder.take(remaining, of: bytes.count - index)
                state = remaining == UInt64(taken) ? .finished : .length(remaining - UInt64(taken))
                return .data(index..<(index + taken))
            case .chunkData(let remaining):
                guard index < bytes.count else { return .needMore }
                let taken = BodyDecoder.take(remaining, of: bytes.count - index)
                state = remaining == UInt64(taken) ? .chunkDataReturn : .chunkData(remaining - UInt64(taken))
                return .data(index..<(index + taken))
            case .trailerSection:
                guard let end = try readTrailers(bytes, from: index) else { return .needMore }
                state = .finished
                index = end
            default:
                guard index < bytes.count else { return .needMore }
                try step(bytes[index])
                index += 1
            }
        }
    }

    private static func take(_ remaining: UInt64, of available: Int) -> Int {
        remaining < UInt64(available) ? Int(remaining) : available
    }

    /// Takes one octet of what surrounds the data of chunks.
    ///
    /// RFC 9112 §7.1: `chunk-size [ chunk-ext ] CRLF chunk-data CRLF`. Whitespace before the semicolon, which
    /// §7.1.1 lets recipients forgive, is refused: it is what smugglers try.
    private mutating func step(_ byte: UInt8) throws(MessageError) {
        switch state {
        case .chunkSize(let size, let digits):
            if let digit = Octet.hexValue(byte) {
                guard digits < 16 else { throw .invalidChunkSize }
                state = .chunkSize(size << 4 | UInt64(digit), digits: digits + 1)
                return
            }
            guard digits > 0, size <= UInt64(Int64.max) else { throw .invalidChunkSize }
            switch byte {
            case Octet.carriageReturn: state = .chunkSizeLineFeed(size)
            case 0x3B: state = .chunkExtension(size, count: 1, expectsName: true)
            case Octet.lineFeed: throw .bareLineFeed
            default: throw .invalidChunkSize
            }
        case .chunkExtension(let size, let count, let expectsName):
            try stepExtension(byte, size: size, count: count, expectsName: expectsName)
        case .chunkSizeLineFeed(let size):
            guard byte == Octet.lineFeed else { throw .bareCarriageReturn }
            state = size == 0 ? .trailerSection : .chunkData(size)
        case .chunkDataReturn:
            guard byte == Octet.carriageReturn else { throw .unterminatedChunk }
            state = .chunkDataLineFeed
        case .chunkDataLineFeed:
            guard byte == Octet.lineFeed else { throw .bareCarriageReturn }
            state = .chunkSize(0, digits: 0)
        case .length, .untilClose, .chunkData, .trailerSection, .finished:
            // Handled by `decode`.
            return
        }
    }

    private mutating func stepExtension(
        _ byte: UInt8, size: UInt64, count: Int, expectsName: Bool
    ) throws(MessageError) {
        if byte == Octet.carriageReturn {
            guard !expectsName else { throw .invalidChunkExtension }
            extensionBytes += count
            guard extensionBytes <= limits.chunkExtensions else { throw .chunkExtensionsTooLong }
            state = .chunkSizeLineFeed(size)
            return
        }
        guard byte != Octet.lineFeed else { throw .bareLineFeed }
        guard Octet.isFieldContent(byte), !expectsName || Octet.isToken(byte) else { throw .invalidChunkExtension }
        guard count < limits.chunkLine else { throw .chunkExtensionsTooLong }
        state = .chunkExtension(size, count: count + 1, expectsName: byte == 0x3B)
    }

    /// Reads the trailer section and returns where it ends, nil when it goes on beyond the octets given.
    private mutating func readTrailers(_ bytes: Span<UInt8>, from start: Int) throws(MessageError) -> Int? {
        // Almost always there is none.
        if trailerBytes.isEmpty, start + 1 < bytes.count, bytes[start] == Octet.carriageReturn,
            bytes[start + 1] == Octet.lineFeed
        {
            return start + 2
        }
        let before = trailerBytes.count
        // One octet more than the limit, so that reaching it shows.
        let taken = min(bytes.count - start, limits.trailers + 1 - before)
        trailerBytes.append(copying: bytes.extracting(start..<(start + taken)))
        // A second reference, not a copy: the section is filled while these are read.
        let buffered = trailerBytes
        let end = try parseFieldSection(
            buffered.span, &trailerPosition, lineLimit: limits.trailers, countLimit: limits.trailerLines,
            tooManyLines: .tooManyTrailerLines, into: &trailers)
        guard let end else {
            guard buffered.count <= limits.trailers else { throw .trailersTooLarge }
            return nil
        }
        _ = trailers.store(buffered.span.extracting(0..<end))
        trailers.removeForbiddenTrailers(also: forbidsTrailer)
        return start + end - before
    }
}
