import Crypto
import DER
import Glibc
import IGCSante
import Revocation
import Trust
import X509

/// What trust costs apart from any connection: CRLs of a million entries, and the verification cache.
struct TrustBenchmarks {
    let pki: BenchmarkPKI

    /// The figures by name, in the order in which they are printed.
    func run() throws -> [(String, Double)] {
        let issuer = try certificate("trust/organisations.pem")
        return try index(issuer) + cache(issuer)
    }

    private func certificate(_ name: String) throws -> Certificate {
        guard let first = try CertificateFile.certificates(in: try pki.read(name)).first else {
            throw BenchmarkError.unexpected("\(name) is empty")
        }
        return first
    }

    // MARK: The index

    private func index(_ issuer: Certificate) throws -> [(String, Double)] {
        let bytes = try pki.read("crl/organisations-1m.crl")
        var parsing: [Double] = []
        var verifying: [Double] = []
        var indexing: [Double] = []
        var last: RevocationIndex?
        for _ in 0..<5 {
            var list: CertificateRevocationList?
            var verified: VerifiedRevocationList?
            parsing.append(try seconds { list = try CertificateRevocationList(der: bytes) })
            verifying.append(try seconds { verified = try list?.verified(by: issuer) })
            indexing.append(try seconds { last = try verified.map { try RevocationIndex(base: $0) } })
        }
        guard let last else { throw BenchmarkError.unexpected("no index") }
        let serials = try Self.serials(in: bytes, count: 200_000)
        let others = try (0..<200_000).map { _ in [0x41] + (try randomBytes(15)) }
        return [
            ("crl.bytes", Double(bytes.count)),
            ("crl.parse.ms", parsing.median * 1e3),
            ("crl.verify.ms", verifying.median * 1e3),
            ("crl.index.ms", indexing.median * 1e3),
            ("index.bytes_per_entry", Double(last.byteCount) / 1e6),
            ("index.hit.ns", try lookUp(serials, in: last, expected: true)),
            ("index.miss.ns", try lookUp(others, in: last, expected: false)),
        ]
    }

    /// Every one of the serials once, in an order that no cache foresees.
    ///
    /// They lie one after the other, so that what is waited for is the index's memory and not theirs.
    private func lookUp(_ serials: [[UInt8]], in index: RevocationIndex, expected: Bool) throws -> Double {
        var times: [Double] = []
        for _ in 0..<5 {
            let size = 16
            let flat = Array(serials.filter { $0.count == size }.shuffled().joined())
            let count = flat.count / size
            var found = 0
            times.append(
                seconds {
                    for number in 0..<count {
                        let serial = flat.span.extracting((number * size)..<((number + 1) * size))
                        if index.record(of: serial) != nil { found += 1 }
                    }
                } * 1e9 / Double(count))
            guard found == (expected ? count : 0) else { throw BenchmarkError.unexpected("\(found) found") }
        }
        return times.median
    }

    /// Serials of entries spread over a CRL, read at the place where the test PKI's filler puts them.
    static func serials(in list: [UInt8], count: Int) throws -> [[UInt8]] {
        var outer = DERCursor(all: list.span)
        let envelope = try outer.next(in: list.span)
        var inner = DERCursor(envelope.content)
        let tbs = try inner.next(in: list.span)
        var fields = DERCursor(tbs.content)
        // version, signature, issuer, thisUpdate, nextUpdate
        for _ in 0..<5 { _ = try fields.next(in: list.span) }
        var entries = DERCursor(try fields.next(in: list.span).content)
        var serials: [[UInt8]] = []
        var number = 0
        while !entries.isAtEnd, serials.count < count {
            let entry = try entries.next(in: list.span)
            number += 1
            guard number % 5 == 0 else { continue }
            var members = DERCursor(entry.content)
            let serial = try members.next(in: list.span)
            serials.append(Array(list[serial.content]))
        }
        return serials
    }

    // MARK: The cache

    private func cache(_ issuer: Certificate) throws -> [(String, Double)] {
        let root = try certificate("trust/root.pem")
        let trust = try TrustSnapshot(
            TrustSettings(name: "test", environment: .test, anchors: [root], issuers: [issuer]))
        let keeper = RevocationKeeper(
            RevocationSettings(authorities: [root, issuer].map { RevocationAuthority(certificate: $0) }))
        for name in ["root", "organisations-1m"] {
            _ = keeper.offer(try pki.read("crl/\(name).crl"), at: .now())
        }
        let chains = try (1...BenchmarkPKI.callers).map { number in
            let digits = String(1_000_000 + number).dropFirst()
            return try CertificateFile.encodedCertificates(in: try pki.read("load/client-\(digits).pem"))
        }
        func verifier() -> ClientVerifier<NoRendering> {
            ClientVerifier(
                trust: trust, accepted: .only([.orgAuthCli]), scope: "bench", revocation: keeper.snapshot
            ) { _ in NoRendering() }
        }
        func verifyAll(_ verifier: ClientVerifier<NoRendering>, times: Int) throws -> Double {
            let now = Timestamp.now()
            var admitted = 0
            let time = seconds {
                for _ in 0..<times {
                    for chain in chains {
                        // As in a handshake: the digest of the leaf is made each time.
                        let leaf = chain[0]
                        let digest = SHA256.digest(of: leaf.span)
                        if case .admitted = verifier.verify(leafDigest: digest, chain: { chain }, now: now) {
                            admitted += 1
                        }
                    }
                }
            }
            guard admitted == times * chains.count else { throw BenchmarkError.unexpected("\(admitted) admitted") }
            return time * 1e6 / Double(admitted)
        }
        var misses: [Double] = []
        var hits: [Double] = []
        for _ in 0..<5 {
            let fresh = verifier()
            misses.append(try verifyAll(fresh, times: 1))
            hits.append(try verifyAll(fresh, times: 100))
        }
        return [("cache.miss.us", misses.median), ("cache.hit.us", hits.median)]
    }
}

/// The processor time of this thread that a piece of work takes: other processes do not count.
func seconds<Failure: Error>(_ work: () throws(Failure) -> Void) throws(Failure) -> Double {
    func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    let start = now()
    try work()
    return now() - start
}

extension [Double] {
    /// The one in the middle, or the mean of the two.
    var median: Double {
        let sorted = sorted()
        guard let middle = sorted.indices.middle else { return 0 }
        return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}

extension Range<Int> {
    fileprivate var middle: Int? { isEmpty ? nil : lowerBound + count / 2 }
}
