/// Where the ANS publishes what belongs to a CA. All over plain HTTP and LDAP: what comes from there is worth what its
/// signature is.
extension OfficialAuthority {
    private static let host = "http://igc-sante.esante.gouv.fr"
    private static let directory = "ldap://annuaire-igc.esante.gouv.fr"

    /// The URL of its certificate, in DER.
    public var certificateURL: String {
        "\(OfficialAuthority.host)/AC\(environment == .test ? "%20TEST" : "")/\(fileName).cer"
    }

    /// The URL of the CRL that it signs, in DER.
    public var crlURL: String {
        "\(OfficialAuthority.host)/CRL/\(fileName).crl"
    }

    /// The LDAP URL of the CRL that it signs.
    public var ldapCRLURL: String {
        directoryURL(attribute: "certificaterevocationlist")
    }

    /// The LDAP URL of the delta CRL that it signs; nil for a root, which has none.
    public var ldapDeltaURL: String? {
        role == .root ? nil : directoryURL(attribute: "deltarevocationlist")
    }

    /// The URL of the OCSP responder of the whole PKI.
    public static var ocspURL: String { "http://ocsp.esante.gouv.fr" }

    /// The entry of the CA in the directory: an intermediate hangs from its root as from an OU, which its name does not.
    ///
    /// Roots and intermediates are spelled as the distribution points of real certificates spell them, case included.
    private func directoryURL(attribute: String) -> String {
        func escaped(_ text: String) -> String { text.split(separator: " ").joined(separator: "%20") }
        let unit = environment == .test ? "IGC-SANTE%20TEST" : "IGC-SANTE"
        guard role == .intermediate, let root else {
            return "\(OfficialAuthority.directory)/CN=\(escaped(commonName)),OU=\(unit),OU=0002%20187512751,"
                + "O=ASIP-SANTE,C=FR?\(attribute);binary?base?objectclass=pkiCa"
        }
        return "\(OfficialAuthority.directory)/cn=\(escaped(commonName)),ou=\(escaped(root.commonName)),ou=\(unit),"
            + "ou=0002%20187512751,o=ASIP-SANTE,c=FR?\(attribute);binary?base?objectClass=pkiCA"
    }

    /// Where the ANS publishes the certificates of a whole hierarchy, in PKCS#7.
    public static func bundleURL(of environment: Environment) -> String {
        switch environment {
        case .production: "\(host)/AC/Chaine_de_certification-IGC-Sante.p7b"
        case .test: "\(host)/AC%20TEST/Chaine_de_certification-IGC-Sante-TEST.p7b"
        }
    }
}
