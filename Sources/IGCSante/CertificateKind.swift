/// The kinds of certificate that IGC-Santé issues to organisations, servers and professionals.
///
/// The raw value is the name used in configurations, logs and headers.
public enum CertificateKind: String, CaseIterable, Sendable {
    /// A structure's software, as a TLS client.
    case orgAuthCli = "ORG AUTH_CLI"
    /// A structure's signature.
    case orgSign = "ORG SIGN"
    /// A structure's encryption key.
    case orgConf = "ORG CONF"
    /// A TLS server; its purposes let it be a client too.
    case servSSL = "SERV SSL"
    /// A professional's authentication, in software.
    case ppAuth = "PP AUTH"
    /// A professional's signature, in software.
    case ppSign = "PP SIGN"
    /// A professional's authentication, on a card.
    case cardAuth = "CARD AUTH"
    /// A professional's signature, on a card.
    case cardSign = "CARD SIGN"
    /// Any certificate of the former IGC-CPS, all of which expired in 2020.
    case legacyCPS = "LEGACY CPS"

    /// Whose certificates these are; nil for the former PKI, which divided its work otherwise.
    public var domain: CertificateDomain? {
        switch self {
        case .orgAuthCli, .orgSign, .orgConf, .servSSL: .organisations
        case .ppAuth, .ppSign, .cardAuth, .cardSign: .persons
        case .legacyCPS: nil
        }
    }
}

extension CertificateKind: CustomStringConvertible {
    /// The name used in configurations.
    public var description: String { rawValue }
}

/// Whose certificates a CA issues; servers belong to the organisations.
public enum CertificateDomain: String, CaseIterable, Sendable {
    /// Structures and their servers.
    case organisations = "ORGANISATIONS"
    /// Professionals.
    case persons = "PERSONNES"
}

/// The range (*gamme*) of a CA: how carefully holders are identified and keys kept.
public enum CertificateRange: String, CaseIterable, Sendable {
    /// Software keys, remote identification.
    case elementary = "ELEMENTAIRE"
    /// Cards, for authentication.
    case standard = "STANDARD"
    /// Cards, for qualified signature.
    case strong = "FORT"
}

extension CertificateRange: CustomStringConvertible {
    /// The name that CAs carry.
    public var description: String { rawValue }
}

/// Which of the two hierarchies a certificate belongs to; nothing of one is valid in the other.
public enum Environment: String, CaseIterable, Sendable {
    /// Real structures and professionals.
    case production
    /// Fictitious structures, for trials.
    case test
}

extension Environment: CustomStringConvertible {
    /// The name used in configurations.
    public var description: String { rawValue }
}
