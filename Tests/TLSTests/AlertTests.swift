import Testing

@testable import TLS

@Suite struct AlertTests {
    static let refusals: [(refused: TLSAlert, seen: TLSAlert)] = [
        (.unknownCA, .unknownCA),
        (.certificateExpired, .certificateExpired),
        (.certificateRevoked, .certificateRevoked),
        (.badCertificate, .badCertificate),
        (.unsupportedCertificate, .unsupportedCertificate),
        (.certificateUnknown, .certificateUnknown),
        (.handshakeFailure, .handshakeFailure),
        (.decryptError, .decryptError),
        (.internalError, .internalError),
        // OpenSSL 3.0 cannot send these when it refuses a certificate.
        (.accessDenied, .certificateUnknown),
        (.certificateRequired, .certificateUnknown),
    ]

    @Test(
        "a client whose certificate is refused sees the alert of the refusal",
        arguments: AlertTests.refusals, TLSVersion.allCases)
    func refusal(_ refusal: (refused: TLSAlert, seen: TLSAlert), version: TLSVersion) throws {
        for delivery in Delivery.allCases {
            let credentials = try Credentials.shared.get()
            let conversation = try Conversation(
                delivery, server: credentials.serverSettings(),
                client: credentials.clientSettings(version, identity: credentials.client))
            conversation.delegate.verification = .refuse(refusal.refused)
            #expect(conversation.clientVerdict() == .alertReceived(refusal.seen))
            #expect(refusal.refused.asSentOnRefusal == refusal.seen)
            #expect(throws: TLSError.outOfTurn) { try conversation.server.handshake() }
        }
    }

    @Test("the server knows which alert it sent", arguments: AlertTests.refusals, TLSVersion.allCases)
    func knownAlert(_ refusal: (refused: TLSAlert, seen: TLSAlert), version: TLSVersion) throws {
        let credentials = try Credentials.shared.get()
        let conversation = try Conversation(
            server: credentials.serverSettings(),
            client: credentials.clientSettings(version, identity: credentials.client))
        conversation.delegate.verification = .refuse(refusal.refused)
        #expect(conversation.handshake().server == .failure(.certificateRefused(alertSent: refusal.seen)))
        #expect(conversation.delegate.verifiedChains == [credentials.client.chain])
    }

    @Test(
        "a client without the certificate that is required is told so",
        arguments: zip(TLSVersion.allCases, [TLSAlert.handshakeFailure, .certificateRequired]))
    func missing(version: TLSVersion, alert: TLSAlert) throws {
        for delivery in Delivery.allCases {
            let credentials = try Credentials.shared.get()
            let conversation = try Conversation(
                delivery, server: credentials.serverSettings(),
                client: credentials.clientSettings(version, identity: nil))
            #expect(conversation.clientVerdict() == .alertReceived(alert))
            #expect(conversation.delegate.verifiedChains.isEmpty)
        }
        let credentials = try Credentials.shared.get()
        let conversation = try Conversation(
            server: credentials.serverSettings(), client: credentials.clientSettings(version, identity: nil))
        #expect(conversation.handshake().server == .failure(.certificateMissing(alertSent: alert)))
    }

    @Test("a chain of more certificates than allowed is refused unseen", arguments: TLSVersion.allCases)
    func longChain(version: TLSVersion) throws {
        let credentials = try Credentials.shared.get()
        var identity = credentials.client
        identity.chain += Array(repeating: credentials.intermediate, count: Limits.presentedCertificates)
        let conversation = try Conversation(
            server: credentials.serverSettings(), client: credentials.clientSettings(version, identity: identity))
        #expect(conversation.clientVerdict() == .alertReceived(.badCertificate))
        #expect(conversation.delegate.verifiedChains.isEmpty)
    }

    @Test("the longest chain allowed reaches the delegate as it was sent", arguments: TLSVersion.allCases)
    func longestChain(version: TLSVersion) throws {
        let credentials = try Credentials.shared.get()
        var identity = credentials.client
        identity.chain += Array(repeating: credentials.root, count: Limits.presentedCertificates - 2)
        let conversation = try Conversation(
            server: credentials.serverSettings(), client: credentials.clientSettings(version, identity: identity))
        #expect(conversation.clientVerdict() == nil)
        #expect(conversation.delegate.verifiedChains == [identity.chain])
    }

    @Test("a chain of more bytes than allowed is not even decoded", arguments: TLSVersion.allCases)
    func hugeChain(version: TLSVersion) throws {
        let credentials = try Credentials.shared.get()
        var identity = credentials.client
        let copies = Limits.presentedBytes / credentials.intermediate.count + 1
        identity.chain += Array(repeating: credentials.intermediate, count: copies)
        let conversation = try Conversation(
            server: credentials.serverSettings(), client: credentials.clientSettings(version, identity: identity))
        #expect(conversation.clientVerdict() == .alertReceived(.illegalParameter))
        #expect(conversation.delegate.verifiedChains.isEmpty)
    }

    @Test("a client that refuses the server's certificate is heard", arguments: TLSVersion.allCases)
    func refusedServer(version: TLSVersion) throws {
        let credentials = try Credentials.shared.get()
        var settings = credentials.clientSettings(version, identity: credentials.client)
        settings.trust = .anchors([credentials.selfSigned.chain[0]])
        let outcomes = try Conversation(server: credentials.serverSettings(), client: settings).handshake()
        #expect(outcomes.server == .failure(.alertReceived(.unknownCA)))
        guard case .failure(.serverNotTrusted) = outcomes.client else {
            Issue.record("\(String(describing: outcomes.client))")
            return
        }
    }
}
