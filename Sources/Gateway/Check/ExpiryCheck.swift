internal import Configuration
internal import DER
internal import X509

/// Whether a certificate is valid, and for how long still.
struct ExpiryCheck {
    let record: CheckRecord
    let moment: Timestamp
    let threshold: Duration

    /// Reports what is wrong with the dates of a certificate.
    ///
    /// - Returns: whether nothing is.
    @discardableResult
    func check(_ certificate: Certificate, _ role: String, at location: SourceLocation, mend remedy: String) -> Bool {
        let left = certificate.notAfter.seconds(since: moment)
        guard certificate.notBefore <= moment else {
            record.error(
                location, "\(role) is not valid before \(certificate.notBefore)",
                mend: "Wait until then, and look at this machine's clock.")
            return false
        }
        switch ExpiryLevel(left: left, threshold: threshold.components.seconds) {
        case .fine: return true
        case .soon:
            record.warning(
                location, "\(role) expires in \(left / ExpiryLevel.day) days, at \(certificate.notAfter)", mend: remedy)
        case .expired:
            record.error(location, "\(role) expired at \(certificate.notAfter)", mend: remedy)
        }
        return false
    }
}
