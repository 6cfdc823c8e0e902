internal import EventLoop
internal import HTTP
internal import Trust

struct JournalSettings: Sendable {
}

final class Journal {
    init(_ settings: JournalSettings, worker: Int) {}
    func flush() {}
    func reopen() {}
    func beginRecord(of request: RequestHead, on connection: DownstreamConnection) -> ExchangeRecord {
        var record = ExchangeRecord()
        record.began = connection.worker.loop.now
        record.requestID = Array("00000000-0000-7000-8000-000000000000".utf8)
        record.traceparent = Array("00-00000000000000000000000000000001-0000000000000001-00".utf8)
        return record
    }
    func finish(_ exchange: Exchange) {}
    func handshakeFailed(_ failure: TransportFailure, of connection: DownstreamConnection) {}
    func handshakeSucceeded(of connection: DownstreamConnection) {}
    func connectionCut(_ connection: DownstreamConnection, because refusal: Refusal) {}
    func requestRefused(_ refusal: Refusal, on connection: DownstreamConnection, route: Route?) {}
    func ticketDeclined(_ reason: TicketRefusal) {}
}
