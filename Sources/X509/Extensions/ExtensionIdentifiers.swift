public import DER

/// The extensions of RFC 5280 §4.2 and §5.2.
extension ObjectIdentifier {
    /// subjectDirectoryAttributes, §4.2.1.8.
    public static let subjectDirectoryAttributes: ObjectIdentifier = "2.5.29.9"
    /// subjectKeyIdentifier, §4.2.1.2.
    public static let subjectKeyIdentifier: ObjectIdentifier = "2.5.29.14"
    /// keyUsage, §4.2.1.3.
    public static let keyUsage: ObjectIdentifier = "2.5.29.15"
    /// privateKeyUsagePeriod, RFC 3280 §4.2.1.4.
    public static let privateKeyUsagePeriod: ObjectIdentifier = "2.5.29.16"
    /// subjectAltName, §4.2.1.6.
    public static let subjectAlternativeName: ObjectIdentifier = "2.5.29.17"
    /// issuerAltName, §4.2.1.7.
    public static let issuerAlternativeName: ObjectIdentifier = "2.5.29.18"
    /// basicConstraints, §4.2.1.9.
    public static let basicConstraints: ObjectIdentifier = "2.5.29.19"
    /// cRLNumber, §5.2.3.
    public static let crlNumber: ObjectIdentifier = "2.5.29.20"
    /// reasonCode, §5.3.1.
    public static let crlReason: ObjectIdentifier = "2.5.29.21"
    /// invalidityDate, §5.3.2.
    public static let invalidityDate: ObjectIdentifier = "2.5.29.24"
    /// deltaCRLIndicator, §5.2.4.
    public static let deltaCRLIndicator: ObjectIdentifier = "2.5.29.27"
    /// issuingDistributionPoint, §5.2.5.
    public static let issuingDistributionPoint: ObjectIdentifier = "2.5.29.28"
    /// certificateIssuer, §5.3.3.
    public static let certificateIssuer: ObjectIdentifier = "2.5.29.29"
    /// nameConstraints, §4.2.1.10.
    public static let nameConstraints: ObjectIdentifier = "2.5.29.30"
    /// cRLDistributionPoints, §4.2.1.13.
    public static let crlDistributionPoints: ObjectIdentifier = "2.5.29.31"
    /// certificatePolicies, §4.2.1.4.
    public static let certificatePolicies: ObjectIdentifier = "2.5.29.32"
    /// The policy that stands for every policy, §4.2.1.4.
    public static let anyPolicy: ObjectIdentifier = "2.5.29.32.0"
    /// policyMappings, §4.2.1.5.
    public static let policyMappings: ObjectIdentifier = "2.5.29.33"
    /// authorityKeyIdentifier, §4.2.1.1.
    public static let authorityKeyIdentifier: ObjectIdentifier = "2.5.29.35"
    /// policyConstraints, §4.2.1.11.
    public static let policyConstraints: ObjectIdentifier = "2.5.29.36"
    /// extKeyUsage, §4.2.1.12.
    public static let extendedKeyUsage: ObjectIdentifier = "2.5.29.37"
    /// The purpose that stands for every purpose, §4.2.1.12.
    public static let anyExtendedKeyUsage: ObjectIdentifier = "2.5.29.37.0"
    /// freshestCRL, §4.2.1.15.
    public static let freshestCRL: ObjectIdentifier = "2.5.29.46"
    /// inhibitAnyPolicy, §4.2.1.14.
    public static let inhibitAnyPolicy: ObjectIdentifier = "2.5.29.54"
    /// authorityInfoAccess, §4.2.2.1.
    public static let authorityInformationAccess: ObjectIdentifier = "1.3.6.1.5.5.7.1.1"
    /// The access method of an OCSP responder, §4.2.2.1.
    public static let ocspAccess: ObjectIdentifier = "1.3.6.1.5.5.7.48.1"
    /// The access method of the issuer's certificate, §4.2.2.1.
    public static let caIssuersAccess: ObjectIdentifier = "1.3.6.1.5.5.7.48.2"
    /// The policy qualifier that points at a certification practice statement, §4.2.1.4.
    public static let cpsQualifier: ObjectIdentifier = "1.3.6.1.5.5.7.2.1"
}

/// The purposes of an extended key usage that this house tells apart.
extension ObjectIdentifier {
    /// id-kp-serverAuth.
    public static let serverAuth: ObjectIdentifier = "1.3.6.1.5.5.7.3.1"
    /// id-kp-clientAuth.
    public static let clientAuth: ObjectIdentifier = "1.3.6.1.5.5.7.3.2"
    /// id-kp-codeSigning.
    public static let codeSigning: ObjectIdentifier = "1.3.6.1.5.5.7.3.3"
    /// id-kp-emailProtection.
    public static let emailProtection: ObjectIdentifier = "1.3.6.1.5.5.7.3.4"
    /// id-kp-timeStamping.
    public static let timeStamping: ObjectIdentifier = "1.3.6.1.5.5.7.3.8"
    /// id-kp-OCSPSigning.
    public static let ocspSigning: ObjectIdentifier = "1.3.6.1.5.5.7.3.9"
    /// Microsoft's smart card logon.
    public static let smartcardLogon: ObjectIdentifier = "1.3.6.1.4.1.311.20.2.2"
    /// Microsoft's user principal name, an otherName of a subject's alternative names.
    public static let userPrincipalName: ObjectIdentifier = "1.3.6.1.4.1.311.20.2.3"
}
