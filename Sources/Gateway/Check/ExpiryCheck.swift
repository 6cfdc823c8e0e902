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
        if certificate.notBefore > moment {
            record.error(
                location, "\(role) is not valid before \(certificate.notBefore)",
                mend: "Wait until then, and look at this machine's clock.")
        } else if left < 0 {
            record.error(location, "\(role) expired at \(certificate.notAfter)", mend: remedy)
        } else if left <= threshold.components.seconds {
            record.warning(
                location, "\(role) expires in \(left / 86_400) days, at \(certificate.notAfter)", mend: remedy)
        } else {
            return true
        }
        return false
    }
}
