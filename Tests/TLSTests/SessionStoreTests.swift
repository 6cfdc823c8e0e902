import Testing

@testable import TLS

/// Sessions that the server remembers; what is said of tickets as such stands in `TicketTests`.
@Suite struct SessionStoreTests {
    let credentials: Credentials
    let keyring: TicketKeyring

    init() throws {
        credentials = try Credentials.shared.get()
        keyring = try TicketKeyring()
    }

    private func settings(
        _ sessions: SessionStore?, clientCertificate: TLSServerSettings.ClientCertificate = .required,
        context: String = "tests"
    ) -> TLSServerSettings {
        credentials.serverSettings(
            clientCertificate: clientCertificate, sessionIDContext: context, tickets: keyring, sessions: sessions)
    }

    @Test("a remembered session is resumed, and its delegate is asked", arguments: TLSVersion.allCases)
    func resumption(version: TLSVersion) throws {
        for delivery in Delivery.allCases {
            let settings = settings(SessionStore(capacity: 8))
            let delegate = Delegate()
            delegate.data = [1, 2, 3]
            let session = try #require(try credentials.session(settings, version, delegate: delegate))
            #expect(settings.sessions?.count == 1)
            let (isResumed, conversation) = try credentials.comeBack(
                with: session, to: settings, version, delivery: delivery)
            #expect(isResumed == true)
            #expect(conversation.delegate.offeredData == [[1, 2, 3]])
            #expect(conversation.delegate.verifiedChains.isEmpty)
            #expect(conversation.server.peerCertificates().first == credentials.client.chain[0])
        }
    }

    @Test("it is in memory that it is found, not in what the client has", arguments: TLSVersion.allCases)
    func elsewhere(version: TLSVersion) throws {
        let session = try #require(try credentials.session(settings(SessionStore(capacity: 8)), version))
        let (isResumed, conversation) = try credentials.comeBack(
            with: session, to: settings(SessionStore(capacity: 8)), version)
        #expect(isResumed == false)
        #expect(conversation.delegate.offeredData.isEmpty)
        #expect(conversation.clientVerdict() == nil)
    }

    @Test("a caller that the delegate does not accept any more makes a full handshake", arguments: TLSVersion.allCases)
    func refusal(version: TLSVersion) throws {
        let settings = settings(SessionStore(capacity: 8))
        let session = try #require(try credentials.session(settings, version))
        let delegate = Delegate()
        delegate.acceptsTickets = false
        delegate.verification = .refuse(.certificateRevoked)
        let conversation = try Conversation(
            server: settings, client: credentials.clientSettings(version, identity: credentials.client),
            resuming: session, delegate: delegate)
        #expect(conversation.clientVerdict() == .alertReceived(.certificateRevoked))
        #expect(delegate.offeredData.count == 1)
    }

    @Test("who may not have a ticket is not remembered", arguments: TLSVersion.allCases)
    func noData(version: TLSVersion) throws {
        let settings = settings(SessionStore(capacity: 8))
        let delegate = Delegate()
        delegate.data = nil
        let session = try credentials.session(settings, version, delegate: delegate)
        #expect(settings.sessions?.count == 0)
        guard let session else { return }
        #expect(try credentials.comeBack(with: session, to: settings, version).isResumed == false)
    }

    @Test("a session of another context is not resumed", arguments: TLSVersion.allCases)
    func otherContext(version: TLSVersion) throws {
        let sessions = SessionStore(capacity: 8)
        let session = try #require(try credentials.session(settings(sessions), version))
        let (isResumed, conversation) = try credentials.comeBack(
            with: session, to: settings(sessions, context: "others"), version)
        #expect(isResumed == false)
        #expect(conversation.delegate.offeredData.isEmpty)
    }

    @Test("a full store leaves its sessions alone; who comes then gets a ticket, and is resumed by it")
    func full() throws {
        let settings = settings(SessionStore(capacity: 8))
        let first = try #require(try credentials.session(settings, .tls13))
        for _ in 0..<7 { _ = try credentials.session(settings, .tls13) }
        #expect(settings.sessions?.count == 8)
        let ticket = try #require(try credentials.session(settings, .tls13))
        #expect(try credentials.comeBack(with: ticket, to: settings, .tls13).isResumed == true)
        #expect(try credentials.comeBack(with: first, to: settings, .tls13).isResumed == true)
        #expect(settings.sessions?.count == 8)
    }

    @Test("a ticket from before sessions were remembered is still good", arguments: TLSVersion.allCases)
    func ticketFromBefore(version: TLSVersion) throws {
        let ticket = try #require(try credentials.session(settings(nil), version))
        let now = settings(SessionStore(capacity: 8))
        let (isResumed, conversation) = try credentials.comeBack(with: ticket, to: now, version)
        #expect(isResumed == true)
        // TLS 1.3 gives something new each time, and there is room in memory.
        if version == .tls13 {
            let session = try #require(conversation.session)
            #expect(now.sessions?.count == 1)
            #expect(try credentials.comeBack(with: session, to: now, version).isResumed == true)
        }
    }

    @Test(
        "a session that does not fit what else is offered is asked about, not resumed, and not given on",
        arguments: [8, nil])
    func otherHash(capacity: Int?) throws {
        let settings = settings(capacity.map { SessionStore(capacity: $0) }, clientCertificate: .optional)
        let session = try #require(try credentials.session(settings, .tls13))
        var stranger = credentials.clientSettings(.tls13, identity: nil)
        stranger.profile = .explicit(TLSProfile.Algorithms(cipherSuites13: ["TLS_AES_128_GCM_SHA256"]))
        let conversation = try Conversation(server: settings, client: stranger, resuming: session)
        #expect(try conversation.handshake().server?.get().isResumed == false)
        #expect(conversation.delegate.offeredData == [[7, 7, 7]])
        #expect(conversation.delegate.verifiedChains.isEmpty)
        #expect(conversation.delegate.ticketsMade == [false])
    }

    @Test("a session of TLS 1.2 is none in TLS 1.3")
    func otherVersion() throws {
        let settings = settings(SessionStore(capacity: 8))
        let session = try #require(try credentials.session(settings, .tls12))
        #expect(try credentials.comeBack(with: session, to: settings, .tls13).isResumed == false)
        #expect(try credentials.comeBack(with: session, to: settings, .tls12).isResumed == true)
    }

    @Test("a session with a long chain of the caller's is not kept in memory")
    func longChain() throws {
        let settings = settings(SessionStore(capacity: 8))
        var identity = credentials.client
        identity.chain += Array(repeating: credentials.root, count: Limits.keptCertificates)
        let session = try #require(try credentials.session(settings, .tls13, identity: identity))
        #expect(settings.sessions?.count == 0)
        #expect(try credentials.comeBack(with: session, to: settings, .tls13).isResumed == true)
    }

    @Test("several connections may begin with the same session", arguments: TLSVersion.allCases)
    func sameAgain(version: TLSVersion) throws {
        let settings = settings(SessionStore(capacity: 16))
        let session = try #require(try credentials.session(settings, version))
        for _ in 0..<3 {
            #expect(try credentials.comeBack(with: session, to: settings, version).isResumed == true)
        }
    }

    @Test("begun where a certificate was optional, it is good where one is required", arguments: TLSVersion.allCases)
    func optionalBefore(version: TLSVersion) throws {
        let settings = settings(SessionStore(capacity: 8), clientCertificate: .optional)
        let session = try #require(try credentials.session(settings, version))
        let required = self.settings(settings.sessions)
        #expect(try credentials.comeBack(with: session, to: required, version).isResumed == true)
    }
}
