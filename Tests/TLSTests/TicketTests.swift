import Crypto
import Testing

@testable import TLS

@Suite struct TicketTests {
    let credentials: Credentials

    init() throws {
        credentials = try Credentials.shared.get()
    }

    private func keyring(_ file: [UInt8]) throws(TLSError) -> TicketKeyring {
        try TicketKeyring(fileBytes: file.span)
    }

    @Test("an accepted ticket resumes, without the certificate being verified again", arguments: TLSVersion.allCases)
    func resumption(version: TLSVersion) throws {
        for delivery in Delivery.allCases {
            let settings = credentials.serverSettings(tickets: try TicketKeyring())
            let delegate = Delegate()
            delegate.data = [1, 2, 3]
            let session = try #require(try credentials.session(settings, version, delegate: delegate))
            let (isResumed, conversation) = try credentials.comeBack(
                with: session, to: settings, version, delivery: delivery)
            #expect(isResumed == true)
            #expect(conversation.delegate.offeredData == [[1, 2, 3]])
            #expect(conversation.delegate.verifiedChains.isEmpty)
            #expect(conversation.server.peerCertificates() == [credentials.client.chain[0]])
        }
    }

    @Test("a ticket that the delegate does not accept leads to a full handshake", arguments: TLSVersion.allCases)
    func refusal(version: TLSVersion) throws {
        let settings = credentials.serverSettings(tickets: try TicketKeyring())
        let session = try #require(try credentials.session(settings, version))
        let delegate = Delegate()
        delegate.acceptsTickets = false
        let (isResumed, conversation) = try credentials.comeBack(
            with: session, to: settings, version, delegate: delegate)
        #expect(isResumed == false)
        #expect(delegate.offeredData.count == 1)
        #expect(delegate.verifiedChains == [credentials.client.chain])
        #expect(conversation.clientVerdict() == nil)
        #expect(conversation.session != nil)
    }

    @Test("a full handshake after a refused ticket may still be refused", arguments: TLSVersion.allCases)
    func revokedMeanwhile(version: TLSVersion) throws {
        let settings = credentials.serverSettings(tickets: try TicketKeyring())
        let session = try #require(try credentials.session(settings, version))
        let delegate = Delegate()
        delegate.acceptsTickets = false
        delegate.verification = .refuse(.certificateRevoked)
        let conversation = try Conversation(
            server: settings, client: credentials.clientSettings(version, identity: credentials.client),
            resuming: session, delegate: delegate)
        #expect(conversation.clientVerdict() == .alertReceived(.certificateRevoked))
    }

    @Test(
        "a ticket without data is worthless", arguments: TLSVersion.allCases,
        [nil, [], [UInt8](repeating: 1, count: 5000)])
    func noData(version: TLSVersion, data: [UInt8]?) throws {
        let settings = credentials.serverSettings(tickets: try TicketKeyring())
        let delegate = Delegate()
        delegate.data = data
        guard let session = try credentials.session(settings, version, delegate: delegate) else { return }
        let (isResumed, conversation) = try credentials.comeBack(with: session, to: settings, version)
        #expect(isResumed == false)
        #expect(conversation.delegate.offeredData.isEmpty)
        #expect(conversation.delegate.verifiedChains.count == 1)
    }

    @Test(
        "each resumption in TLS 1.3 gives a new ticket, with new data or worthless",
        arguments: [[9], nil] as [[UInt8]?])
    func renewal(data: [UInt8]?) throws {
        let settings = credentials.serverSettings(tickets: try TicketKeyring())
        let first = try #require(try credentials.session(settings, .tls13))
        let delegate = Delegate()
        delegate.data = data
        let (isResumed, conversation) = try credentials.comeBack(with: first, to: settings, .tls13, delegate: delegate)
        #expect(isResumed == true)
        #expect(conversation.clientVerdict() == nil)
        let second = try #require(conversation.session)
        let (isResumedAgain, last) = try credentials.comeBack(with: second, to: settings, .tls13)
        #expect(isResumedAgain == (data != nil))
        #expect(last.delegate.offeredData == (data.map { [$0] } ?? []))
    }

    @Test("without keys there is nothing to resume", arguments: TLSVersion.allCases)
    func noKeys(version: TLSVersion) throws {
        let settings = credentials.serverSettings()
        #expect(try credentials.session(settings, version) == nil)
    }

