internal import Crypto
internal import DER
internal import EventLoop
internal import IGCSante
internal import Token
internal import Trust
internal import X509

/// How the gateway signs what it tells one audience of callers; compiled once per configuration.
final class SignedIdentityPlan: Sendable {
    private let signer: TokenSigner
    private let issuer: String
    private let audience: String
    /// From `iat` to `exp`, in seconds.
    private let lifetime: Int64
    /// The field's name, the colon and the blank.
    private let lineStart: [UInt8]
    /// Whether each request has its own.
    let isPerRequest: Bool

    init(
        signer: TokenSigner, issuer: String, audience: String, lifetime: Int64, header: String, isPerRequest: Bool
    ) {
        self.signer = signer
        self.issuer = issuer
        self.audience = audience
        self.lifetime = lifetime
        self.isPerRequest = isPerRequest
        lineStart = Array("\(header): ".utf8)
    }

    /// One is used until half its life is over, so that what an upstream gets holds for as long again.
    var renewal: Duration { .seconds(lifetime) / 2 }

    /// The field line of a token that says who calls, ended by CRLF.
    func line(
        about peer: VerifiedPeer, clientID: String?, requestID: [UInt8], identifier: String, at now: Timestamp
    ) throws(CryptoError) -> [UInt8] {
        var claims = ClaimsWriter()
        claims.add("iss", issuer)
        claims.add("aud", audience)
        claims.add("sub", peer.subjectText)
        claims.add("iat", now.secondsSinceEpoch)
        claims.add("exp", now.adding(seconds: lifetime).secondsSinceEpoch)
        claims.add("jti", identifier)
        claims.add("request_id", utf8: requestID)
        claims.add("kind", peer.kind?.rawValue)
        claims.add("environment", peer.environment?.rawValue)
        claims.add("range", peer.range?.rawValue)
        claims.add("structure_id", peer.structure?.raw)
        claims.add("structure_type", peer.structure?.type.rawValue)
        claims.add("structure_value", peer.structure?.value)
        claims.add("structure_name", peer.structureName)
        claims.add("client_name", peer.clientName)
        claims.add("client_id", clientID)
        claims.add("serial", peer.serial.hex)
        claims.add("issuer_dn", peer.issuerText)
        claims.add("cnf", "x5t#S256", peer.thumbprint.base64URL)
        return lineStart + (try signer.sign(claims)) + [0x0D, 0x0A]
    }
}

/// The signed identities of one connection's caller: one for each audience, signed again when half its life is over.
struct SignedIdentities {
    private struct Signed {
        let plan: SignedIdentityPlan
        let peer: VerifiedPeer
        let clientID: String?
        let line: [UInt8]
        let until: MonotonicTime
    }

    private var signed: [Signed] = []
    private var count = 0

    /// The field line for a request, ended by CRLF.
    mutating func line(
        by plan: SignedIdentityPlan, about peer: VerifiedPeer, clientID: String?, for record: ExchangeRecord,
        connection: UInt64,
        at now: MonotonicTime
    ) throws(CryptoError) -> [UInt8] {
        if !plan.isPerRequest,
            let found = signed.first(where: {
                $0.plan === plan && $0.peer === peer && $0.clientID == clientID && now < $0.until
            })
        {
            return found.line
        }
        count += 1
        let line = try plan.line(
            about: peer, clientID: clientID, requestID: record.requestID,
            identifier: "\(String(connection, radix: 16))-\(count)",
            at: .now())
        guard !plan.isPerRequest else { return line }
        // Those of a configuration that is gone, or of a caller verified anew, are not asked for any more.
        signed.removeAll { $0.plan === plan || $0.until <= now }
        signed.append(Signed(plan: plan, peer: peer, clientID: clientID, line: line, until: now + plan.renewal))
        return line
    }
}
