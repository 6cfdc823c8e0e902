internal import Crypto
internal import HTTP

/// The token that a connection brought last, and its digest: callers bring the same one many times.
struct RememberedToken {
    private var token: [UInt8] = []
    private var digest: SHA256Digest?

    /// The digest of `token`, taken anew where it is another than the last.
    mutating func digest(of token: Span<UInt8>) -> SHA256Digest {
        if let digest, isSame(token) { return digest }
        let taken = SHA256.digest(of: token)
        guard token.count <= Limits.rememberedToken else { return taken }
        self.token.removeAll(keepingCapacity: true)
        self.token.append(copying: token)
        digest = taken
        return taken
    }

    private func isSame(_ other: Span<UInt8>) -> Bool {
        guard other.count == token.count else { return false }
        let mine = token.span
        // Without an early exit, so that many octets are compared at once.
        var difference: UInt8 = 0
        for index in mine.indices { difference |= mine[index] ^ other[index] }
        return difference == 0
    }
}
