import HTTP2
import HTTP2Frames

/// A server's session that is fed by hand.
final class RawServer {
    let delegate = RecordingServer()
    let session: HTTP2ServerSession
    private(set) var error: HTTP2Error?
    private(set) var written: [WrittenFrame] = []

    init(limits: HTTP2Limits = HTTP2Limits(), greets: Bool = true) throws {
        session = try HTTP2ServerSession(limits: limits, delegate: delegate)
        if greets { feed(Frame.preface + Frame.settings() + Frame.settingsAcknowledgement) }
        written = []
    }

    deinit { session.close() }

    /// Feeds bytes, and keeps what the session writes then.
    func feed(_ bytes: [UInt8], at now: UInt64 = 0) {
        do { try session.receive(bytes.span, at: now) } catch { self.error = error }
        drain()
    }

    func drain() {
        for _ in 0..<100 {
            var output: [UInt8] = []
            session.writeOutput(into: &output, limit: 1 << 20)
            if output.isEmpty { return }
            written += WrittenFrame.all(in: output)
        }
    }

    /// The codes of the RST_STREAM frames written.
    var resets: [HTTP2ErrorCode] { codes(of: 0x3) }
    /// The codes of the GOAWAY frames written.
    var goaways: [HTTP2ErrorCode] { codes(of: 0x7) }

    private func codes(of type: UInt8) -> [HTTP2ErrorCode] {
        written.filter { $0.type == type }.compactMap { $0.code.map { HTTP2ErrorCode(rawValue: $0) } }
    }
}
