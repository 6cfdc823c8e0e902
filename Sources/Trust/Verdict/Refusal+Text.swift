internal import DER
internal import IGCSante
internal import Revocation
internal import X509

extension Refusal: CustomStringConvertible {
    /// One sentence: what is wrong.
    public var description: String {
        switch self {
        case .certificateMissing: "no client certificate was sent"
        case .malformedCertificate(let error): "what was sent is not a certificate: \(error)"
        case .unknownIssuer: "no accepted CA issued the certificate"
        case .issuerNotAccepted: "the CA that issued the certificate may not issue callers here"
        case .issuerNotAuthority: "the issuer of the certificate is not a CA that may sign certificates"
        case .signatureInvalid(let position): "the signature on \(position.certificate) is not its issuer's"
        case .weakSignature(let position): "\(position.certificate) is signed with a digest that is broken"
        case .weakKey(let position): "the key of \(position.certificate) is too short"
        case .unsupportedAlgorithm(let position): "\(position.certificate) uses an algorithm that is not supported"
        case .expired(let position, let notAfter): "\(position.certificate) expired at \(notAfter)"
        case .notYetValid(let position, let notBefore): "\(position.certificate) is not valid before \(notBefore)"
        case .unknownCriticalExtension(let position, let identifier):
            "\(position.certificate) has the critical extension \(identifier), which is not understood"
        case .pathTooLong: "there are more CAs between the certificate and its anchor than are allowed"
        case .nameConstraint: "a name lies outside what a CA of the path may certify"
        case .policyNotAccepted: "the path was not issued under any of the required policies"
        case .purposeNotAccepted(let position): "\(position.certificate) is not for this purpose"
        case .profileViolation(let position, let violation): "\(position.certificate) \(violation.clause)"
        case .budgetExceeded(let bound):
            "the certificates sent cost too much to verify (\(bound.rawValue.replacingUnderscores))"
        case .revoked(let position, let reason, let date, let number):
            "\(position.certificate) was revoked at \(date) (\(reason)), says CRL \(number)"
        case .revocationUnavailable(let position): "no CRL says whether \(position.certificate) is revoked"
        case .crlStale(let position, let nextUpdate, let number):
            "CRL \(number) for \(position.certificate) has expired: the next was due at \(nextUpdate)"
        case .kindNotAccepted(let kind?): "the certificate is of the kind \(kind.rawValue), which is not accepted here"
        case .kindNotAccepted(nil): "the certificate is of no kind that is accepted here"
        case .environmentMismatch: "test and production certificates do not mix"
        case .structureNotAllowed(structure: ""): "a caller whose certificate names no structure may not call here"
        case .structureNotAllowed(let structure): "the structure \(structure) may not call here"
        case .nameNotAllowed(name: ""): "a caller whose certificate names no client may not call here"
        case .nameNotAllowed(let name): "the caller named \(name) may not call here"
        case .callerNotEnrolled: "the caller is not enrolled here"
        }
    }

    /// One sentence: what can be done about it, and by whom.
    public var remedy: String {
        switch self {
        case .certificateMissing: "Caller: configure a client certificate and its key."
        case .malformedCertificate, .signatureInvalid, .profileViolation:
            "Caller: check that the certificate is the one the CA delivered, unaltered; have it issued again if it is."
        case .unknownIssuer:
            "Caller: send a certificate of an accepted CA, with its intermediate. Operator: check `anchors` and "
                + "`issuers` of the trust."
        case .issuerNotAccepted:
            "Caller: use a certificate of the accepted issuer. Operator: add the CA to `issuers` if it should issue "
                + "callers."
        case .issuerNotAuthority: "Caller: send the certificates of the CAs that issued yours, and no others."
        case .weakSignature, .weakKey, .unsupportedAlgorithm:
            "Caller: have the certificate issued again with RSA of 2048 bits or more or with P-256, and SHA-256."
        case .expired(.leaf, _): "Caller: renew the certificate."
        case .expired(.issuer, _): "Operator: renew the CA certificates of the trust; caller: send the current ones."
        case .notYetValid: "Caller: wait until it is valid. Both: check the clocks."
        case .unknownCriticalExtension, .purposeNotAccepted, .kindNotAccepted:
            "Caller: use a certificate of an accepted kind, such as ORG AUTH_CLI. Operator: see `accept`."
        case .pathTooLong: "Caller: send only your certificate and its intermediates. Operator: see `path.max_depth`."
        case .nameConstraint, .policyNotAccepted: "Operator: compare the path's constraints with `path` of the trust."
        case .budgetExceeded: "Caller: send only your certificate and its intermediates."
        case .revoked: "Caller: use a certificate that is not revoked; ask the CA why it was."
        case .revocationUnavailable, .crlStale:
            "Operator: see `poterne crl status`; each CA of the path needs a current CRL. The caller is not to blame."
        case .environmentMismatch:
            "Caller: use a production certificate in production and a TEST one elsewhere."
        case .structureNotAllowed, .nameNotAllowed: "Operator: see `structures` and `names` of the route."
        case .callerNotEnrolled: "Operator: enrol the caller in `callers_file`."
        }
    }
}

extension PathPosition {
    fileprivate var certificate: String {
        switch self {
        case .leaf: "the certificate"
        case .issuer: "a CA certificate of the path"
        }
    }
}

extension String {
    fileprivate var replacingUnderscores: String { String(map { $0 == "_" ? " " : $0 }) }
}

extension ProfileViolation {
    /// The predicate of a sentence about a certificate.
    var clause: String {
        switch self {
        case .emptyIssuer: "names no issuer"
        case .emptyAuthoritySubject: "is a CA's and names no subject"
        case .emptySubjectWithoutNames: "names no subject, and has no critical alternative names instead"
        case .serialNumber: "has a serial number that is not positive or longer than 20 octets"
        case .keyCertSignWithoutAuthority: "has a key that may sign certificates and is not a CA's"
        case .nameConstraints: "has name constraints that are not critical, malformed, or not a CA's to make"
        case .anyPolicyMapped: "maps the policy that stands for every policy"
        case .ambiguousSubject: "does not name exactly one structure and one client"
        case .noKind: "is of no known kind"
        }
    }
}
