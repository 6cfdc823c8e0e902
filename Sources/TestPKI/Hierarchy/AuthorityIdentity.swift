/// What a CA of the test PKI is called and where it would publish.
struct AuthorityIdentity {
    let environment: TestPKI.Environment
    let range: TestPKI.Range
    /// None for the root of the range.
    let domain: TestPKI.Domain?
    /// Words after the usual name, for a CA that the real PKI has no counterpart of.
    var suffix = ""

    /// The host of everything that would be published, in a domain that never exists (RFC 2606 §2).
    private static let host = "igc.poterne.invalid"

    var name: NameTemplate {
        NameTemplate(
            .france, .organization("POTERNE FICTIF"), .organizationalUnit("0002 000000000"),
            .organizationalUnit(unit), .commonName(commonName))
    }

    /// `TEST AC FICTIVE POTERNE ELEMENTAIRE ORGANISATIONS`, after the real `TEST AC IGC-SANTE ELEMENTAIRE ORGANISATIONS`.
    var commonName: String {
        let middle = domain == nil ? "AC RACINE FICTIVE POTERNE" : "AC FICTIVE POTERNE"
        return prefix
            + [middle, range.rawValue, domain?.rawValue ?? "", suffix].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    private var prefix: String { environment == .test ? "TEST " : "" }
    private var unit: String { environment == .test ? "IGC FICTIVE POTERNE TEST" : "IGC FICTIVE POTERNE" }

    /// The name of its files on the web, such as `ACI-EL-ORG-TEST`.
    private var fileName: String {
        var parts = [domain == nil ? "ACR" : "ACI", range.code]
        if let domain { parts.append(domain.code) }
        if !suffix.isEmpty { parts.append(suffix) }
        if environment == .test { parts.append("TEST") }
        return parts.joined(separator: "-")
    }

    var publication: Publication {
        let folder = environment == .test ? "%20TEST" : ""
        return Publication(
            revocationLists: ["http://\(Self.host)/CRL/\(fileName).crl", directory("certificaterevocationlist")],
            deltaRevocationLists: [directory("deltarevocationlist")],
            certificate: "http://\(Self.host)/AC\(folder)/\(fileName).cer", ocsp: "http://ocsp.poterne.invalid",
            statement: "http://\(Self.host)/PC\(folder)")
    }

    /// The entry in the LDAP directory.
    ///
    /// The real one puts an intermediate below its root's `ou`, and differs in the case
    /// of letters between roots and intermediates.
    private func directory(_ attribute: String) -> String {
        func escaped(_ text: String) -> String { text.split(separator: " ").joined(separator: "%20") }
        let server = "ldap://annuaire.poterne.invalid"
        guard domain != nil else {
            return
                "\(server)/CN=\(escaped(commonName)),OU=\(escaped(unit)),OU=0002%20000000000,O=POTERNE%20FICTIF,C=FR?"
                + "\(attribute);binary?base?objectclass=pkiCa"
        }
        let root = AuthorityIdentity(environment: environment, range: range, domain: nil).commonName
        return "\(server)/cn=\(escaped(commonName)),ou=\(escaped(root)),ou=\(escaped(unit)),ou=0002%20000000000,"
            + "o=POTERNE%20FICTIF,c=FR?\(attribute);binary?base?objectClass=pkiCA"
    }
}
