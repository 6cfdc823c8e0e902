import TLS

/// A server and a client of ours on the two ends of a wire, stepped in turn on one thread.
final class Conversation {
    typealias Outcome = Result<HandshakeFacts, TLSError>

    let wire: Wire
    let delegate: Delegate
    var server: TLSConnection
    var client: TLSConnection

    /// Turns before a conversation is taken for stuck; byte by byte, a handshake with ten certificates needs some 20,000.
    private static let turns = 400_000

    init(
        _ delivery: Delivery = .atOnce, server settings: TLSServerSettings, client clientSettings: TLSClientSettings,
        name: String? = "localhost", resuming session: TLSSession? = nil, delegate: Delegate = Delegate()
    ) throws {
        try wire = Wire(delivery)
        self.delegate = delegate
        server = try TLSConnection(
            server: TLSServerContext(settings), descriptor: wire.server, delegate: delegate)
        client = try TLSConnection(
            client: TLSClientContext(clientSettings), descriptor: wire.client, serverName: name, resuming: session)
    }

    /// Steps both sides until each has come to an end, or neither can go on.
    func handshake() -> (server: Outcome?, client: Outcome?) {
        var outcomes: (server: Outcome?, client: Outcome?) = (nil, nil)
        for _ in 0..<Self.turns {
            if outcomes.client == nil { outcomes.client = Self.step(&client) }
            if outcomes.server == nil { outcomes.server = Self.step(&server) }
            let moved = wire.turn()
            if outcomes.client != nil, outcomes.server != nil, !moved { break }
        }
        return outcomes
    }

    /// What the client comes to know in the end: in TLS 1.3 its handshake ends before its certificate is looked at, and
    /// the alert is found when it reads.
    func clientVerdict() -> TLSError? {
        let outcomes = handshake()
        if case .failure(let error)? = outcomes.client { return error }
        do throws(TLSError) {
            _ = try exchange { () throws(TLSError) in
                try Self.read(&client)
            }
            return nil
        } catch {
            return error
        }
    }

    /// What the client may resume.
    var session: TLSSession? { client.resumableSession() }

    var clientHasBufferedInput: Bool { client.hasBufferedInput }
    var serverHasBufferedInput: Bool { server.hasBufferedInput }

    /// Turns the wire until an attempt comes to something other than wanting, or gives up.
    func exchange<Value>(_ attempt: () throws(TLSError) -> Value?) throws(TLSError) -> Value? {
        var idleTurns = 0
        for _ in 0..<Self.turns {
            if let value = try attempt() { return value }
            idleTurns = wire.turn() ? 0 : idleTurns + 1
            if idleTurns > 2_000 { return nil }
        }
        return nil
    }

    /// Has the client send, and the server receive.
    func send(_ bytes: [UInt8]) throws(TLSError) -> [UInt8]? {
        var sent = 0
        var received: [UInt8] = []
        return try exchange { () throws(TLSError) -> [UInt8]? in
            if sent < bytes.count, case .done(let count) = try client.write(bytes.span.extracting(sent...)) {
                sent += count
            }
            if case .bytes(let more)? = try Self.read(&server) { received += more }
            return received.count == bytes.count ? received : nil
        }
    }

    /// Has the server send, and the client receive.
    func answer(_ bytes: [UInt8]) throws(TLSError) -> [UInt8]? {
        var sent = 0
        var received: [UInt8] = []
        return try exchange { () throws(TLSError) -> [UInt8]? in
            if sent < bytes.count, case .done(let count) = try server.write(bytes.span.extracting(sent...)) {
                sent += count
            }
            if case .bytes(let more)? = try Self.read(&client) { received += more }
            return received.count == bytes.count ? received : nil
        }
    }

    enum Reading: Equatable {
        case bytes([UInt8])
        case closed
    }

    /// Reads once: bytes, the end, or nothing at the moment.
    static func read(_ connection: inout TLSConnection, atMost limit: Int = 20_000) throws(TLSError) -> Reading? {
        var buffer = [UInt8](repeating: 0, count: limit)
        var span = buffer.mutableSpan
        switch try connection.read(into: &span) {
        case .done(let count): return .bytes(Array(buffer.prefix(count)))
        case .closed: return .closed
        case .wantsRead, .wantsWrite: return nil
        }
    }

    /// Writes once.
    static func write(_ bytes: [UInt8], to connection: inout TLSConnection) throws(TLSError) -> TLSConnection.Progress {
        try connection.write(bytes.span)
    }

    private static func step(_ connection: inout TLSConnection) -> Outcome? {
        do throws(TLSError) {
            guard try connection.handshake() == .done(0), let facts = connection.facts else { return nil }
            return .success(facts)
        } catch {
            return .failure(error)
        }
    }
}
