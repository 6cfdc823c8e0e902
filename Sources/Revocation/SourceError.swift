public import Fetching

/// Why a source did not bring a CRL that serves.
public enum SourceError: Error, Hashable, Sendable {
    /// Its server did not answer with a body.
    case transfer(FetchError)
    /// The LDAP entry has no CRL.
    case noRevocationList
    /// A file could not be read.
    case file(FileReadError)
    /// What it serves, though its own newest, is past its nextUpdate.
    case stale
    /// What it serves was refused: the offer says why.
    case refused
    /// What it serves is the CRL of another configured CA.
    case otherAuthority
}

extension SourceError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .transfer(let error): error.description
        case .noRevocationList: "the LDAP entry holds no CRL"
        case .file(let error): error.description
        case .stale: "its CRL is past its nextUpdate"
        case .refused: "its CRL was refused"
        case .otherAuthority: "its CRL is of another CA"
        }
    }
}
