internal import Trust
internal import X509

extension TrustSnapshot {
    /// The CAs whose CRL is asked at an admission: those that issue callers and, when whole paths are checked, those above
    /// them.
    var revocationAuthorities: [Certificate] {
        guard !issuers.isEmpty else { return anchors }
        guard revocation == .path else { return issuers }
        let known = issuers + anchors
        var asked = issuers
        for issuer in issuers where !anchors.contains(issuer) {
            for above in known where above.subject == issuer.issuer && !asked.contains(above) { asked.append(above) }
        }
        return asked
    }
}
