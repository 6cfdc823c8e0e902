import Crypto
import DER

/// Makes the callers that must be refused.
struct WrongIssuance {
    let hierarchy: Hierarchy
    let now: Timestamp
    /// The key that they share with the good caller, so that nothing but the certificate is wrong.
    let key: PrivateKey
    /// What is wrong by its issuer; only in the test environment.
    let strangers: Strangers?
    /// A good caller of the other environment.
    let foreigner: Issued

    /// CAs that no configuration trusts.
    struct Strangers {
        /// Named like the right one, with another key.
        let namesake: CertificateAuthority
        /// Revoked by the right root.
        let revoked: CertificateAuthority
    }

    /// Makes one of them; nothing if there is none of it in this environment.
    func issue(_ wrong: WrongCertificate, as template: LeafTemplate) throws(CryptoError) -> Issued? {
        var template = template
        template.subject = .organisation("WRONG-\(wrong.rawValue)")
        switch wrong {
        case .revoked: break
        case .expired:
            template.notBefore = now.adding(years: -3).adding(days: -1)
            template.notAfter = now.adding(days: -1)
        case .notYetValid:
            template.notBefore = now.adding(days: 30)
            template.notAfter = template.notBefore.adding(years: 3)
        case .issuedByPersonnes: return try issue(template, by: hierarchy.personnes)
        case .otherRoot:
            guard let strangers else { return nil }
            return try issue(template, by: strangers.namesake)
        case .intermediateRevoked:
            guard let strangers else { return nil }
            return try issue(template, by: strangers.revoked)
        case .serverAsClient:
            template = LeafTemplate(.server, environment: hierarchy.environment, from: template.notBefore)
        case .selfSigned: return Issued(chain: [try template.selfSigned(with: key)], key: key)
        case .sha1: template.algorithm = .rsaPKCS1(.sha1)
        case .rsa1024:
            let weak = try PrivateKey.generate(.rsa(bits: 1_024))
            let leaf = try hierarchy.organisations.issue(template, to: weak)
            return Issued(chain: [leaf, hierarchy.organisations.certificate], key: weak)
        case .unknownCriticalExtension:
            template.additionalExtensions.append(ExtensionTemplate("2.999.42", isCritical: true) { $0.null() })
        case .twoCommonNames: template.subject.relativeNames.append([.commonName("WRONG-other-name")])
        case .twoUnits: template.subject.relativeNames.insert([.organizationalUnit("10B0999902")], at: 3)
        case .testUnderProduction: if hierarchy.environment == .production { return foreigner }
        case .productionUnderTest: return hierarchy.environment == .test ? foreigner : nil
        case .brokenSignature: template.hasBrokenSignature = true
        case .wrongCategory: template.productCategory = hierarchy.environment == .test ? 0x03 : 0x83
        case .wrongPolicy:
            template.policy =
                hierarchy.environment == .test ? "1.2.250.1.213.1.7.1.1.2.4.1" : "1.2.250.1.213.1.7.1.1.2.5.1"
        }
        return try issue(template, by: hierarchy.organisations)
    }

    private func issue(_ template: LeafTemplate, by authority: CertificateAuthority) throws(CryptoError) -> Issued {
        Issued(chain: [try authority.issue(template, to: key), authority.certificate], key: key)
    }
}
