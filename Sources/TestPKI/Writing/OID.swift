import DER

/// The object identifiers that certificates and CRLs of IGC-Santé hold.
enum OID {
    // Attributes of names.
    static let commonName: ObjectIdentifier = "2.5.4.3"
    static let surname: ObjectIdentifier = "2.5.4.4"
    static let countryName: ObjectIdentifier = "2.5.4.6"
    static let localityName: ObjectIdentifier = "2.5.4.7"
    static let stateName: ObjectIdentifier = "2.5.4.8"
    static let organizationName: ObjectIdentifier = "2.5.4.10"
    static let organizationalUnitName: ObjectIdentifier = "2.5.4.11"
    static let title: ObjectIdentifier = "2.5.4.12"
    static let givenName: ObjectIdentifier = "2.5.4.42"

    // Extensions of certificates and CRLs (RFC 5280).
    static let subjectKeyIdentifier: ObjectIdentifier = "2.5.29.14"
    static let keyUsage: ObjectIdentifier = "2.5.29.15"
    static let privateKeyUsagePeriod: ObjectIdentifier = "2.5.29.16"
    static let subjectAlternativeName: ObjectIdentifier = "2.5.29.17"
    static let basicConstraints: ObjectIdentifier = "2.5.29.19"
    static let crlNumber: ObjectIdentifier = "2.5.29.20"
    static let reasonCode: ObjectIdentifier = "2.5.29.21"
    static let deltaCRLIndicator: ObjectIdentifier = "2.5.29.27"
    static let crlDistributionPoints: ObjectIdentifier = "2.5.29.31"
    static let certificatePolicies: ObjectIdentifier = "2.5.29.32"
    static let authorityKeyIdentifier: ObjectIdentifier = "2.5.29.35"
    static let extendedKeyUsage: ObjectIdentifier = "2.5.29.37"
    static let freshestCRL: ObjectIdentifier = "2.5.29.46"
    static let authorityInformationAccess: ObjectIdentifier = "1.3.6.1.5.5.7.1.1"
    static let netscapeCertificateType: ObjectIdentifier = "2.16.840.1.113730.1.1"

    // What stands inside extensions.
    static let anyPolicy: ObjectIdentifier = "2.5.29.32.0"
    static let certificationPracticeStatement: ObjectIdentifier = "1.3.6.1.5.5.7.2.1"
    static let ocsp: ObjectIdentifier = "1.3.6.1.5.5.7.48.1"
    static let caIssuers: ObjectIdentifier = "1.3.6.1.5.5.7.48.2"
    static let anyExtendedKeyUsage: ObjectIdentifier = "2.5.29.37.0"
    static let serverAuth: ObjectIdentifier = "1.3.6.1.5.5.7.3.1"
    static let clientAuth: ObjectIdentifier = "1.3.6.1.5.5.7.3.2"
    static let emailProtection: ObjectIdentifier = "1.3.6.1.5.5.7.3.4"
    static let smartcardLogin: ObjectIdentifier = "1.3.6.1.4.1.311.20.2.2"
    static let userPrincipalName: ObjectIdentifier = "1.3.6.1.4.1.311.20.2.3"

    // Private extensions of ANS.
    static let cardType: ObjectIdentifier = "1.2.250.1.71.1.2.2"
    static let cardNumber: ObjectIdentifier = "1.2.250.1.71.1.2.3"
    static let productCategory: ObjectIdentifier = "1.2.250.1.71.1.2.5"
    static let profession: ObjectIdentifier = "1.2.250.1.71.1.2.7"
    static let knowHow: ObjectIdentifier = "1.2.250.1.71.4.2.5"

    // Signature algorithms.
    static let sha1WithRSA: ObjectIdentifier = "1.2.840.113549.1.1.5"
    static let sha256WithRSA: ObjectIdentifier = "1.2.840.113549.1.1.11"
    static let sha384WithRSA: ObjectIdentifier = "1.2.840.113549.1.1.12"
    static let sha512WithRSA: ObjectIdentifier = "1.2.840.113549.1.1.13"
    static let rsaPSS: ObjectIdentifier = "1.2.840.113549.1.1.10"
    static let mgf1: ObjectIdentifier = "1.2.840.113549.1.1.8"
    static let ecdsaWithSHA1: ObjectIdentifier = "1.2.840.10045.4.1"
    static let ecdsaWithSHA256: ObjectIdentifier = "1.2.840.10045.4.3.2"
    static let ecdsaWithSHA384: ObjectIdentifier = "1.2.840.10045.4.3.3"
    static let ecdsaWithSHA512: ObjectIdentifier = "1.2.840.10045.4.3.4"
    static let ed25519: ObjectIdentifier = "1.3.101.112"
    static let sha1: ObjectIdentifier = "1.3.14.3.2.26"
    static let sha256: ObjectIdentifier = "2.16.840.1.101.3.4.2.1"
    static let sha384: ObjectIdentifier = "2.16.840.1.101.3.4.2.2"
    static let sha512: ObjectIdentifier = "2.16.840.1.101.3.4.2.3"
}
