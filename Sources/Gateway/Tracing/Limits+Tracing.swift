// Bounds of the sending of spans.

extension Limits {
    /// How long spans are gathered before they are sent, so that a request holds many.
    static let spanInterval: Duration = .seconds(1)

    /// Bytes of spans in one request: some twelve hundred, less than collectors take (4 MiB by default).
    static let spanBatch = 1 << 20

    /// Bytes of a collector's answer.
    static let spanAnswer = 64 * 1024

    /// Times that spans are sent before they are given up: half a minute, in which a collector is restarted.
    static let spanAttempts = 6

    /// Before they are sent again for the first time; each time it doubles.
    static let spanBackOff: Duration = .seconds(1)

    /// The longest wait that a collector may ask for: longer, and what is new would be lost for what is old.
    static let spanPatience: Int64 = 60

    /// What a stopping process gives to its spans where `drain_timeout` is used up.
    static let spanFlush: Duration = .seconds(1)
}
