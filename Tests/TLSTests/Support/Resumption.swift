import Testing

@testable import TLS

extension Credentials {
    /// A full handshake with these settings, a byte each way, and the session the client has from it.
    func session(
        _ settings: TLSServerSettings, _ version: TLSVersion, identity: TLSIdentity? = nil,
        name: String = "localhost", delegate: Delegate = Delegate()
    ) throws -> TLSSession? {
        let conversation = try Conversation(
            server: settings, client: clientSettings(version, identity: identity ?? client),
            name: name, delegate: delegate)
        #expect(conversation.clientVerdict() == nil)
        return conversation.session
    }

    /// The conversation that follows when a client comes back with a session.
    func comeBack(
        with session: TLSSession, to settings: TLSServerSettings, _ version: TLSVersion, name: String = "localhost",
        delivery: Delivery = .atOnce, delegate: Delegate = Delegate()
    ) throws -> (isResumed: Bool?, conversation: Conversation) {
        let conversation = try Conversation(
            delivery, server: settings, client: clientSettings(version, identity: client),
            name: name, resuming: session, delegate: delegate)
        let facts = try conversation.handshake().server?.get()
        return (facts?.isResumed, conversation)
    }
}
