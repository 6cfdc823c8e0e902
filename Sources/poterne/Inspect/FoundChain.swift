import Trust
import X509

/// The issuers of a certificate as far as certificates at hand go: a description, and no statement of trust.
struct FoundChain {
    /// Where it ends.
    enum End: Equatable {
        /// In a certificate that signed itself.
        case root
        /// At one whose issuer is not at hand.
        case missing(issuer: DistinguishedName)
    }

    /// From the certificate's issuer upwards; the certificate itself is not in it.
    let issuers: [Certificate]
    let end: End

    /// More levels than any PKI has.
    private static let maxDepth = 16

    /// Looks for the issuers: by name first, then by the signature.
    init(of certificate: Certificate, among candidates: [Certificate]) {
        var issuers: [Certificate] = []
        var current = certificate
        while issuers.count < FoundChain.maxDepth {
            if current.isSelfIssued, current.isSigned(by: current) {
                self.issuers = issuers
                end = .root
                return
            }
            let next = candidates.first { candidate in
                candidate != current && candidate != certificate && !issuers.contains(candidate)
                    && candidate.subject.matches(current.issuer) && current.isSigned(by: candidate)
            }
            guard let next else { break }
            issuers.append(next)
            current = next
        }
        self.issuers = issuers
        end = .missing(issuer: current.issuer)
    }
}
