internal import Crypto
internal import Glibc

/// Where a chained log goes on: behind the last line of its file, or behind what is noted beside it.
///
/// The note, `FILE.chain`, holds the digest of the last line that was written. It carries the chain over a rotation that
/// happened while nothing ran, and shows when the last lines of the file were taken away. While two processes write the
/// file, one taking over from the other, each goes on behind what the other has noted: the note is locked meanwhile.
struct AuditChainFile: ~Copyable {
    private let note: Int32

    /// Opens the note of a log, and finds where its chain goes on.
    init(beside path: String) throws(LogError) {
        let notePath = path + ".chain"
        note = unsafe open(notePath, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard note >= 0 else { throw .cannotOpen(path: notePath, errno: errno) }
        lock()
        let noted = self.noted
        let claims = AuditChainFile.claims(inTailOf: path)
        // What is noted and not in the file any more was taken out of it: going on behind it has the gap seen.
        if let last = claims.last, noted.map(claims.contains) ?? true, let chain = AuditChain(head: last) {
            keep(chain)
        } else if noted == nil {
            keep(AuditChain())
        }
        unlock()
    }

    /// The digest of the last line that is in the file, whoever wrote it; nil when the note is none.
    var noted: [UInt8]? { AuditChainFile.digest(in: AuditChainFile.bytes(of: note, from: 0, count: 64)) }

    /// Keeps other processes from writing; waits for the one that does.
    func lock() {
        while flock(note, LOCK_EX) != 0, errno == EINTR {}
    }

    func unlock() {
        _ = flock(note, LOCK_UN)
    }

    deinit {
        close(note)
    }

    /// Notes the digest of the last line that is in the file.
    func keep(_ chain: AuditChain) {
        var text = Array(chain.headText.utf8)
        text.append(UInt8(ascii: "\n"))
        // A note that cannot be written is of the past: the file's own last line is later, and counts.
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(note, $0.baseAddress, $0.count, 0) }
    }

    private static func digest(in bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count == 64 else { return nil }
        return Hexadecimal.decode(bytes.span)
    }

    /// The digests of the last lines of a file: of more than are ever written at once.
    private static func claims(inTailOf path: String) -> [[UInt8]] {
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return [] }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        let tail = ObservabilityLimits.writeSize * 2 + ObservabilityLimits.longestLine
        let bytes = bytes(of: file, from: max(0, size - tail), count: tail)
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let line = Array(line)
            return AuditChain.claim(of: line.span)
        }
    }

    private static func bytes(of file: Int32, from offset: Int, count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let more = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(file, buffer.baseAddress?.advanced(by: filled), count - filled, offset + filled)
            }
            if more < 0, errno == EINTR { continue }
            guard more > 0 else { break }
            filled += more
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}

/// What a writer needs to chain its lines.
struct AuditChaining: ~Copyable {
    private var chain = AuditChain()
    private let file: AuditChainFile
    private var clock = WallClock()
    private var line = JSONLine()
    /// Whether the next line is the first of a file.
    private var opens = true

    init(beside path: String) throws(LogError) {
        file = try AuditChainFile(beside: path)
    }

    /// A file was opened: its first line says behind which digest it goes on.
    mutating func openFile() {
        opens = true
    }

    /// Whether something is to be written even if no line comes.
    var hasOpening: Bool { opens }

    /// Chains lines behind the last one that is in the file; until `keep` nobody else writes there.
    mutating func append(_ lines: [UInt8], to text: inout [UInt8]) {
        file.lock()
        if let noted = file.noted, let current = AuditChain(head: noted) { chain = current }
        if opens {
            opens = false
            line.begin()
            line.add("time", .now(), &clock)
            line.add("event", word: "chain")
            line.add("previous", chain.headText)
            line.end()
            let opening = line.bytes
            chain.append(opening.span, to: &text)
        }
        var start = 0
        let bytes = lines.span
        for index in lines.indices where bytes[index] == UInt8(ascii: "\n") {
            chain.append(bytes.extracting(start..<(index + 1)), to: &text)
            start = index + 1
        }
    }

    /// Of what was chained only this beginning is in the file, whose last line may be cut off.
    func abandon(behind written: ArraySlice<UInt8>) {
        // Whole lines of it count: the next ones go on behind them.
        if let end = written.lastIndex(of: UInt8(ascii: "\n")) {
            let lines = written[..<end].split(separator: UInt8(ascii: "\n"))
            for line in lines.reversed() {
                let line = Array(line)
                guard let head = AuditChain.claim(of: line.span), let chain = AuditChain(head: head) else { continue }
                file.keep(chain)
                break
            }
        }
        file.unlock()
    }

    /// Everything chained is in the file.
    func keep() {
        file.keep(chain)
        file.unlock()
    }
}
