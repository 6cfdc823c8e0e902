public import DER

/// The attribute types of names.
extension ObjectIdentifier {
    /// commonName (`CN`), RFC 4519 or RFC 5280 appendix A.
    public static let commonName: ObjectIdentifier = "2.5.4.3"
    /// surname (`SN`), RFC 4519 or RFC 5280 appendix A.
    public static let surname: ObjectIdentifier = "2.5.4.4"
    /// serialNumber (`serialNumber`), RFC 4519 or RFC 5280 appendix A.
    public static let serialNumberAttribute: ObjectIdentifier = "2.5.4.5"
    /// countryName (`C`), RFC 4519 or RFC 5280 appendix A.
    public static let countryName: ObjectIdentifier = "2.5.4.6"
    /// localityName (`L`), RFC 4519 or RFC 5280 appendix A.
    public static let localityName: ObjectIdentifier = "2.5.4.7"
    /// stateOrProvinceName (`ST`), RFC 4519 or RFC 5280 appendix A.
    public static let stateOrProvinceName: ObjectIdentifier = "2.5.4.8"
    /// organizationName (`O`), RFC 4519 or RFC 5280 appendix A.
    public static let organizationName: ObjectIdentifier = "2.5.4.10"
    /// organizationalUnitName (`OU`), RFC 4519 or RFC 5280 appendix A.
    public static let organizationalUnitName: ObjectIdentifier = "2.5.4.11"
    /// title (`title`), RFC 4519 or RFC 5280 appendix A.
    public static let title: ObjectIdentifier = "2.5.4.12"
    /// givenName (`GN`), RFC 4519 or RFC 5280 appendix A.
    public static let givenName: ObjectIdentifier = "2.5.4.42"
    /// pseudonym (`pseudonym`), RFC 4519 or RFC 5280 appendix A.
    public static let pseudonym: ObjectIdentifier = "2.5.4.65"
    /// emailAddress (`emailAddress`), RFC 4519 or RFC 5280 appendix A.
    public static let emailAddress: ObjectIdentifier = "1.2.840.113549.1.9.1"
    /// domainComponent (`DC`), RFC 4519 or RFC 5280 appendix A.
    public static let domainComponent: ObjectIdentifier = "0.9.2342.19200300.100.1.25"

    /// The name that OpenSSL prints for an attribute type (`OBJ_nid2sn`); nil for a type it does not know.
    public var attributeShortName: String? {
        ObjectIdentifier.shortNames[self]
    }

    private static let shortNames: [ObjectIdentifier: String] = [
        "2.5.4.3": "CN",
        "2.5.4.4": "SN",
        "2.5.4.5": "serialNumber",
        "2.5.4.6": "C",
        "2.5.4.7": "L",
        "2.5.4.8": "ST",
        "2.5.4.9": "street",
        "2.5.4.10": "O",
        "2.5.4.11": "OU",
        "2.5.4.12": "title",
        "2.5.4.13": "description",
        "2.5.4.14": "searchGuide",
        "2.5.4.15": "businessCategory",
        "2.5.4.16": "postalAddress",
        "2.5.4.17": "postalCode",
        "2.5.4.18": "postOfficeBox",
        "2.5.4.19": "physicalDeliveryOfficeName",
        "2.5.4.20": "telephoneNumber",
        "2.5.4.21": "telexNumber",
        "2.5.4.22": "teletexTerminalIdentifier",
        "2.5.4.23": "facsimileTelephoneNumber",
        "2.5.4.24": "x121Address",
        "2.5.4.25": "internationaliSDNNumber",
        "2.5.4.26": "registeredAddress",
        "2.5.4.27": "destinationIndicator",
        "2.5.4.28": "preferredDeliveryMethod",
        "2.5.4.29": "presentationAddress",
        "2.5.4.30": "supportedApplicationContext",
        "2.5.4.31": "member",
        "2.5.4.32": "owner",
        "2.5.4.33": "roleOccupant",
        "2.5.4.34": "seeAlso",
        "2.5.4.35": "userPassword",
        "2.5.4.36": "userCertificate",
        "2.5.4.37": "cACertificate",
        "2.5.4.38": "authorityRevocationList",
        "2.5.4.39": "certificateRevocationList",
        "2.5.4.40": "crossCertificatePair",
        "2.5.4.41": "name",
        "2.5.4.42": "GN",
        "2.5.4.43": "initials",
        "2.5.4.44": "generationQualifier",
        "2.5.4.45": "x500UniqueIdentifier",
        "2.5.4.46": "dnQualifier",
        "2.5.4.47": "enhancedSearchGuide",
        "2.5.4.48": "protocolInformation",
        "2.5.4.49": "distinguishedName",
        "2.5.4.50": "uniqueMember",
        "2.5.4.51": "houseIdentifier",
        "2.5.4.52": "supportedAlgorithms",
        "2.5.4.53": "deltaRevocationList",
        "2.5.4.54": "dmdName",
        "2.5.4.65": "pseudonym",
        "2.5.4.72": "role",
        "2.5.4.97": "organizationIdentifier",
        "2.5.4.98": "c3",
        "2.5.4.99": "n3",
        "1.2.840.113549.1.9.1": "emailAddress",
        "1.2.840.113549.1.9.2": "unstructuredName",
        "1.2.840.113549.1.9.7": "challengePassword",
        "1.2.840.113549.1.9.8": "unstructuredAddress",
        "0.9.2342.19200300.100.1.1": "UID",
        "0.9.2342.19200300.100.1.3": "mail",
        "0.9.2342.19200300.100.1.25": "DC",
        "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
        "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
        "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
    ]
}
