import Crypto
import DER
import Gateway
import IGCSante
import Trust
import X509

/// The report for scripts: every member is always there, null or empty when there is nothing to say.
extension CertificateReport {
    var json: JSONText {
        let identity = classification.identity
        let structure = isAuthority ? nil : identity.structure
        return .object([
            ("file", .string(file)),
            ("has_private_key", .boolean(hasKey)),
            ("is_ca", .boolean(isAuthority)),
            ("official_ca", .optional(official?.fileName)),
            ("kind", .optional(classification.kind?.rawValue)),
            ("kind_meaning", .optional(classification.kind?.meaning)),
            ("no_kind_because", .list(classification.reasons.map { .string("\($0)") })),
            ("environment", .optional(classification.environment?.rawValue)),
            ("range", .optional(classification.range?.rawValue)),
            ("domain", .optional(classification.domain?.rawValue)),
            ("structure_id", .optional(structure?.raw)),
            ("structure_type", .optional(structure?.type.rawValue)),
            ("structure_value", .optional(structure?.value)),
            ("structure_name", .optional(isAuthority ? nil : identity.structureName)),
            ("department", .optional(identity.department)),
            ("client_name", .optional(identity.commonName)),
            ("title", .optional(identity.title)),
            ("given_name", .optional(identity.givenName)),
            ("surname", .optional(identity.surname)),
            ("subject", .string(certificate.subject.rfc2253)),
            ("issuer", .string(certificate.issuer.rfc2253)),
            ("serial", .string(certificate.serial.hex)),
            ("not_before", .string(certificate.notBefore.rfc3339)),
            ("not_after", .string(certificate.notAfter.rfc3339)),
            ("validity", .string(validity.rawValue)),
            ("days_left", .number(daysLeft)),
            ("key", .optional(keyKind?.words)),
            ("signature_algorithm", .optional(signatureAlgorithm?.words)),
            ("extensions", .list(certificate.extensions.map(CertificateReport.describe))),
            ("path_length", certificate.basicConstraints?.pathLength.map(JSONText.number) ?? .null),
            ("key_usage", .list((certificate.keyUsage?.names ?? []).map(JSONText.string))),
            ("extended_key_usage", .list((certificate.extendedKeyUsage ?? []).map { .string($0.dotted) })),
            ("policies", .list((certificate.policies ?? []).map { CertificateReport.describe(policy: $0.identifier) })),
            ("product_category", category),
            ("other_names", .list((certificate.subjectAlternativeNames ?? []).map { .string($0.words) })),
            ("crl_urls", CertificateReport.texts(certificate.crlURIs)),
            ("delta_crl_urls", CertificateReport.texts(certificate.freshestCRLURIs)),
            ("ocsp_urls", CertificateReport.texts(certificate.informationURIs(.ocspAccess))),
            ("ca_issuers_urls", CertificateReport.texts(certificate.informationURIs(.caIssuersAccess))),
            ("sha1", .string(sha1)),
            ("sha256", .string(sha256.hex)),
            ("x5t_s256", .string(sha256.base64URL)),
            ("chain", .list(chain.issuers.map(CertificateReport.describe))),
            ("chain_is_complete", .boolean(chain.end == .root)),
            ("verification", verificationJSON),
            ("listeners", .list(listeners.map(CertificateReport.describe))),
        ])
    }

    private var category: JSONText {
        guard let category = ProductCategory(of: certificate) else { return .null }
        return .object([("value", .number(Int(category.rawValue))), ("meaning", .string(category.meaning))])
    }

    private var verificationJSON: JSONText {
        guard let verification else { return .null }
        let anchor =
            switch verification.anchoring {
            case .given: "given"
            case .root: "root"
            case .partial: "partial"
            }
        var members: [(String, JSONText)] = [
            ("at", .string(now.rfc3339)),
            ("anchored_in", .string(anchor)),
            ("revocation_checked", .boolean(verification.checksRevocation)),
        ]
        switch verification.outcome {
        case .verified(let peer):
            members += [("result", .string("verified")), ("valid_until", .string(peer.earliestNotAfter.rfc3339))]
            members += CertificateReport.describe(nil)
        case .refused(let refusal):
            members += [("result", .string("refused")), ("valid_until", .null)]
            members += CertificateReport.describe(refusal)
        }
        return .object(members)
    }

    private static func describe(_ answer: AdmissionTrial.Answer) -> JSONText {
        var members: [(String, JSONText)] = [
            ("listener", .string(answer.listener)), ("trust", .optional(answer.trust)),
        ]
        switch answer.verdict {
        case .notAsked:
            members.append(("result", .string("not_asked")))
            members += describe(nil) + [("routes", .list([]))]
        case .refused(let refusal):
            members.append(("result", .string("refused")))
            members += describe(refusal) + [("routes", .list([]))]
        case .admitted(_, let routes):
            members.append(("result", .string("admitted")))
            members += describe(nil)
            let routes = routes.map { route in
                JSONText.object(
                    [
                        ("route", .string(route.route)),
                        ("result", .string(route.refusal == nil ? "admitted" : "refused")),
                    ] + describe(route.refusal))
            }
            members.append(("routes", .list(routes)))
        }
        return .object(members)
    }

    /// A refusal's members, null when there is none.
    private static func describe(_ refusal: Refusal?) -> [(String, JSONText)] {
        [
            ("reason", .optional(refusal?.code)),
            ("message", .optional(refusal.map { "\($0)" })),
            ("remedy", .optional(refusal?.remedy)),
        ]
    }

    private static func describe(_ issuer: Certificate) -> JSONText {
        let digest = digest(of: issuer)
        return .object([
            ("subject", .string(issuer.subject.rfc2253)),
            ("not_after", .string(issuer.notAfter.rfc3339)),
            ("sha256", .string(Hexadecimal.encode(digest.span))),
            ("official_ca", .optional(OfficialAuthority.matching(sha256: digest)?.fileName)),
        ])
    }

    private static func describe(_ found: CertificateExtension) -> JSONText {
        .object([
            ("oid", .string(found.identifier.dotted)),
            ("name", .string(found.identifier.extensionName)),
            ("critical", .boolean(found.isCritical)),
        ])
    }

    private static func describe(policy: ObjectIdentifier) -> JSONText {
        .object([("oid", .string(policy.dotted)), ("meaning", .optional(policy.policyMeaning))])
    }

    private static func texts(_ texts: [String]) -> JSONText { .list(texts.map(JSONText.string)) }
}
