import COpenSSL
import Glibc
import Testing

@testable import TLS

@Suite struct TransferTests {
    let credentials: Credentials

    init() throws {
        credentials = try Credentials.shared.get()
    }

    private func openConversation(_ version: TLSVersion, _ delivery: Delivery = .atOnce) throws -> Conversation {
        let conversation = try Conversation(
            delivery, server: credentials.serverSettings(tickets: try TicketKeyring()),
            client: credentials.clientSettings(version, identity: credentials.client))
        let outcomes = conversation.handshake()
        _ = try outcomes.client?.get()
        _ = try #require(try outcomes.server?.get())
        return conversation
    }

    @Test("bytes arrive whole and in order, both ways", arguments: TLSVersion.allCases, Delivery.allCases)
    func transfer(version: TLSVersion, delivery: Delivery) throws {
        let conversation = try openConversation(version, delivery)
        let bytes = (0..<(delivery == .atOnce ? 3_000_000 : 20_000)).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        #expect(try conversation.send(bytes) == bytes)
        #expect(try conversation.answer(bytes) == bytes)
        #expect(try conversation.send([1]) == [1])
    }

    @Test(
        "a full socket wants to be written to, and takes the same bytes from elsewhere", arguments: TLSVersion.allCases)
    func backPressure(version: TLSVersion) throws {
        let conversation = try openConversation(version)
        let record = [UInt8](repeating: 5, count: 16_384)
        var written = 0
        var progress = TLSConnection.Progress.done(0)
        for _ in 0..<10_000 where progress != .wantsWrite {
            // A new array each time: OpenSSL is told to accept a buffer that moved.
            let copy = record.map { $0 }
            progress = try conversation.server.write(copy.span)
            if case .done(let count) = progress { written += count }
        }
        #expect(progress == .wantsWrite)
        var received = 0
        let isComplete = try conversation.exchange { () throws(TLSError) -> Bool? in
            if case .bytes(let bytes)? = try Conversation.read(&conversation.client) { received += bytes.count }
            if case .wantsWrite = progress {
                let copy = record.map { $0 }
                progress = try conversation.server.write(copy.span)
                if case .done(let count) = progress { written += count }
            }
            return progress != .wantsWrite && received == written ? true : nil
        }
        #expect(isComplete == true)
        #expect(received == written)
    }

    @Test(
        "full records are read together, and the end behind them is said by the next read",
        arguments: TLSVersion.allCases)
    func together(version: TLSVersion) throws {
        let conversation = try openConversation(version)
        let bytes = (0..<32_768).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        #expect(try Conversation.write(bytes, to: &conversation.server) == .done(bytes.count))
        #expect(conversation.server.shutdown() == .done(0))
        while conversation.wire.turn() {}
        #expect(try Conversation.read(&conversation.client, atMost: 65_536) == .bytes(bytes))
        #expect(conversation.clientHasBufferedInput)
        #expect(try Conversation.read(&conversation.client, atMost: 65_536) == .closed)
    }

    @Test("a write of nothing and a read into nothing do nothing")
    func nothing() throws {
        let conversation = try openConversation(.tls13)
        #expect(try Conversation.write([], to: &conversation.server) == .done(0))
        var empty: [UInt8] = []
        var span = empty.mutableSpan
        let progress = try conversation.server.read(into: &span)
        #expect(progress == .done(0))
    }

    @Test("what was read ahead is known to be there", arguments: TLSVersion.allCases)
    func readAhead(version: TLSVersion) throws {
        let conversation = try openConversation(version)
        #expect(try Conversation.read(&conversation.client) == nil)
        _ = try Conversation.write([1, 2, 3], to: &conversation.server)
        _ = try Conversation.write([4], to: &conversation.server)
        #expect(try Conversation.read(&conversation.client, atMost: 2) == .bytes([1, 2]))
        #expect(conversation.clientHasBufferedInput)
        #expect(try Conversation.read(&conversation.client) == .bytes([3]))
        // The second record has left the socket with the first.
        #expect(receive(from: conversation.wire.client).isEmpty)
        #expect(conversation.clientHasBufferedInput)
        #expect(try Conversation.read(&conversation.client) == .bytes([4]))
        #expect(!conversation.clientHasBufferedInput)
        #expect(try Conversation.read(&conversation.client) == nil)
    }

