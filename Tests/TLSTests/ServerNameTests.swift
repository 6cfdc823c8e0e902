import Testing

@testable import TLS

@Suite struct ServerNameTests {
    let credentials: Credentials

    init() throws {
        credentials = try Credentials.shared.get()
    }

    private var otherSettings: TLSServerSettings {
        TLSServerSettings(
            identity: credentials.otherServer, minimumVersion: .tls12,
            profile: .explicit(
                .init(
                    cipherSuites12: ["ECDHE-ECDSA-AES128-GCM-SHA256"], cipherSuites13: ["TLS_AES_128_GCM_SHA256"],
                    groups: ["P-256"])),
            applicationProtocols: ["http/1.1"], clientCertificate: .optional,
            sessionIDContext: Array("other".utf8))
    }

    @Test("everything of the chosen context applies", arguments: TLSVersion.allCases, Delivery.allCases)
    func chosenContext(version: TLSVersion, delivery: Delivery) throws {
        let delegate = Delegate()
        delegate.contexts["other.example"] = try TLSServerContext(otherSettings)
        let conversation = try Conversation(
            delivery, server: credentials.serverSettings(protocols: ["h2"]),
            client: credentials.clientSettings(version, identity: nil, protocols: ["h2", "http/1.1"]),
            name: "Other.Example", delegate: delegate)
        let outcomes = conversation.handshake()
        let facts = try #require(try outcomes.server?.get())
        #expect(try outcomes.client?.get() != nil)
        #expect(facts.serverName == "other.example")
        #expect(facts.applicationProtocol == "http/1.1")
        #expect(facts.group == "P-256")
        #expect(facts.cipherSuite.hasSuffix("AES_128_GCM_SHA256"))
        #expect(conversation.client.peerCertificates() == credentials.otherServer.chain)
        #expect(delegate.requestedNames == ["other.example"])
    }

