import Crypto
import DER
import TLS
import TestPKI

/// A root, an intermediate and what they issue, made once for all tests of this module.
struct Credentials {
    let root: [UInt8]
    let intermediate: [UInt8]
    let intermediateName: [UInt8]
    /// `localhost`, `127.0.0.1`, RSA.
    let server: TLSIdentity
    /// `other.example`, P-256.
    let otherServer: TLSIdentity
    /// A client with an RSA key, which sends leaf and intermediate.
    let client: TLSIdentity
    /// The intermediate's authority, to issue more.
    let authority: CertificateAuthority
    /// A leaf that its own key signed.
    let selfSigned: TLSIdentity

    static let shared = Result { try Credentials() }

    init() throws {
        let now = Timestamp.now()
        let (start, end) = (now.adding(seconds: -3600), now.adding(seconds: 86_400))
        let rootAuthority = try CertificateAuthority(
            root: AuthorityTemplate(name: NameTemplate(.commonName("Test root")), notBefore: start, notAfter: end),
            key: .generate(.p256))
        let issuer = try rootAuthority.subordinate(
            AuthorityTemplate(name: NameTemplate(.commonName("Test issuer")), notBefore: start, notAfter: end),
            key: .generate(.p256))
        root = rootAuthority.certificate
        authority = issuer
        intermediate = issuer.certificate
        intermediateName = issuer.name.der
        let chain = [issuer.certificate]

        func leaf(_ name: String, hosts: [String] = [], address: [UInt8]? = nil) -> LeafTemplate {
            var template = LeafTemplate(
                subject: NameTemplate(.commonName(name)), notBefore: start, notAfter: end)
            template.extendedKeyUsage = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]
            if hosts.isEmpty { return template }
            template.additionalExtensions = [
                ExtensionTemplate("2.5.29.17") { writer in
                    writer.sequence { names in
                        for host in hosts { names.element(.context(2), Array(host.utf8)) }
                        if let address { names.element(.context(7), address) }
                    }
                }
            ]
            return template
        }
        func identity(_ template: LeafTemplate, _ recipe: PrivateKey.Recipe) throws -> TLSIdentity {
            let key = try PrivateKey.generate(recipe)
            return TLSIdentity(chain: [try issuer.issue(template, to: key)] + chain, key: key)
        }
        server = try identity(leaf("localhost", hosts: ["localhost"], address: [127, 0, 0, 1]), .rsa(bits: 2048))
        otherServer = try identity(leaf("other.example", hosts: ["other.example"]), .p256)
        client = try identity(leaf("client"), .rsa(bits: 2048))
        let key = try PrivateKey.generate(.p256)
        selfSigned = TLSIdentity(chain: [try leaf("alone", hosts: ["localhost"]).selfSigned(with: key)], key: key)
    }

    /// A server's settings that admit what the delegate admits.
    func serverSettings(
        clientCertificate: TLSServerSettings.ClientCertificate = .required, protocols: [String] = [],
        sessionIDContext: String = "tests", tickets: TicketKeyring? = nil, sessions: SessionStore? = nil
    ) -> TLSServerSettings {
        TLSServerSettings(
            identity: server, applicationProtocols: protocols, clientCertificate: clientCertificate,
            clientAuthorityNames: [intermediateName], sessionIDContext: Array(sessionIDContext.utf8), tickets: tickets,
            sessions: sessions)
    }

    /// A client's settings that trust the root.
    func clientSettings(
        _ version: TLSVersion, identity: TLSIdentity?, protocols: [String] = []
    ) -> TLSClientSettings {
        TLSClientSettings(
            trust: .anchors([root]), identity: identity, versions: version...version, applicationProtocols: protocols)
    }
}
