import DER
public import X509

/// Whom a certificate names, read from the attributes of its subject and never from a printed name.
///
/// A field is nil when its attribute stands not once but never or several times: nothing is chosen among two.
public struct SubjectIdentity: Hashable, Sendable {
    /// The structure: OU.
    public let structure: StructureIdentifier?
    /// The name of the structure: O, cut at 40 characters and not unique.
    public let structureName: String?
    /// The department of the structure: ST, such as `Paris (75)`.
    public let department: String?
    /// The name of the client, application, server or, for a person, the national identifier: CN.
    public let commonName: String?
    /// The profession of a person, in words.
    public let title: String?
    /// The given name of a person.
    public let givenName: String?
    /// The surname of a person.
    public let surname: String?
    /// The pseudonym of a card that serves a team.
    public let pseudonym: String?

    /// Reads the subject of a certificate.
    public init(of certificate: Certificate) {
        let subject = certificate.subject
        func only(_ type: ObjectIdentifier) -> String? {
            let values = subject.values(of: type)
            return values.count == 1 ? values.first : nil
        }
        structure = only(.organizationalUnitName).map { StructureIdentifier($0) }
        structureName = only(.organizationName)
        department = only(.stateOrProvinceName)
        commonName = only(.commonName)
        title = only(.title)
        givenName = only(.givenName)
        surname = only(.surname)
        pseudonym = only(.pseudonym)
    }
}
