internal import Configuration
internal import Crypto
internal import Revocation
internal import TLS
internal import Trust
internal import X509

/// Makes the TLS contexts of a listener.
enum ServerCertificates {
    static func contexts(
        for listener: ListenerConfiguration, trust: TrustSnapshot?, accept: Trust.AcceptedKinds,
        tickets: TicketKeyrings
    ) throws(StartupProblem) -> [ServerCertificate] {
        var certificates: [ServerCertificate] = []
        for configured in listener.tls.certificates {
            let identity = try KeyFiles.identity(of: configured)
            var settings = TLSServerSettings(
                identity: identity, sessionIDContext: binding(of: listener, trust: trust, accept: accept))
            settings.minimumVersion = listener.tls.minVersion == .tls13 ? .tls13 : .tls12
            settings.profile = profile(of: listener.tls)
            settings.applicationProtocols = listener.http.protocols.map(\.rawValue)
            settings.clientCertificate = mode(of: listener)
            settings.clientAuthorityNames = (trust?.issuers ?? []).map(\.subject.der)
            if listener.tls.sessionTickets.isEnabled {
                settings.tickets = try tickets.keyring(for: listener)
                settings.sessions = tickets.sessions(for: listener)
                settings.ticketLifetime = Int(listener.tls.sessionTickets.lifetime.components.seconds)
            }
            do {
                let names = try names(of: identity)
                certificates.append(ServerCertificate(context: try TLSServerContext(settings), names: names))
            } catch let error as TLSError {
                throw StartupProblem(location: configured.location, message: error.description, remedy: nil)
            } catch {
                throw StartupProblem(location: configured.location, message: "\(error)", remedy: nil)
            }
        }
        return certificates
    }

    /// The host names that a certificate answers for, lower-cased.
    private static func names(of identity: TLSIdentity) throws(CertificateError) -> [String] {
        guard let der = identity.chain.first else { return [] }
        return names(of: try Certificate(der: der))
    }

    /// The host names that a certificate answers for, lower-cased.
    static func names(of leaf: Certificate) -> [String] {
        guard let names = leaf.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            guard case .dns(let text) = name else { return nil }
            return text.lowercased()
        }
    }

    /// Sessions are bound to all that decides who passes.
    private static func binding(
        of listener: ListenerConfiguration, trust: TrustSnapshot?, accept: Trust.AcceptedKinds
    ) -> [UInt8] {
        guard let trust else { return Array(listener.name.utf8.prefix(32)) }
        return ClientVerifier<NoRendering>.binding(trust: trust, accepted: accept, scope: listener.name).bytes
    }

    private static func mode(of listener: ListenerConfiguration) -> TLSServerSettings.ClientCertificate {
        switch listener.clientCertificate.mode {
        case .required: listener.clientCertificate.onRefusal == .http ? .optional : .required
        case .optional: .optional
        case .none: .none
        }
    }

    private static func profile(of tls: ListenerTLSConfiguration) -> TLSProfile {
        switch tls.profile {
        case .anssi: .anssi
        case .explicit(let tls12Suites, let tls13Suites, let groups):
            .explicit(
                TLSProfile.Algorithms(
                    cipherSuites12: tls12Suites, cipherSuites13: tls13Suites, groups: groups, signatureAlgorithms: []))
        }
    }
}