    @Test("close_notify ends what is received, not what is sent", arguments: TLSVersion.allCases, Delivery.allCases)
    func closeNotify(version: TLSVersion, delivery: Delivery) throws {
        let conversation = try openConversation(version, delivery)
        _ = try Conversation.write([1], to: &conversation.client)
        #expect(conversation.client.shutdown() == .done(0))
        #expect(conversation.client.shutdown() == .done(0))
        #expect(throws: TLSError.outOfTurn) { try Conversation.write([2], to: &conversation.client) }
        let first = try conversation.exchange { () throws(TLSError) in try Conversation.read(&conversation.server) }
        #expect(first == .bytes([1]))
        let second = try conversation.exchange { () throws(TLSError) in try Conversation.read(&conversation.server) }
        #expect(second == .closed)
        #expect(try Conversation.read(&conversation.server) == .closed)
        #expect(try conversation.answer([9, 9]) == [9, 9])
        #expect(conversation.server.shutdown() == .done(0))
    }

    @Test("an end without close_notify is told from one with it", arguments: TLSVersion.allCases)
    func truncation(version: TLSVersion) throws {
        let conversation = try openConversation(version)
        _ = try Conversation.write([1], to: &conversation.client)
        conversation.wire.end(conversation.wire.client)
        #expect(try Conversation.read(&conversation.server) == .bytes([1]))
        #expect(throws: TLSError.truncated) { try Conversation.read(&conversation.server) }
        #expect(throws: TLSError.outOfTurn) { try Conversation.read(&conversation.server) }
        #expect(conversation.server.shutdown() == .closed)
        #expect(TLSError.truncated.fault == .network)
    }

    @Test("a client that goes away in the handshake is told from one that errs")
    func goneInHandshake() throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(),
            client: credentials.clientSettings(.tls13, identity: credentials.client))
        #expect(try conversation.client.handshake() == .wantsRead)
        #expect(try conversation.server.handshake() == .wantsRead)
        conversation.wire.end(conversation.wire.client)
        #expect(throws: TLSError.truncated) { try conversation.server.handshake() }
        #expect(throws: TLSError.outOfTurn) { try conversation.server.handshake() }
    }

    @Test("a write to nobody fails with the system's error")
    func brokenPipe() throws {
        let conversation = try openConversation(.tls12)
        conversation.wire.drop(conversation.wire.client)
        #expect(throws: TLSError.system(errno: EPIPE)) { try Conversation.write([1], to: &conversation.server) }
        #expect(TLSError.system(errno: EPIPE).fault == .network)
        #expect(TLSError.system(errno: EBADF).fault == .local)
    }

    @Test("nothing is read, written or closed before the handshake has ended")
    func outOfTurn() throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(),
            client: credentials.clientSettings(.tls13, identity: credentials.client))
        #expect(throws: TLSError.outOfTurn) { try Conversation.read(&conversation.server) }
        #expect(throws: TLSError.outOfTurn) { try Conversation.write([1], to: &conversation.server) }
        #expect(conversation.server.shutdown() == .closed)
        #expect(conversation.server.facts == nil)
        #expect(conversation.server.peerCertificates().isEmpty)
        #expect(!conversation.serverHasBufferedInput)
    }

    @Test(
        "what is not TLS is the peer's fault",
        arguments: ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}\u{5}hello", "\0\0\0\0\0\0\0\0\0"])
    func garbage(text: String) throws {
        let wire = try Wire(.atOnce)
        let delegate = Delegate()
        var server = try TLSConnection(
            server: TLSServerContext(credentials.serverSettings()), descriptor: wire.server, delegate: delegate)
        #expect(sendAll(Array(text.utf8), to: wire.client))
        do throws(TLSError) {
            _ = try server.handshake()
            Issue.record("accepted")
        } catch {
            #expect(error.fault == .peer)
            #expect(!error.description.isEmpty)
            guard case .protocolViolation = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test("a record that was altered on its way is the end", arguments: TLSVersion.allCases)
    func alteredRecord(version: TLSVersion) throws {
        let conversation = try openConversation(version)
        _ = receive(from: conversation.wire.server)
        _ = try Conversation.write([1, 2, 3], to: &conversation.client)
        var record = receive(from: conversation.wire.server)
        record[record.count - 1] ^= 1
        #expect(sendAll(record, to: conversation.wire.client))
        do throws(TLSError) {
            _ = try Conversation.read(&conversation.server)
            Issue.record("accepted")
        } catch {
            guard case .protocolViolation(_, alertSent: .badRecordMAC) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
