internal import EventLoop

/// The bytes of a connection that speaks something else than HTTP since an upgrade, in both directions.
///
/// Each side is read only while the other takes what it brings. The tunnel belongs to its exchange, and ends with it:
/// when both sides have ended theirs, when one is lost, when nothing was said for as long as the upstream may be silent,
/// when the caller may not go on, and when the gateway drains.
///
/// The caller may not go on when its certificate is revoked or has expired, or is not trusted any more. What only requests
/// are asked (enrolment lists, what a route demands of its callers, a token and its expiry) was asked before the tunnel
/// opened, and is not asked again: a tunnel outlives its change.
final class Tunnel: TimerHandler {
    private unowned let exchange: Exchange
    private let downstream: DownstreamConnection
    private let upstream: UpstreamConnection
    private let patience: Interval
    private var timer: Timer?
    private var hasDownstreamEnded = false
    private var hasUpstreamEnded = false

    init(of exchange: Exchange, to upstream: UpstreamConnection, patience: Interval) {
        self.exchange = exchange
        downstream = exchange.downstream
        self.upstream = upstream
        self.patience = patience
        timer = Timer(loop: exchange.worker.loop, handler: self)
        timer?.schedule(after: patience)
    }

    /// Passes on what is in the caller's input.
    func relayDownstream() {
        exchange.record.bytesReceived &+= relay(from: downstream, to: upstream)
    }

    /// Passes on what is in the upstream's input.
    func relayUpstream() {
        exchange.record.bytesSent &+= relay(from: upstream, to: downstream)
    }

    /// Passes on what is in one side's input, if the other takes it; says how many bytes that was.
    private func relay(from source: Connection, to destination: Connection) -> UInt64 {
        guard !source.input.isEmpty else { return 0 }
        guard !destination.isOutputFull else {
            source.pauseReading()
            return 0
        }
        timer?.schedule(after: patience)
        let count = UInt64(source.input.count)
        source.input.withBytes { bytes in destination.send(bytes) }
        source.input.removeAll()
        return count
    }

    /// The caller says no more; the other direction goes on.
    func downstreamEnded() {
        hasDownstreamEnded = true
        if hasUpstreamEnded { end() } else { upstream.endOutputAfterFlush() }
    }

    /// The upstream says no more; the other direction goes on.
    func upstreamEnded() {
        hasUpstreamEnded = true
        if hasDownstreamEnded { end() } else { downstream.endOutputAfterFlush() }
    }

    func timerFired(_ token: Int) {
        end()
    }

    /// Ends both sides in good order, what is on its way first.
    func end() {
        upstream.finishTunnel()
        exchange.tunnelEnded()
    }
}
