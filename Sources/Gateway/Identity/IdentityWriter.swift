internal import Configuration
internal import Crypto
internal import DER
internal import IGCSante
internal import Trust
internal import X509

/// Writes the identity headers of one caller, family by family.
struct IdentityWriter {
    private let peer: VerifiedPeer
    /// The operator's own id of the caller, where an enrolment list has one.
    private let clientID: String?
    private(set) var lines: [UInt8] = []

    init(_ peer: VerifiedPeer, clientID: String? = nil) {
        self.peer = peer
        self.clientID = clientID
    }

    /// Writes one item of a route's `identity`.
    mutating func write(_ item: IdentityConfiguration) {
        switch item {
        case .preset(.igcSante): writeIGCSante()
        case .preset(.rfc9440): writeRFC9440()
        case .preset(.xfcc): writeXFCC()
        case .preset(.nginx): writeNginx()
        case .preset(.ans): writeANS()
        case .preset(.traefik): writeTraefik()
        case .preset(.alb): writeLoadBalancer()
        // Not the same for every request: `SignedIdentities` writes it.
        case .signed: break
        case .custom(let headers): for header in headers { write(header) }
        }
    }

    /// A line, unless there is nothing to say.
    private mutating func line(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        lines.append(contentsOf: name.utf8)
        lines.append(contentsOf: ": ".utf8)
        // No value here can hold a line break, since each is encoded; one that did would end in a space, not in a line.
        lines.append(contentsOf: value.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 })
        lines.append(contentsOf: "\r\n".utf8)
    }
}

// MARK: - The families

extension IdentityWriter {
    /// Poterne's own: one field for each fact, non-ASCII as percent-encoded UTF-8.
    private mutating func writeIGCSante() {
        func encoded(_ text: String?) -> String? { text.map(IdentityEncoding.percentEncoded) }
        line("X-IGC-Sante-Kind", peer.kind?.rawValue)
        line("X-IGC-Sante-Structure-Id", encoded(peer.structure?.raw))
        line("X-IGC-Sante-Structure-Id-Type", peer.structure?.type.rawValue)
        line("X-IGC-Sante-Structure-Id-Value", encoded(peer.structure?.value))
        line("X-IGC-Sante-Structure-Name", encoded(peer.structureName))
        line("X-IGC-Sante-Client-Name", encoded(peer.clientName))
        line("X-IGC-Sante-Department", encoded(peer.department))
        line("X-IGC-Sante-Range", peer.range?.rawValue)
        line("X-IGC-Sante-Environment", peer.environment?.rawValue)
        line("X-IGC-Sante-Serial", peer.serial.hex)
        line("X-IGC-Sante-Thumbprint", peer.thumbprint.hex)
        line("X-IGC-Sante-Not-After", peer.leaf.notAfter.rfc3339)
    }

    /// RFC 9440 §2.2 and §2.3.
    ///
    /// The anchor is left out, as RFC 8446 §4.4.2 lets a sender: every verifier has it, and
    /// with it most servers' limit for a head, 8 KiB, would not hold the chain.
    private mutating func writeRFC9440() {
        line("Client-Cert", IdentityEncoding.byteSequence(peer.leafDER))
        let issuers = peer.path.dropFirst().dropLast()
        line("Client-Cert-Chain", issuers.map { IdentityEncoding.byteSequence($0.der) }.joined(separator: ", "))
    }

    /// Envoy's element: `Hash`, `Cert` and `Subject`.
    private mutating func writeXFCC() {
        let subject = peer.subjectText.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        line(
            "X-Forwarded-Client-Cert",
            "Hash=\(peer.thumbprint.hex);Cert=\"\(IdentityEncoding.escapedPEM(peer.leafDER))\";Subject=\"\(subject)\"")
    }

    /// What recipes for nginx make of its `$ssl_client_…` variables, in their encodings.
    private mutating func writeNginx() {
        line("X-SSL-Client-Verify", "SUCCESS")
        line("X-SSL-Client-S-DN", peer.subjectText)
        line("X-SSL-Client-I-DN", peer.issuerText)
        line("X-SSL-Client-Serial", peer.serial.hex)
        line("X-SSL-Client-Fingerprint", Hexadecimal.encode(SHA1.digest(of: peer.leafDER.span).span))
        line("X-SSL-Client-Cert", IdentityEncoding.escapedPEM(peer.leafDER))
    }

    /// What Apache sends before the ANS API gateway: the PEM with its line ends as spaces, and the subject.
    private mutating func writeANS() {
        line("SSL_CLIENT_CERT", IdentityEncoding.singleLinePEM(peer.leafDER))
        line("SSL_CLIENT_S_DN", peer.subjectText)
    }

    /// What Traefik's `PassTLSClientCert` writes.
    private mutating func writeTraefik() {
        line("X-Forwarded-Tls-Client-Cert", TraefikHeaders.certificate(of: peer))
        line("X-Forwarded-Tls-Client-Cert-Info", TraefikHeaders.info(of: peer))
    }

    /// What an AWS load balancer writes that verifies callers.
    private mutating func writeLoadBalancer() {
        line("X-Amzn-Mtls-Clientcert-Serial-Number", peer.serial.hex)
        line("X-Amzn-Mtls-Clientcert-Issuer", peer.issuerText)
        line("X-Amzn-Mtls-Clientcert-Subject", peer.subjectText)
        line("X-Amzn-Mtls-Clientcert-Validity", LoadBalancerHeaders.validity(of: peer))
        line("X-Amzn-Mtls-Clientcert-Leaf", LoadBalancerHeaders.leaf(of: peer))
    }

    /// One of the operator's own headers, left out when every placeholder in it is empty.
    private mutating func write(_ header: CustomIdentityHeader) {
        var value = ""
        var hasPlaceholder = false
        var hasContent = false
        for piece in header.value {
            switch piece {
            case .text(let text):
                value += text
            case .placeholder(let placeholder):
                hasPlaceholder = true
                guard let text = text(of: placeholder), !text.isEmpty else { continue }
                hasContent = true
                value += text
            }
        }
        guard hasContent || !hasPlaceholder else { return }
        line(header.name, value)
    }

    private func text(of placeholder: IdentityPlaceholder) -> String? {
        func encoded(_ text: String?) -> String? { text.map(IdentityEncoding.percentEncoded) }
        return switch placeholder {
        case .kind: peer.kind?.rawValue
        case .structureID: encoded(peer.structure?.raw)
        case .structureType: peer.structure?.type.rawValue
        case .structureValue: encoded(peer.structure?.value)
        case .structureSIREN: encoded(peer.structure?.siren.map(String.init))
        case .structureHolder: encoded(peer.structure?.practiceHolder.map(String.init))
        case .structureRank: encoded(peer.structure?.practiceRank.map(String.init))
        case .structureName: encoded(peer.structureName)
        case .clientName: encoded(peer.clientName)
        case .clientID: encoded(clientID)
        case .department: encoded(peer.department)
        case .range: peer.range?.rawValue
        case .environment: peer.environment?.rawValue
        case .serial: peer.serial.hex
        case .thumbprint: peer.thumbprint.hex
        case .notBefore: peer.leaf.notBefore.rfc3339
        case .notAfter: peer.leaf.notAfter.rfc3339
        case .subjectDN: peer.subjectText
        case .issuerDN: peer.issuerText
        case .certificatePEM: IdentityEncoding.escapedPEM(peer.leafDER)
        case .certificateDER: Base64.encode(peer.leafDER.span)
        }
    }
}