    @Test("a chosen context may require what the first one does not", arguments: TLSVersion.allCases)
    func stricterContext(version: TLSVersion) throws {
        let delegate = Delegate()
        var strict = otherSettings
        strict.clientCertificate = .required
        delegate.contexts["other.example"] = try TLSServerContext(strict)
        let conversation = try Conversation(
            server: credentials.serverSettings(clientCertificate: .none),
            client: credentials.clientSettings(version, identity: nil), name: "other.example", delegate: delegate)
        #expect(
            conversation.clientVerdict() == .alertReceived(version == .tls13 ? .certificateRequired : .handshakeFailure)
        )
    }

    @Test("a chosen context may speak only the newer version")
    func newerVersion() throws {
        let delegate = Delegate()
        var strict = otherSettings
        strict.minimumVersion = .tls13
        delegate.contexts["other.example"] = try TLSServerContext(strict)
        let conversation = try Conversation(
            server: credentials.serverSettings(clientCertificate: .none),
            client: credentials.clientSettings(.tls12, identity: nil), name: "other.example", delegate: delegate)
        #expect(conversation.clientVerdict() == .alertReceived(.protocolVersion))
    }

    @Test("a name that the delegate does not know keeps the context", arguments: TLSVersion.allCases)
    func unknownName(version: TLSVersion) throws {
        let delegate = Delegate()
        var settings = credentials.clientSettings(version, identity: credentials.client)
        settings.trust = .unverified
        let conversation = try Conversation(
            server: credentials.serverSettings(), client: settings, name: "unknown.example", delegate: delegate)
        #expect(try conversation.handshake().server?.get().serverName == "unknown.example")
        #expect(delegate.requestedNames == ["unknown.example"])
    }

    @Test("a client that names no server is asked about all the same")
    func noName() throws {
        let delegate = Delegate()
        let conversation = try Conversation(
            server: credentials.serverSettings(),
            client: credentials.clientSettings(.tls13, identity: credentials.client), name: nil, delegate: delegate)
        #expect(try conversation.handshake().server?.get().serverName == nil)
        #expect(delegate.requestedNames == [nil])
    }

    @Test("a session of one context is not resumed under another", arguments: TLSVersion.allCases)
    func crossedSession(version: TLSVersion) throws {
        let keyring = try TicketKeyring()
        let open = credentials.serverSettings(clientCertificate: .none, sessionIDContext: "open", tickets: keyring)
        var closed = otherSettings
        closed.clientCertificate = .required
        closed.tickets = keyring
        closed.profile = .anssi
        let delegate = Delegate()
        delegate.contexts["other.example"] = try TLSServerContext(closed)

        let first = try Conversation(
            server: open, client: credentials.clientSettings(version, identity: nil), delegate: delegate)
        #expect(first.clientVerdict() == nil)
        let session = try #require(first.session)

        let second = try Conversation(
            server: open, client: credentials.clientSettings(version, identity: nil), name: "other.example",
            resuming: session, delegate: delegate)
        #expect(second.clientVerdict() == .alertReceived(version == .tls13 ? .certificateRequired : .handshakeFailure))
        #expect(delegate.offeredData.isEmpty)
    }

    @Test("a chosen context resumes its own sessions, with its own keys", arguments: TLSVersion.allCases)
    func ownSession(version: TLSVersion) throws {
        let delegate = Delegate()
        var settings = otherSettings
        settings.tickets = try TicketKeyring()
        delegate.contexts["other.example"] = try TLSServerContext(settings)
        var session: TLSSession?
        for isResumed in [false, true] {
            // The first context has no keys at all.
            let conversation = try Conversation(
                server: credentials.serverSettings(),
                client: credentials.clientSettings(version, identity: credentials.client), name: "other.example",
                resuming: session, delegate: delegate)
            #expect(try conversation.handshake().server?.get().isResumed == isResumed)
            #expect(conversation.clientVerdict() == nil)
            session = conversation.session
        }
        // Twice in TLS 1.3: the context's only group makes the client send its ClientHello again.
        #expect(Set(delegate.offeredData) == [[7, 7, 7]])
    }

    @Test("a chosen context without keys gives no session", arguments: TLSVersion.allCases)
    func keysOfFirstContext(version: TLSVersion) throws {
        let delegate = Delegate()
        delegate.contexts["other.example"] = try TLSServerContext(otherSettings)
        let conversation = try Conversation(
            server: credentials.serverSettings(tickets: try TicketKeyring()),
            client: credentials.clientSettings(version, identity: credentials.client), name: "other.example",
            delegate: delegate)
        #expect(conversation.clientVerdict() == nil)
        #expect(conversation.session == nil)
    }

    static let extensions: [(bytes: [UInt8], reading: ServerNameExtension)] = [
        ([0, 6, 0, 0, 3] + Array("a.b".utf8), .name("a.b")),
        ([0, 7, 0, 0, 4] + Array("A.bC".utf8), .name("a.bc")),
        ([], .malformed),
        ([0, 0], .malformed),
        ([0, 3, 0, 0, 0], .malformed),
        // The list is longer or shorter than it says.
        ([0, 7, 0, 0, 3] + Array("a.b".utf8), .malformed),
        ([0, 5, 0, 0, 3] + Array("a.b".utf8), .malformed),
        // The name is.
        ([0, 6, 0, 0, 4] + Array("a.b".utf8), .malformed),
        ([0, 6, 0, 0, 2] + Array("a.b".utf8), .malformed),
        // Another type of name; two names.
        ([0, 6, 1, 0, 3] + Array("a.b".utf8), .malformed),
        ([0, 8, 0, 0, 1, 97, 0, 0, 1, 98], .malformed),
        ([0, 6, 0, 0, 3] + [97, 0, 98], .unacceptable),
        ([0, 6, 0, 0, 3] + Array("a b".utf8), .unacceptable),
        ([0, 6, 0, 0, 3] + Array("a\"b".utf8), .unacceptable),
        ([0, 6, 0, 0, 3] + Array("€".utf8), .unacceptable),
        ([1, 3, 0, 1, 0] + Array(repeating: 97, count: 256), .unacceptable),
        ([1, 2, 0, 0, 255] + Array(repeating: 97, count: 255), .name(String(repeating: "a", count: 255))),
    ]

    @Test("the extension is read strictly", arguments: ServerNameTests.extensions)
    func reading(_ example: (bytes: [UInt8], reading: ServerNameExtension)) {
        let reading = ServerNameExtension(reading: example.bytes.span)
        #expect(reading == example.reading)
    }
}
