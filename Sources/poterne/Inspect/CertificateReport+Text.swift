import Crypto
import DER
import Gateway
import IGCSante
import Trust
import X509

/// The report for people.
extension CertificateReport {
    /// The lines of the report, the first one not indented.
    var text: String {
        var rows = TextRows()
        rows.add("kind", kindLines)
        addIdentity(to: &rows)
        rows.add("subject", certificate.subject.rfc2253)
        rows.add("issuer", certificate.issuer.rfc2253)
        rows.add("serial", certificate.serial.hex)
        rows.add("valid", validityLine)
        rows.add("key", keyLine)
        addExtensions(to: &rows)
        rows.add("SHA-1", sha1)
        rows.add("SHA-256", sha256.hex)
        rows.add("x5t#S256", sha256.base64URL)
        rows.add("chain", chainLines)
        rows.add("verified", verificationLines)
        for answer in listeners { rows.add("listener", CertificateReport.lines(of: answer)) }
        return ([file.printable + (hasKey ? " (with a private key)" : "")] + rows.lines).joined(separator: "\n")
    }

    private var kindLines: [String] {
        if let kind = classification.kind { return ["\(kind): \(kind.meaning)"] }
        if isAuthority { return [authorityLine] }
        return ["none of IGC-Santé:"] + classification.reasons.map { "- \($0)" }
    }

    private var authorityLine: String {
        let role = certificate.isSelfIssued ? "a root CA" : "an intermediate CA"
        guard let official else { return "\(role), none of the official ones of IGC-Santé" }
        return "\(role): the official \(official.fileName) of IGC-Santé (its fingerprint is the pinned one)"
    }

    private func addIdentity(to rows: inout TextRows) {
        rows.add("environment", classification.environment?.rawValue)
        rows.add("range", classification.range?.rawValue)
        rows.add("domain", classification.domain?.rawValue)
        guard !isAuthority else { return }
        let identity = classification.identity
        if let structure = identity.structure {
            let doubt = structure.isWellFormed ? "" : "; the number is not one that the register gives"
            rows.add(
                "structure",
                "\(structure.raw) = \(structure.type.rawValue) \(structure.value) (\(structure.type.meaning)\(doubt))")
        }
        rows.add("name", identity.structureName)
        rows.add("department", identity.department)
        let person = [identity.title, identity.givenName, identity.surname].compactMap(\.self)
        rows.add("person", person.joined(separator: " "))
        rows.add("pseudonym", identity.pseudonym)
        rows.add(identity.surname == nil ? "client name" : "identifier", identity.commonName)
    }

    private var validityLine: String {
        let dates = "\(certificate.notBefore) to \(certificate.notAfter): "
        switch validity {
        case .valid: return dates + "\(daysLeft) days left"
        case .expired: return dates + "expired \(-daysLeft) days ago"
        case .notYetValid:
            return dates + "not valid for \(certificate.notBefore.seconds(since: now) / 86_400) days yet"
        }
    }

    private var keyLine: String {
        let signature = signatureAlgorithm?.words ?? certificate.signatureAlgorithm.algorithm.dotted
        return "\(keyKind?.words ?? "unreadable"); signed by \(signature)"
    }

    private func addExtensions(to rows: inout TextRows) {
        func mark(_ identifier: ObjectIdentifier) -> String {
            certificate.extensions.contains { $0.identifier == identifier && $0.isCritical } ? " (critical)" : ""
        }
        if let constraints = certificate.basicConstraints, constraints.isAuthority {
            let length = constraints.pathLength.map { ", \($0) CAs below it at most" } ?? ""
            rows.add("constraints", "a CA\(length)\(mark(.basicConstraints))")
        }
        rows.add("key usage", certificate.keyUsage.map { "\($0)\(mark(.keyUsage))" })
        rows.add(
            "purposes",
            certificate.extendedKeyUsage.map {
                $0.map(\.purposeName).joined(separator: ", ") + mark(.extendedKeyUsage)
            })
        rows.add(
            "policy",
            (certificate.policies ?? []).map { policy in
                "\(policy.identifier): \(policy.identifier.policyMeaning ?? "unknown")"
            })
        for fact in professionalFacts { rows.add(fact.label, fact.value) }
        rows.add("other names", (certificate.subjectAlternativeNames ?? []).map(\.words))
        let unknown = certificate.unhandledCriticalExtensions
        rows.add(
            "critical", unknown.map { "\($0.extensionName): unknown, so the certificate is refused (RFC 5280 §4.2)" })
        rows.add("CRL", certificate.crlURIs)
        rows.add("delta CRL", certificate.freshestCRLURIs)
        rows.add("OCSP", certificate.informationURIs(.ocspAccess))
        rows.add("issuer at", certificate.informationURIs(.caIssuersAccess))
    }

    private var chainLines: [String] {
        var lines = chain.issuers.map { issuer in
            let official = OfficialAuthority.matching(sha256: CertificateReport.digest(of: issuer))
            return "\(issuer.subject.rfc2253), until \(issuer.notAfter)"
                + (official.map { ": official \($0.fileName)" } ?? "")
        }
        switch chain.end {
        case .root where lines.isEmpty: lines.append("it signed itself")
        case .root: break
        case .missing(let issuer):
            lines.append("not in hand: \(issuer.rfc2253)" + (official(named: issuer).map { "; see \($0)" } ?? ""))
        }
        return lines
    }

    /// Where the ANS publishes an official CA with this name.
    private func official(named name: DistinguishedName) -> String? {
        OfficialAuthority.all.first { name.values(of: .commonName) == [$0.commonName] }?.certificateURL
    }

    private var verificationLines: [String] {
        guard let verification else { return [] }
        var lines: [String]
        switch verification.outcome {
        case .verified(let peer):
            lines = ["yes, at \(now), until \(peer.earliestNotAfter)"]
        case .refused(let refusal):
            lines = ["no, at \(now): \(refusal.code)", "\(refusal)", refusal.remedy]
        }
        switch verification.anchoring {
        case .given: break
        case .root(let root):
            let official = OfficialAuthority.matching(sha256: CertificateReport.digest(of: root)) != nil
            lines.append(
                official
                    ? "up to an official root of IGC-Santé"
                    : "up to a root of the files given: whether it is to be trusted is not said by this")
        case .partial(let highest): lines.append("up to \(highest.subject.rfc2253), which is no root")
        }
        if !verification.checksRevocation { lines.append("revocation was not looked up: name CRLs with --crl") }
        return lines
    }

    private static func lines(of answer: AdmissionTrial.Answer) -> [String] {
        switch answer.verdict {
        case .notAsked: return ["\(answer.listener): asks for no certificate"]
        case .refused(let refusal):
            return ["\(answer.listener): refuses it: \(refusal.code)", "\(refusal)", refusal.remedy]
        case .admitted(let peer, let routes):
            let refused = routes.filter { $0.refusal != nil }
            let lines = refused.compactMap { route in
                route.refusal.map { "but route \(route.route) refuses it: \($0.code): \($0)" }
            }
            return ["\(answer.listener): admits it, until \(peer.earliestNotAfter)"] + lines
        }
    }

    static func digest(of certificate: Certificate) -> [UInt8] {
        let bytes = certificate.der
        return SHA256.digest(of: bytes.span).bytes
    }
}
