internal import HTTP

/// Bytes of one stream that wait for the peer's window.
///
/// Invariant: `0 <= start <= bytes.count`.
struct SendBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }

    mutating func append(_ more: Span<UInt8>) {
        // What has left is cut off when it is the larger part, so that each byte is moved once at most.
        if start > 0, start >= bytes.count - start {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(copying: more)
    }

    /// Moves the first `wanted` bytes, or as many as there are, behind those of `output`.
    mutating func move(_ wanted: Int, to output: inout [UInt8]) {
        let end = start + min(max(wanted, 0), count)
        output.append(copying: bytes.span.extracting(start..<end))
        start = end
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        }
    }

    /// Forgets the bytes and their memory.
    mutating func discard() {
        bytes = []
        start = 0
    }
}
