import Crypto
import DER
import HTTP
import HTTP1
import IGCSante
import Revocation
import Trust
import X509

/// One piece of the gateway's work, prepared, that can be done any number of times.
struct Case: Sendable {
    let name: String
    /// Prepares it, and gives what does it once.
    let prepare: @Sendable (BenchmarkPKI) throws -> () throws -> Void

    static let all = [
        Case(name: "head.parse") { _ in
            let bytes = request
            var head = RequestHead()
            return {
                var position = ParsePosition()
                guard
                    case .complete = try parseRequestHead(
                        bytes.span, resume: &position, limits: HTTP.Limits(), into: &head)
                else { throw BenchmarkError.unexpected("the head is not whole") }
            }
        },
        Case(name: "head.render") { _ in
            let bytes = request
            var head = RequestHead()
            var position = ParsePosition()
            _ = try parseRequestHead(bytes.span, resume: &position, limits: HTTP.Limits(), into: &head)
            head.fields.removeHopByHop { _ in false }
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count * 2)
            return {
                output.removeAll(keepingCapacity: true)
                encodeRequestHead(head, framing: .none, connection: .persistent, into: &output)
            }
        },
        Case(name: "der.certificate") { pki in
            let bytes = try leaves(pki)[0]
            return { _ = try Certificate(der: bytes) }
        },
        Case(name: "cache.hit") { pki in
            let (verifier, chain) = (try verifier(pki), try chains(pki)[0])
            let now = Timestamp.now()
            return { try admit(chain, by: verifier, now: now) }
        },
        Case(name: "cache.miss") { pki in
            let (trust, revocation, chain) = (try trust(pki), try revocation(pki), try chains(pki)[0])
            let now = Timestamp.now()
            return { try admit(chain, by: fresh(trust, revocation), now: now) }
        },
        Case(name: "index.hit") { pki in
            let index = try index(pki)
            let serials = try TrustBenchmarks.serials(in: try pki.read("crl/organisations-10k.crl"), count: turns)
            var turn = 0
            return {
                let serial = serials[turn % serials.count]
                turn += 1
                guard index.record(of: serial.span) != nil else { throw BenchmarkError.unexpected("not found") }
            }
        },
        Case(name: "index.miss") { pki in
            let index = try index(pki)
            let serials = (0..<turns).map { number in
                [0x41] + Array(repeating: UInt8(truncatingIfNeeded: number), count: 14) + [
                    UInt8(truncatingIfNeeded: number / 256)
                ]
            }
            var turn = 0
            return {
                let serial = serials[turn % serials.count]
                turn += 1
                guard index.record(of: serial.span) == nil else { throw BenchmarkError.unexpected("found") }
            }
        },
    ]

    /// Serials that take turns: how far a look-up has to go differs between them, and from one table's seed to the next.
    private static var turns: Int { 1_000 }

    /// What a caller's library sends: nine fields.
    private static var request: [UInt8] {
        Array(
            """
            GET /fhir/r4/Patient?identifier=urn%3Aoid%3A1.2.250.1.213.1.4.8%7C123456789012345 HTTP/1.1\r
            Host: api.poterne.example\r
            User-Agent: HAPI-FHIR/6.10.0 (FHIR Client; FHIR 4.0.1/R4; apache)\r
            Accept: application/fhir+json;q=1.0, application/json+fhir;q=0.9\r
            Accept-Charset: utf-8\r
            Accept-Encoding: gzip, deflate, br\r
            Authorization: Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl\r
            X-Correlation-ID: 3f0e2c41-6f0a-4d8e-9f5e-0c7d2f6a1b23\r
            Connection: keep-alive\r
            Cache-Control: no-cache\r
            \r

            """.utf8)
    }

    // MARK: Trust

    private static func certificate(_ pki: BenchmarkPKI, _ name: String) throws -> Certificate {
        guard let first = try CertificateFile.certificates(in: try pki.read(name)).first else {
            throw BenchmarkError.unexpected("\(name) is empty")
        }
        return first
    }

    private static func chains(_ pki: BenchmarkPKI) throws -> [[[UInt8]]] {
        [try CertificateFile.encodedCertificates(in: try pki.read("load/client-000001.pem"))]
    }

    private static func leaves(_ pki: BenchmarkPKI) throws -> [[UInt8]] { try chains(pki).map { $0[0] } }

    private static func trust(_ pki: BenchmarkPKI) throws -> TrustSnapshot {
        let (root, issuer) = (
            try certificate(pki, "trust/root.pem"), try certificate(pki, "trust/organisations.pem")
        )
        return try TrustSnapshot(
            TrustSettings(name: "test", environment: .test, anchors: [root], issuers: [issuer]))
    }

    private static func revocation(_ pki: BenchmarkPKI) throws -> RevocationSnapshot {
        let authorities = try ["trust/root.pem", "trust/organisations.pem"].map {
            RevocationAuthority(certificate: try certificate(pki, $0))
        }
        let keeper = RevocationKeeper(RevocationSettings(authorities: authorities))
        for name in ["root", "organisations-10k"] { _ = keeper.offer(try pki.read("crl/\(name).crl"), at: .now()) }
        return keeper.snapshot
    }

    private static func fresh(_ trust: TrustSnapshot, _ revocation: RevocationSnapshot) -> ClientVerifier<NoRendering> {
        ClientVerifier(
            trust: trust, accepted: .only([.orgAuthCli]), scope: "bench", revocation: revocation
        ) { _ in NoRendering() }
    }

    private static func verifier(_ pki: BenchmarkPKI) throws -> ClientVerifier<NoRendering> {
        fresh(try trust(pki), try revocation(pki))
    }

    private static func admit(
        _ chain: [[UInt8]], by verifier: ClientVerifier<NoRendering>, now: Timestamp
    ) throws {
        // As in a handshake: the digest of the leaf is made each time.
        let leaf = chain[0]
        let digest = SHA256.digest(of: leaf.span)
        guard case .admitted = verifier.verify(leafDigest: digest, chain: { chain }, now: now) else {
            throw BenchmarkError.unexpected("not admitted")
        }
    }

    private static func index(_ pki: BenchmarkPKI) throws -> RevocationIndex {
        let list = try CertificateRevocationList(der: try pki.read("crl/organisations-10k.crl"))
        return try RevocationIndex(base: try list.verified(by: certificate(pki, "trust/organisations.pem")))
    }
}