    @Test("a session that was begun with keys is not resumed without", arguments: TLSVersion.allCases)
    func keysGone(version: TLSVersion) throws {
        let session = try #require(
            try credentials.session(credentials.serverSettings(tickets: try TicketKeyring()), version))
        let (isResumed, conversation) = try credentials.comeBack(
            with: session, to: credentials.serverSettings(), version)
        #expect(isResumed == false)
        #expect(conversation.delegate.offeredData.isEmpty)
    }

    @Test("a ticket outlives one rotation, not two", arguments: TLSVersion.allCases)
    func rotation(version: TLSVersion) throws {
        let keyring = try TicketKeyring()
        let settings = credentials.serverSettings(tickets: keyring)
        let session = try #require(try credentials.session(settings, version))
        try keyring.rotate()
        #expect(try credentials.comeBack(with: session, to: settings, version).isResumed == true)
        try keyring.rotate()
        let (isResumed, conversation) = try credentials.comeBack(with: session, to: settings, version)
        #expect(isResumed == false)
        #expect(conversation.delegate.offeredData.isEmpty)
    }

    @Test("a ticket of TLS 1.2 sealed with the previous key is replaced")
    func replacement() throws {
        let keyring = try TicketKeyring()
        let settings = credentials.serverSettings(tickets: keyring)
        let first = try #require(try credentials.session(settings, .tls12))
        try keyring.rotate()
        let (_, conversation) = try credentials.comeBack(with: first, to: settings, .tls12)
        let second = try #require(conversation.session)
        try keyring.rotate()
        #expect(try credentials.comeBack(with: second, to: settings, .tls12).isResumed == true)
    }

    @Test("nodes that share a file accept each other's tickets", arguments: TLSVersion.allCases)
    func sharedFile(version: TLSVersion) throws {
        let file = try randomBytes(240)
        let here = credentials.serverSettings(tickets: try keyring(file))
        let there = credentials.serverSettings(tickets: try keyring(file))
        let session = try #require(try credentials.session(here, version))
        #expect(try credentials.comeBack(with: session, to: there, version).isResumed == true)
    }

    @Test("a node that still has the file of before opens what the next key seals", arguments: TLSVersion.allCases)
    func sharedRotation(version: TLSVersion) throws {
        let keys = try (0..<4).map { _ in try randomBytes(80) }
        let behind = try keyring(keys[1] + keys[0] + keys[2])
        let ahead = try keyring(keys[1] + keys[0] + keys[2])
        let newer = keys[2] + keys[1] + keys[3]
        try ahead.reload(fileBytes: newer.span)
        let session = try #require(try credentials.session(credentials.serverSettings(tickets: ahead), version))
        #expect(
            try credentials.comeBack(with: session, to: credentials.serverSettings(tickets: behind), version).isResumed
                == true)
    }

    @Test("another key does not open a ticket", arguments: TLSVersion.allCases)
    func otherKey(version: TLSVersion) throws {
        let session = try #require(
            try credentials.session(credentials.serverSettings(tickets: try TicketKeyring()), version))
        let (isResumed, conversation) = try credentials.comeBack(
            with: session, to: credentials.serverSettings(tickets: try TicketKeyring()), version)
        #expect(isResumed == false)
        #expect(conversation.delegate.offeredData.isEmpty)
    }

    @Test("a key of the same name that is another does not open a ticket", arguments: TLSVersion.allCases)
    func sameName(version: TLSVersion) throws {
        let key = try randomBytes(80)
        for changed in [16, 48] {
            var other = key
            other[changed] ^= 1
            let session = try #require(
                try credentials.session(credentials.serverSettings(tickets: try keyring(key)), version))
            let keyring = try self.keyring(other)
            let conversation = try Conversation(
                server: credentials.serverSettings(tickets: keyring),
                client: credentials.clientSettings(version, identity: credentials.client), resuming: session)
            // If the MAC holds but the ticket decrypts to nothing, OpenSSL may end the handshake.
            if case .success(let facts) = conversation.handshake().server { #expect(!facts.isResumed) }
            #expect(conversation.delegate.offeredData.isEmpty)
        }
    }

    @Test("a ticket of another session id context is not even shown to the delegate", arguments: TLSVersion.allCases)
    func otherContext(version: TLSVersion) throws {
        let keyring = try TicketKeyring()
        let session = try #require(
            try credentials.session(credentials.serverSettings(sessionIDContext: "one", tickets: keyring), version))
        let (isResumed, conversation) = try credentials.comeBack(
            with: session, to: credentials.serverSettings(sessionIDContext: "two", tickets: keyring), version)
        #expect(isResumed == false)
        #expect(conversation.delegate.offeredData.isEmpty)
        #expect(conversation.delegate.verifiedChains.count == 1)
    }

    @Test("a session without a certificate is not resumed where one is required", arguments: TLSVersion.allCases)
    func withoutCertificate(version: TLSVersion) throws {
        let keyring = try TicketKeyring()
        let optional = credentials.serverSettings(clientCertificate: .optional, tickets: keyring)
        let anonymous = try Conversation(
            server: optional, client: credentials.clientSettings(version, identity: nil))
        #expect(anonymous.clientVerdict() == nil)
        let session = try #require(anonymous.session)
        #expect(try credentials.comeBack(with: session, to: optional, version).isResumed == true)

        let again = try Conversation(
            server: optional, client: credentials.clientSettings(version, identity: nil))
        #expect(again.clientVerdict() == nil)
        let required = try credentials.comeBack(
            with: try #require(again.session),
            to: credentials.serverSettings(tickets: keyring), version)
        #expect(required.isResumed == false)
        #expect(required.conversation.delegate.offeredData.isEmpty)
        #expect(required.conversation.delegate.verifiedChains.count == 1)
    }

    @Test("a file of ticket keys is one, two or three different keys", arguments: [0, 1, 79, 81, 160 + 79, 320])
    func badFile(size: Int) throws {
        let file = try randomBytes(size)
        #expect(throws: TLSError.invalidTicketKeys(bytes: size)) { try keyring(file) }
        let ring = try TicketKeyring()
        #expect(throws: TLSError.invalidTicketKeys(bytes: size)) {
            try ring.reload(fileBytes: file.span)
        }
    }

    @Test("the same key twice is no file of ticket keys")
    func sameKeyTwice() throws {
        let key = try randomBytes(80)
        #expect(throws: TLSError.invalidTicketKeys(bytes: 160)) { try keyring(key + key) }
    }

    @Test("rotation does not touch keys that other nodes share")
    func sharedKeysStay() throws {
        let keyring = try self.keyring(randomBytes(80))
        let before = keyring.current
        try keyring.rotate()
        #expect(keyring.current === before)
    }
}
