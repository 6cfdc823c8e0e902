import COpenSSL

/// A SHA-256 digest, as four words so that it is hashed and compared without touching the heap.
public struct SHA256Digest: Hashable, Sendable {
    /// Bytes of a digest.
    public static let size = 32

    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes the 32 bytes of a digest, or nothing if there are more or fewer.
    public init?(bytes: Span<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        self.init(exactly: bytes)
    }

    /// Reads 64 hexadecimal digits.
    public init?(hex: String) {
        guard let bytes = Hexadecimal.decode(hex) else { return nil }
        self.init(bytes: bytes.span)
    }

    init(exactly bytes: Span<UInt8>) {
        func word(_ start: Int) -> UInt64 {
            var word: UInt64 = 0
            for index in start..<(start + 8) { word = word << 8 | UInt64(bytes[index]) }
            return word
        }
        words = (word(0), word(8), word(16), word(24))
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.size)
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return bytes
    }

    /// The digest as 64 lowercase hexadecimal digits.
    public var hex: String { Hexadecimal.encode(bytes.span) }

    /// The digest as 43 characters of base64url without padding: RFC 8705's `x5t#S256` of a certificate.
    public var base64URL: String { Base64.encode(bytes.span, variant: .url) }

    /// Whether the two are the same digest.
    public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
            && left.words.3 == right.words.3
    }

    /// Feeds the digest to a hasher.
    ///
    /// One word would do, were digests always of our own bytes; all four are fed because a digest may have been chosen.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// The digest as 64 lowercase hexadecimal digits.
    public var description: String { hex }
}

/// A SHA-256 computation that is fed piece by piece.
@safe
public struct SHA256: ~Copyable {
    private let context: OpaquePointer

    /// Begins an empty computation.
    public init() throws(CryptoError) {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .library(function: "EVP_MD_CTX_new", code: 0) }
        guard unsafe EVP_DigestInit_ex(context, FetchedDigests.sha256.pointer, nil) == 1 else {
            unsafe EVP_MD_CTX_free(context)
            throw .library(function: "EVP_DigestInit_ex", code: 0)
        }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Adds bytes to what is digested.
    public mutating func update(_ bytes: Span<UInt8>) throws(CryptoError) {
        let done = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
        }
        guard done == 1 else { throw .library(function: "EVP_DigestUpdate", code: 0) }
    }

    /// Ends the computation.
    public consuming func finalize() throws(CryptoError) -> SHA256Digest {
        var bytes = [UInt8](repeating: 0, count: SHA256Digest.size)
        guard unsafe EVP_DigestFinal_ex(context, &bytes, nil) == 1 else {
            throw .library(function: "EVP_DigestFinal_ex", code: 0)
        }
        return SHA256Digest(exactly: bytes.span)
    }

    /// The digest of some bytes.
    public static func digest(of bytes: Span<UInt8>) -> SHA256Digest {
        var digest = [32 of UInt8](repeating: 0)
        var output = digest.mutableSpan
        FetchedDigests.sha256.digest(bytes, into: &output)
        return SHA256Digest(exactly: digest.span)
    }
}

/// SHA-1, for thumbprints that other systems still show.
///
/// Never for signatures.
public enum SHA1 {
    /// The 20 bytes of the digest of some bytes.
    public static func digest(of bytes: Span<UInt8>) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 20)
        var output = digest.mutableSpan
        FetchedDigests.sha1.digest(bytes, into: &output)
        return digest
    }
}

/// A digest fetched once from its provider: `EVP_sha256()` would be looked up again at each use.
@safe
private final class FetchedDigest: @unchecked Sendable {
    // Sound: an EVP_MD does not change after it is fetched, and this one lives as long as the process.
    let pointer: OpaquePointer

    init(_ name: String, fallback: OpaquePointer) {
        unsafe pointer = EVP_MD_fetch(nil, name, nil) ?? fallback
    }

    func digest(_ bytes: Span<UInt8>, into output: inout MutableSpan<UInt8>) {
        let done = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { output in
                unsafe EVP_Digest(input.baseAddress, input.count, output.baseAddress, nil, pointer, nil)
            }
        }
        // Only a lack of memory, or a provider that an administrator took away, makes it fail. Nothing that compares
        // digests may go on with a wrong one.
        guard done == 1 else { fatalError("EVP_Digest failed") }
    }
}

private enum FetchedDigests {
    static let sha256 = unsafe FetchedDigest("SHA256", fallback: EVP_sha256())
    static let sha1 = unsafe FetchedDigest("SHA1", fallback: EVP_sha1())
}
