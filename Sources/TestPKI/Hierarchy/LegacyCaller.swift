import Crypto
import DER

/// A caller of the PKI that came before IGC-Santé and ended in 2020: one CA, RSA-1024, SHA-1, T61String, nsCertType.
func issueLegacyCaller(now: Timestamp) throws(CryptoError) -> (caller: Issued, root: CertificateAuthority) {
    var template = AuthorityTemplate(
        name: NameTemplate(.france, .organization("POTERNE FICTIF"), .organizationalUnit("AC-CLASSE-4-FICTIVE")),
        notBefore: now.adding(years: -10).midnight, notAfter: now.adding(years: 2).midnight)
    template.policies = []
    template.algorithm = .rsaPKCS1(.sha1)
    let root = try CertificateAuthority(root: template, key: .generate(.rsa(bits: 1_024)))

    var leaf = LeafTemplate(
        subject: NameTemplate(
            .france, .organization("CENTRE FICTIF"),
            NameTemplate.Attribute(OID.localityName, "Rhône (69)", as: .teletex),
            .organizationalUnit("10B0999901"), .commonName("legacy.poterne.example")),
        notBefore: now.adding(years: -1), notAfter: now.adding(years: 1))
    leaf.order = .before2022
    leaf.keyUsage = [.digitalSignature, .keyEncipherment]
    leaf.policy = "1.2.250.1.71.3.7.1"
    leaf.basicConstraints = nil
    leaf.algorithm = .rsaPKCS1(.sha1)
    leaf.additionalExtensions = [ExtensionTemplate(OID.netscapeCertificateType) { $0.namedBits([0]) }]
    let key = try PrivateKey.generate(.rsa(bits: 1_024))
    return (Issued(chain: [try root.issue(leaf, to: key), root.certificate], key: key), root)
}
