public import DER
public import IGCSante
public import Revocation
public import X509

/// Where in a path a certificate stands: what is wrong with the caller's own differs from what is wrong above it.
public enum PathPosition: Hashable, Sendable {
    /// The caller's certificate.
    case leaf
    /// A CA above it.
    case issuer
}

/// Why a certificate may not pass.
///
/// Closed: each reason has its code, its alert, its status and its sentence, and `docs/refusals.md` lists them all.
public enum Refusal: Error, Hashable, Sendable {
    /// The caller sent no certificate where one is required.
    case certificateMissing
    /// What the caller sent is no certificate.
    case malformedCertificate(CertificateError)

    /// No pinned CA issued the certificate, as far as the certificates at hand tell.
    case unknownIssuer
    /// A CA under the anchors issued it, and not one that may issue callers here.
    case issuerNotAccepted
    /// The issuer is no CA, or may not sign certificates.
    case issuerNotAuthority
    /// A signature is not one of the issuer's key.
    case signatureInvalid(PathPosition)
    /// A signature rests on a digest that is broken.
    case weakSignature(PathPosition)
    /// A key is shorter than what is held for safe.
    case weakKey(PathPosition)
    /// A key or a signature of a kind that is not supported.
    case unsupportedAlgorithm(PathPosition)
    /// The validity has ended.
    case expired(PathPosition, notAfter: Timestamp)
    /// The validity has not begun.
    case notYetValid(PathPosition, notBefore: Timestamp)
    /// A critical extension that is unknown, or may not be critical.
    case unknownCriticalExtension(PathPosition, ObjectIdentifier)
    /// More CAs between leaf and anchor than the configuration, or a CA's own pathLenConstraint, allows.
    case pathTooLong
    /// A name lies outside what a CA above may certify.
    case nameConstraint
    /// No policy of the path is one of those required.
    case policyNotAccepted
    /// The certificate, or a CA above, is not for this purpose.
    case purposeNotAccepted(PathPosition)
    /// The certificate contradicts itself or RFC 5280.
    case profileViolation(PathPosition, ProfileViolation)
    /// The certificates sent cost more to verify than one handshake may.
    case budgetExceeded(Budget.Bound)

    /// The certificate is revoked, or a CA above is.
    case revoked(PathPosition, reason: RevocationReason, date: Timestamp, crlNumber: CRLNumber)
    /// No CRL at hand says whether the certificate, or a CA above, is revoked.
    case revocationUnavailable(PathPosition)
    /// The CRL at hand is past its nextUpdate.
    case crlStale(PathPosition, nextUpdate: Timestamp, crlNumber: CRLNumber)

    /// The certificate is of a kind that is not accepted here; nil when it is of none.
    case kindNotAccepted(CertificateKind?)
    /// A TEST certificate where production ones are accepted, or the other way round.
    case environmentMismatch
    /// The structure is not one of those accepted here.
    case structureNotAllowed(structure: String)
    /// The name is not one of those accepted here.
    case nameNotAllowed(name: String)
    /// The caller is not in the enrolment list.
    case callerNotEnrolled
}

/// What in a certificate contradicts RFC 5280, where no extension of the path is to blame.
public enum ProfileViolation: String, Hashable, Sendable {
    /// §4.1.2.4: the issuer must be named.
    case emptyIssuer = "empty_issuer"
    /// §4.1.2.6: a CA must have a name.
    case emptyAuthoritySubject = "empty_ca_subject"
    /// §4.1.2.6: without a subject the alternative names are the identity, and must be critical.
    case emptySubjectWithoutNames = "empty_subject"
    /// §4.1.2.2: the serial number must be positive, and of 20 octets at most.
    case serialNumber = "serial_number"
    /// §4.2.1.9: keyCertSign without the CA bit.
    case keyCertSignWithoutAuthority = "key_cert_sign_without_ca"
    /// §4.2.1.10: name constraints are for CAs, and critical.
    case nameConstraints = "name_constraints"
    /// §4.2.1.5: anyPolicy may not be mapped.
    case anyPolicyMapped = "any_policy_mapped"
    /// The subject does not have exactly one CN and one OU, so it names no structure.
    case ambiguousSubject = "ambiguous_subject"
    /// Key usage, extended key usage, policy and issuer fit no kind of IGC-Santé certificate.
    case noKind = "no_kind"
}
