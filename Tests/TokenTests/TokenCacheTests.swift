import Crypto
import DER
import Testing

@testable import Token

@Suite("The tokens of a worker")
struct TokenCacheTests {
    private func digest(_ number: Int) -> SHA256Digest { SHA256.digest(of: Array("\(number)".utf8).span) }

    @Test("are remembered until they end, and make way for others, those in use last")
    func cache() {
        var cache = TokenCache(capacity: 3)
        for number in 0..<3 { cache.insert(.refused(.inactive), for: digest(number), until: noon) }
        let before = noon.adding(seconds: -1)
        let known = cache.find(digest(0), at: before) != nil
        let ended = cache.find(digest(0), at: noon) != nil
        #expect(known && !ended)
        cache.insert(.refused(.inactive), for: digest(3), until: noon)
        let count = cache.count
        #expect(count == 3)
        let inUse = cache.find(digest(0), at: before) != nil
        let unused = cache.find(digest(1), at: before) != nil
        #expect(inUse && !unused)
        cache.removeAll()
        let afterwards = cache.find(digest(0), at: before) != nil
        #expect(!afterwards)
    }
}
