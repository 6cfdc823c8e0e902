internal import EventLoop
internal import TLS

/// A connection that the gateway makes to a server of an upstream: the socket, what is said in the clear before all else,
/// TLS, and the protocol agreed on by ALPN.
///
/// The base of what speaks HTTP to servers, for exchanges and for probes. Its timer bounds the opening; what it is good
/// for once the connection is open is the subclass's to say.
class OutgoingConnection: Connection {
    /// What is spoken on it.
    enum ApplicationProtocol { case http1, http2 }

    final var timer: Timer?
    private let destination: UpstreamServerPlan
    private let tls: TLSClientContext?
    private let spoken: ApplicationProtocol
    private var step = Step.socket

    private enum Step {
        case socket
        /// A PROXY header, or what is left of it.
        case introduction(ArraySlice<UInt8>)
        case handshake
        case open
    }

    private let introduction: [UInt8]

    /// Begins to connect to `server`, which has `timeout` to get as far as HTTP; it is sent `introduction` first.
    init(
        to server: UpstreamServerPlan, through tls: TLSClientContext?, speaking spoken: ApplicationProtocol,
        introducing introduction: [UInt8] = [], within timeout: Duration, worker: Worker
    ) throws(UpstreamFailure) {
        self.introduction = introduction
        destination = server
        self.tls = tls
        self.spoken = spoken
        let connecting = try Self.connect(to: server.address)
        super.init(worker: worker, transport: Transport(clear: connecting.descriptor))
        Socket.setNoDelay(transport.descriptor)
        timer = Timer(loop: worker.loop, handler: self)
        timer?.schedule(after: timeout)
    }

    private static func connect(to address: SocketAddress) throws(UpstreamFailure) -> Socket.Connecting {
        do {
            return try Socket.connect(to: address)
        } catch {
            throw .connectError
        }
    }

    /// Bytes of HTTP may flow.
    func opened() {}

    override final func establish() -> Transport.Outcome {
        if case .socket = step {
            if let error = Socket.pendingError(of: transport.descriptor) { return .failed(.socket(error)) }
            step = .introduction(introduction[...])
        }
        if case .introduction(var rest) = step {
            while !rest.isEmpty {
                let outcome = transport.write(Array(rest).span)
                guard case .moved(let count) = outcome else { return outcome }
                rest = rest.dropFirst(count)
                step = .introduction(rest)
            }
            if let failure = secure() { return .failed(failure) }
            step = .handshake
        }
        let outcome = transport.handshake()
        guard case .moved = outcome else { return outcome }
        guard agreesOnProtocol else { return .failed(.wrongProtocol) }
        step = .open
        opened()
        return outcome
    }

    private func secure() -> TransportFailure? {
        guard let tls else { return nil }
        do {
            try transport.secure(
                TLSConnection(client: tls, descriptor: transport.number, serverName: destination.serverName))
            return nil
        } catch {
            return .tls(error)
        }
    }

    /// In TLS, HTTP/2 is spoken only where the server has agreed to it (RFC 9113 §3.2); HTTP/1.1 also where it says
    /// nothing.
    private var agreesOnProtocol: Bool {
        guard tls != nil else { return true }
        let agreed = transport.facts?.applicationProtocol
        return switch spoken {
        case .http1: agreed == nil || agreed == "http/1.1"
        case .http2: agreed == "h2"
        }
    }
}

extension TransportFailure {
    /// What is said of a connection that ends this way before it is open.
    var whileConnecting: UpstreamFailure {
        switch self {
        case .tls: .tlsError
        case .wrongProtocol: .wrongProtocol
        default: .connectError
        }
    }
}
