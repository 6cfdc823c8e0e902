public import HTTP

/// What a session of HTTP/2 may cost, each bound with what it answers.
public struct HTTP2Limits: Sendable, Hashable {
    /// How often something may happen: so many at once, and so many more with each second.
    public struct Allowance: Sendable, Hashable {
        /// At once.
        public var burst: Int
        /// More with each second, up to `burst` again.
        public var perSecond: Int

        /// An allowance.
        public init(burst: Int, perSecond: Int) {
            self.burst = burst
            self.perSecond = perSecond
        }
    }

    /// Bounds of heads and trailers, the same that HTTP/1.1 is held to.
    ///
    /// `head` is what SETTINGS_MAX_HEADER_LIST_SIZE says, and counts as RFC 9113 §6.5.2 does: 32 octets more for each
    /// field.
    public var message = HTTP.Limits()

    /// Streams that the peer may have open; beyond: REFUSED_STREAM.
    ///
    /// RFC 9113 §6.5.2 recommends no fewer than 100.
    public var concurrentStreams: UInt32 = 128

    /// Bytes that a peer may send on one stream before they are consumed.
    ///
    /// Bounds what a stream whose upstream does not read can hold; 256 KiB lets 5 MB/s through at 50 ms.
    public var streamWindow: Int32 = 256 * 1024

    /// Bytes that a peer may send on all streams before they are consumed: the session's receive memory.
    public var connectionWindow: Int32 = 1024 * 1024

    /// Whether bytes that are not consumed hold the connection's window too, and not only their stream's.
    ///
    /// With it `connectionWindow` bounds what a session holds, and one stream that is not read can stop the others:
    /// right where all are one peer's. Without it the bound is `streamWindow` for each of `concurrentStreams`.
    public var holdsConnectionWindow = true

    /// CONTINUATION frames of one field section; beyond: the session ends (CVE-2024-27316).
    ///
    /// Eight of the least maximal size carry four times the default head.
    public var continuations = 8

    /// Times `message.head` that a field section may claim before the session ends, instead of being answered with 431.
    ///
    /// Compressed, a byte can stand for 4 KiB: what is refused has still to be decoded (CVE-2016-6581).
    public var bombFactor = 4

    /// SETTINGS entries in one frame.
    ///
    /// Seven are defined; unknown ones are to be ignored.
    public var settingsEntries = 32

    /// Acknowledgements of PING and SETTINGS that may wait for a peer that does not read (CVE-2019-9512, -9515).
    public var acknowledgements = 256

    /// Bytes waiting on one stream above which its source is asked to stop.
    public var streamHighWater = 64 * 1024

    /// Bytes waiting on one stream below which its source is asked to go on.
    public var streamLowWater = 16 * 1024

    /// Bytes waiting on all streams above which each is held to `streamLowWater`: a peer that opens no window cannot
    /// have every stream filled.
    public var connectionHighWater = 1024 * 1024

    /// Streams reset by the peer, or by us for its faults (CVE-2023-44487, CVE-2025-8671).
    ///
    /// Each stream that ends well gives one back, so that a peer that cancels some of much work is let be.
    public var resets = Allowance(burst: 200, perSecond: 20)

    /// SETTINGS frames.
    ///
    /// A well-behaved peer sends one or two in a connection's life.
    public var settings = Allowance(burst: 20, perSecond: 1)

    /// PING frames, asked or answered.
    ///
    /// gRPC measures with up to ten in a second.
    public var pings = Allowance(burst: 100, perSecond: 20)

    /// DATA frames without data.
    public var emptyFrames = Allowance(burst: 100, perSecond: 20)

    /// PRIORITY frames.
    ///
    /// Clients of RFC 7540 send some as they open.
    public var priorities = Allowance(burst: 500, perSecond: 50)

    /// WINDOW_UPDATE frames.
    ///
    /// Each DATA frame sent gives two back.
    public var windowUpdates = Allowance(burst: 2000, perSecond: 100)

    /// The bounds of the documentation.
    public init() {}

    func allowance(for flood: HTTP2Flood) -> Allowance {
        switch flood {
        case .resets: resets
        case .settings: settings
        case .pings: pings
        case .emptyFrames: emptyFrames
        case .priorities: priorities
        case .windowUpdates: windowUpdates
        }
    }
}
