internal import Configuration
internal import DER
internal import Logging
internal import TLS
internal import Trust
internal import X509

/// Warns of what will expire before anybody is shut out by it: the listeners' own certificates and the trusted CAs.
enum Expiry {
    /// Writes a warning for each certificate that has `expiry_warning` left, or less.
    static func warn(of configuration: GatewayConfiguration, epoch: Epoch, log: Logger) {
        let now = Timestamp.now()
        let threshold = configuration.expiryWarning.components.seconds
        for listener in epoch.listeners {
            for own in listener.certificates {
                guard let der = own.context.settings.identity.chain.first, let leaf = try? Certificate(der: der) else {
                    continue
                }
                warn(of: leaf, "the certificate of listener \(listener.name)", threshold, now, log)
            }
        }
        for trust in epoch.trusts {
            for authority in trust.anchors + trust.issuers {
                warn(of: authority, "a CA of trust \(trust.name)", threshold, now, log)
            }
        }
    }

    private static func warn(
        of certificate: Certificate, _ role: String, _ threshold: Int64, _ now: Timestamp, _ log: Logger
    ) {
        let left = certificate.notAfter.seconds(since: now)
        guard left <= threshold else { return }
        log.warning(
            "\(role) \(left < 0 ? "has expired" : "expires in \(left / 86_400) days")",
            metadata: ["subject": "\(certificate.subject)", "not_after": "\(certificate.notAfter)"])
    }
}
