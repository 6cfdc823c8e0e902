import HTTP2Frames
import TLS

/// A caller that says HTTP/2 frame by frame, right or wrong.
final class FrameCaller {
    let caller: Caller
    private var bytes: [UInt8] = []
    /// Everything that came, frame by frame.
    private(set) var received: [WrittenFrame] = []
    /// Whether the gateway has ended the connection, in good order or not.
    private(set) var isEnded = false

    /// Connects, says what a connection begins with unless `greeting` is something else, and takes the gateway's word.
    init(_ gateway: Gateway, greeting: [UInt8] = Frame.preface + Frame.settings()) throws {
        caller = try gateway.caller(speaking: "h2")
        try send(greeting)
    }

    /// Sends bytes; a gateway that has closed is seen when its last words are read.
    func send(_ bytes: [UInt8]) throws {
        try? caller.write(bytes)
    }

    /// A request that is whole; `fields` are put behind what every request has to say.
    static func request(
        _ path: String = "/", stream: UInt32 = 1, method: String = "GET", _ fields: [(String, String)] = [],
        flags: UInt8 = Frame.endStream | Frame.endHeaders
    ) -> [UInt8] {
        Frame.headers(head(path, method: method) + fields, stream: stream, flags: flags)
    }

    /// What every request has to say.
    static func head(_ path: String = "/", method: String = "GET") -> [(String, String)] {
        [(":method", method), (":scheme", "https"), (":authority", "localhost"), (":path", path)]
    }

    /// The next frame; nothing once the connection is over.
    func next() throws -> WrittenFrame? {
        while true {
            if let frame = WrittenFrame.first(of: &bytes) {
                received.append(frame)
                if frame.type == 0x4, frame.flags & Frame.acknowledgement == 0 {
                    try send(Frame.settingsAcknowledgement)
                }
                return frame
            }
            guard !isEnded else { return nil }
            do {
                let more = try caller.read()
                if more.isEmpty { isEnded = true }
                bytes += more
            } catch is TLSError {
                isEnded = true
            }
        }
    }

    /// Reads until a frame is as wanted; nothing if the connection ends before.
    @discardableResult
    func next(_ isWanted: (WrittenFrame) -> Bool) throws -> WrittenFrame? {
        while let frame = try next() {
            if isWanted(frame) { return frame }
        }
        return nil
    }

    /// Reads until the gateway ends the connection; returns the code of its GOAWAY, if it sent one.
    @discardableResult
    func readToEnd() throws -> UInt32? {
        while try next() != nil {}
        return received.last { $0.type == 0x7 }?.code
    }
}
