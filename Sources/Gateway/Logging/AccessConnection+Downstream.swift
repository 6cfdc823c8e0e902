internal import Crypto
internal import EventLoop
internal import IGCSante
internal import Observability
internal import TLS
internal import Trust
internal import X509

extension AccessConnection {
    /// What the access log says of a caller's connection, once it is known who calls.
    init(of connection: DownstreamConnection) {
        let identity = connection.caller.map { caller in
            AccessIdentity(
                kind: caller.peer.kind?.rawValue, structure: caller.peer.structure?.raw,
                clientName: caller.peer.clientName, serial: caller.peer.serial.hex,
                thumbprint: caller.peer.thumbprint.hex)
        }
        let tls = connection.facts.map { facts in
            AccessTLS(
                version: facts.version.description, cipher: facts.cipherSuite, isResumed: facts.isResumed,
                handshakeNanoseconds: connection.handshakeDuration.wholeNanoseconds)
        }
        var text: [UInt8] = []
        connection.address.append(to: &text)
        self.init(address: text.span, identity: identity, tls: tls, listener: connection.listener.plan.name)
    }
}
