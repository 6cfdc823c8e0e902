public import DER
public import X509

/// Where an offered CRL came from.
public enum RevocationOrigin: Hashable, Sendable {
    /// A configured source.
    case source(RevocationSource)
    /// A watched file, by path.
    case file(String)
    /// The state directory, by path.
    case state(String)
    /// The caller's own doing.
    case direct
}

extension RevocationOrigin: CustomStringConvertible {
    /// The URL or path.
    public var description: String {
        switch self {
        case .source(let source): source.description
        case .file(let path), .state(let path): path
        case .direct: "-"
        }
    }
}

/// What came of offering one CRL.
public enum Offer: Hashable, Sendable {
    /// It is in use from now on.
    case accepted(OfferedList)
    /// The same CRL was in use or waiting already.
    case unchanged(OfferedList)
    /// A delta that waits for its base.
    case waiting(OfferedList, needsBase: CRLNumber)
    /// It is not used.
    case refused(OfferRefusal)
}

/// A CRL that was verified: whose it is and what it says of itself.
public struct OfferedList: Hashable, Sendable {
    /// The CA.
    public let authority: Certificate
    /// The CRL's own facts.
    public let facts: RevocationListFacts

    init(_ authority: Certificate, _ list: CertificateRevocationList) {
        self.authority = authority
        facts = RevocationListFacts(list)
    }

    init(_ authority: Certificate, _ facts: RevocationListFacts) {
        self.authority = authority
        self.facts = facts
    }
}

/// Why an offered CRL is not used.
public enum OfferRefusal: Error, Hashable, Sendable {
    /// It cannot be read, or is not the CA's.
    case unusable(CRLError)
    /// It is of a CA that is not configured; the name is its issuer's.
    case unknownIssuer(DistinguishedName)
    /// Its thisUpdate is to come.
    case notYetValid(thisUpdate: Timestamp)
    /// The one in use is newer: the rule against rollback.
    case older(number: CRLNumber, inUse: CRLNumber)
    /// Another CRL with the number and thisUpdate of the one in use.
    case sameNumber(CRLNumber)
    /// A delta that the base in use has overtaken.
    case overtaken(number: CRLNumber, base: CRLNumber)
    /// A delta whose key is not its base's.
    case otherScope
    /// The CA has as many CRLs of different scopes as the limit.
    case tooManyScopes(limit: Int)
}

extension OfferRefusal: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .unusable(let error): error.description
        case .unknownIssuer(let name): "it is of \(name), which is not among the configured CAs"
        case .notYetValid(let thisUpdate): "it is valid from \(thisUpdate) only"
        case .older(let number, let inUse): "its number \(number) is older than \(inUse), which is in use"
        case .sameNumber(let number): "it differs from the CRL in use and has the same number \(number)"
        case .overtaken(let number, let base): "the delta's number \(number) is not above the base's, \(base)"
        case .otherScope: "the delta is not of the base's scope or key"
        case .tooManyScopes(let limit): "the CA has CRLs of \(limit) scopes already"
        }
    }
}
