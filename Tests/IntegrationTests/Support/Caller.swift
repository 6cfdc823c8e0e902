import Crypto
import Foundation
import Glibc
import TLS
import X509

/// A client with a certificate, in the test's own process: what curl cannot do is done with it.
final class Caller: ByteStream {
    let wire: Wire
    private var connection: TLSConnection
    private(set) lazy var messages = MessageReader(within: self)

    /// OpenSSL writes to a connection that the gateway may have closed; the signal for that would end the tests.
    private static let withoutSignals: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// Connects and makes the handshake.
    ///
    /// In TLS 1.3 the handshake ends on this side before the gateway has looked at the certificate: a refusal is seen by
    /// the first read.
    init(
        port: UInt16, as identity: TLSIdentity?, over version: TLSVersion = .tls13, name: String? = "localhost",
        resuming session: TLSSession? = nil, saying preamble: [UInt8] = [], speaking spoken: String = "http/1.1",
        suites: [String] = [], midway: () throws -> Void = {}
    ) throws {
        var settings = TLSClientSettings(trust: .unverified, identity: identity, versions: version...version)
        settings.applicationProtocols = [spoken]
        if !suites.isEmpty { settings.profile = .explicit(TLSProfile.Algorithms(cipherSuites13: suites)) }
        _ = Self.withoutSignals
        let context = try TLSClientContext(settings)
        let wire = try Wire(port: port)
        self.wire = wire
        // Each in a packet of its own.
        for byte in preamble { try wire.write([byte]) }
        connection = try TLSConnection(
            client: context, descriptor: wire.descriptor, serverName: name, resuming: session)
        try shakeHands()
    }

    private func shakeHands() throws {
        while true {
            switch try connection.handshake() {
            case .done, .closed: return
            case .wantsRead: try wire.wait(for: Int16(POLLIN))
            case .wantsWrite: try wire.wait(for: Int16(POLLOUT))
            }
        }
    }

    /// Whether a session was resumed, and what else the handshake agreed on.
    var facts: HandshakeFacts? { connection.facts }

    /// What another connection may resume; in TLS 1.3 it comes with the first bytes read.
    var session: TLSSession? { connection.resumableSession() }

    /// Reads what is there next; nothing once the gateway has said that no more comes.
    func read() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            switch try step(reading: &buffer) {
            case .done(let count): return Array(buffer.prefix(count))
            case .closed: return []
            case .wantsRead: try wire.wait(for: Int16(POLLIN))
            case .wantsWrite: try wire.wait(for: Int16(POLLOUT))
            }
        }
    }

    private func step(reading buffer: inout [UInt8]) throws(TLSError) -> TLSConnection.Progress {
        var span = buffer.mutableSpan
        return try connection.read(into: &span)
    }

    func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            switch try step(writing: bytes, from: sent) {
            case .done(let count): sent += count
            case .closed: throw MessageReader.Cut(received: [])
            case .wantsRead: try wire.wait(for: Int16(POLLIN))
            case .wantsWrite: try wire.wait(for: Int16(POLLOUT))
            }
        }
    }

    private func step(writing bytes: [UInt8], from start: Int) throws(TLSError) -> TLSConnection.Progress {
        try connection.write(bytes.span.extracting(start...))
    }

    /// Says that nothing more comes; what the gateway sends is still read.
    func endOutput() {
        _ = connection.shutdown()
        wire.endOutput()
    }

    /// Sends a request and reads the response to it.
    @discardableResult
    func exchange(
        _ method: String = "GET", _ target: String, fields: [Field] = [], body: [UInt8]? = nil
    ) throws -> Message {
        try send(method, target, fields: fields, body: body)
        return try messages.readResponse(to: method).final
    }

    /// Sends a request.
    func send(_ method: String, _ target: String, fields: [Field] = [], body: [UInt8]? = nil) throws {
        var head = "\(method) \(target) HTTP/1.1\r\n"
        if fields["Host"] == nil { head += "Host: localhost\r\n" }
        for field in fields { head += "\(field.name): \(field.value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        try write(Array((head + "\r\n").utf8) + (body ?? []))
    }

    /// What the gateway says when it ends the connection: everything up to the end, or the error that comes in its place.
    func readToFailure() -> (bytes: [UInt8], error: TLSError?) {
        var bytes: [UInt8] = []
        do {
            while true {
                let more = try read()
                if more.isEmpty { return (bytes, nil) }
                bytes += more
            }
        } catch let error as TLSError {
            return (bytes, error)
        } catch {
            return (bytes, .system(errno: ETIMEDOUT))
        }
    }
}

extension TLSIdentity {
    /// What lies in `NAME.pem`, leaf first, and `NAME.key`.
    init(files name: String) throws {
        let chain = try CertificateFile.encodedCertificates(in: contents(of: "\(name).pem"))
        let key = try contents(of: "\(name).key")
        self.init(chain: chain, key: try PrivateKey(pem: key.span))
    }
}

/// The certificates in a file, in DER.
func certificates(of path: String) throws -> [[UInt8]] {
    try CertificateFile.encodedCertificates(in: contents(of: path))
}

extension TLSIdentity {
    init(chain: [[UInt8]], keyFile: String) throws {
        let key = try contents(of: keyFile)
        self.init(chain: chain, key: try PrivateKey(pem: key.span))
    }
}
