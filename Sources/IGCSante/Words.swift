public import DER
import X509

/// What identifiers of IGC-Santé mean, in plain words for people who look at a certificate.
extension CertificateKind {
    /// What certificates of the kind are for.
    public var meaning: String {
        switch self {
        case .orgAuthCli: "a structure's software, as the client of a TLS connection"
        case .orgSign: "a structure's signature"
        case .orgConf: "what is encrypted for a structure"
        case .servSSL: "a structure's server, in TLS connections"
        case .ppAuth: "a professional who proves who they are, with a key in software"
        case .ppSign: "a professional's signature, with a key in software"
        case .cardAuth: "the holder of a card who proves who they are"
        case .cardSign: "the signature of the holder of a card"
        case .legacyCPS: "the former IGC-CPS, of which everything expired in 2020"
        }
    }
}

extension ObjectIdentifier {
    /// What a certificate policy means; nil for one that is not known.
    public var policyMeaning: String? {
        if self == .policyTest { return "any certificate of the test environment" }
        if self == .anyPolicy { return "any policy" }
        if let kind = CertificateKind.owner(ofProductionPolicy: self) { return "\(kind) in production" }
        return isLegacyPolicy ? "the former IGC-CPS" : nil
    }
}

extension StructureIdentifier.Kind {
    /// The register in words.
    public var meaning: String {
        switch self {
        case .adeliPractice: "a practice, by the ADELI number of its holder"
        case .finess: "an establishment of the FINESS register"
        case .siren: "a company of the SIREN register"
        case .siret: "an establishment of the SIRET register"
        case .rppsRank: "a practice, by the RPPS number of its holder and a rank"
        case .finessLegalEntity: "a legal entity of the FINESS register"
        case .finessGeographicEntity: "a geographic entity of the FINESS register"
        case .other: "of no register that is known"
        }
    }
}

extension ProductCategory {
    /// What holds the key, and in which environment.
    public var meaning: String {
        let holder =
            switch self.holder {
            case .card: "a card of the CPS family"
            case .securityModule: "a security module"
            case .software: "software"
            case nil: "unknown"
            }
        return "key in \(holder), \(environment == .test ? "test" : "production") environment"
    }
}
