internal import Configuration
internal import Crypto
internal import DER
internal import IGCSante
internal import Revocation
internal import Trust
internal import X509

/// Whether what a trust names can be trusted with: certificates that are CAs', valid, and lead to each other.
struct TrustCheck {
    let record: CheckRecord
    let expiry: ExpiryCheck
    let trust: TrustConfiguration

    /// Checks it, and returns what it comes to; nil when it cannot be used.
    func check() -> TrustSnapshot? {
        var isReadable = true
        for file in trust.anchors + trust.issuers {
            do throws(StartupProblem) {
                for certificate in try TrustFiles.certificates(in: file) { check(certificate, in: file) }
            } catch {
                record.error(error)
                isReadable = false
            }
        }
        guard isReadable else { return nil }
        do throws(StartupProblem) {
            let snapshot = try TrustFiles.snapshot(of: trust)
            let isWhole = snapshot.issuers.reduce(true) { leadsToAnchor($1, in: snapshot) && $0 }
            if isWhole {
                let until = (snapshot.anchors + snapshot.issuers).map(\.notAfter).min().map { ", until \($0)" } ?? ""
                record.ok(
                    trust.location,
                    "trust \(trust.name) (\(trust.environment.rawValue)): \(counted(snapshot.anchors.count, "anchor")), "
                        + "\(counted(snapshot.issuers.count, "issuer")), each of which leads to an anchor\(until)")
            }
            return snapshot
        } catch {
            record.error(error)
            return nil
        }
    }

    private func check(_ certificate: Certificate, in file: FileReference) {
        expiry.check(
            certificate, "the CA \(certificate.subject.rfc2253)", at: file.location,
            mend: "Get the CA's current certificate from who runs it.")
        guard trust.environment != .generic else { return }
        let der = certificate.der
        guard let official = OfficialAuthority.matching(sha256: SHA256.digest(of: der.span).bytes) else {
            guard trust.environment == .production else { return }
            record.warning(
                file.location, "\(certificate.subject.rfc2253) is none of the official CAs of IGC-Santé",
                mend: "See `poterne anchors list`, and import the official ones with `poterne anchors import`.")
            return
        }
        if official.environment.rawValue != trust.environment.rawValue {
            record.error(
                file.location,
                "\(official.fileName) is a CA of the \(official.environment) environment: nothing that it issued passes "
                    + "under `environment: \(trust.environment.rawValue)`",
                mend: "Name the CA of the same range in \(trust.environment.rawValue), or change `environment`.")
        }
    }

    /// Whether a path leads from an issuer to an anchor, its signatures and dates included.
    private func leadsToAnchor(_ issuer: Certificate, in snapshot: TrustSnapshot) -> Bool {
        guard !snapshot.anchors.contains(issuer) else { return true }
        var path = snapshot.path
        path.purpose = .any
        path.absentExtendedKeyUsage = .admit
        let location = trust.issuers.first { file in
            (try? TrustFiles.certificates(in: file))?.contains(issuer) ?? false
        }?.location
        do {
            let plain = try TrustSnapshot(
                TrustSettings(
                    name: trust.name, environment: .generic, anchors: snapshot.anchors,
                    intermediates: snapshot.issuers, path: path, revocation: .off))
            _ = try PeerVerifier(trust: plain, accepted: .any)
                .verify(leaf: issuer, presented: [], revocation: .empty, now: expiry.moment)
            return true
        } catch let refusal as Refusal {
            record.error(
                location ?? trust.location,
                "the issuer \(issuer.subject.rfc2253) does not lead to an anchor: \(refusal)",
                mend: "Name its root in `anchors`: \(issuer.issuer.rfc2253).")
        } catch {
            record.error(location ?? trust.location, "\(error)", mend: nil)
        }
        return false
    }
}
