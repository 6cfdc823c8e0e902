public import DER

/// A distinguished name to be written: relative names in encoded order, each with one or more attributes.
public struct NameTemplate: Hashable, Sendable {
    /// One attribute and the string type it is written in.
    public struct Attribute: Hashable, Sendable {
        /// The string types that IGC-Santé and its ancestor use.
        public enum Form: Hashable, Sendable {
            /// UTF8String: everything but the country since 2013.
            case utf8
            /// PrintableString: the country.
            case printable
            /// TeletexString, one Latin-1 octet for each character, as IGC-CPS wrote departments.
            case teletex
        }

        /// Which attribute it is.
        public var type: ObjectIdentifier
        /// Its text.
        public var value: String
        /// Its string type.
        public var form: Form

        /// Describes an attribute.
        public init(_ type: ObjectIdentifier, _ value: String, as form: Form = .utf8) {
            self.type = type
            self.value = value
            self.form = form
        }

        /// `C=FR`, the only attribute in PrintableString.
        public static let france = Attribute(OID.countryName, "FR", as: .printable)
        /// `CN=`.
        public static func commonName(_ value: String) -> Attribute { Attribute(OID.commonName, value) }
        /// `O=`.
        public static func organization(_ value: String) -> Attribute { Attribute(OID.organizationName, value) }
        /// `OU=`.
        public static func organizationalUnit(_ value: String) -> Attribute {
            Attribute(OID.organizationalUnitName, value)
        }
        /// `ST=`.
        public static func state(_ value: String) -> Attribute { Attribute(OID.stateName, value) }
        /// `title=`.
        public static func title(_ value: String) -> Attribute { Attribute(OID.title, value) }
        /// `GN=`.
        public static func givenName(_ value: String) -> Attribute { Attribute(OID.givenName, value) }
        /// `SN=`.
        public static func surname(_ value: String) -> Attribute { Attribute(OID.surname, value) }
    }

    /// The relative names in encoded order.
    public var relativeNames: [[Attribute]]

    /// Describes a name with one attribute in each relative name.
    public init(_ attributes: Attribute...) {
        relativeNames = attributes.map { [$0] }
    }

    /// Describes a name whose relative names may have several attributes.
    public init(relativeNames: [[Attribute]]) {
        self.relativeNames = relativeNames
    }

    /// The value of the first attribute of a type.
    public func first(_ type: ObjectIdentifier) -> String? {
        relativeNames.joined().first { $0.type == type }?.value
    }

    /// The DER `Name`.
    public var der: [UInt8] {
        var writer = DERWriter()
        writer.sequence { name in
            for relativeName in relativeNames {
                name.setOf(relativeName.map(\.der))
            }
        }
        return writer.bytes
    }

    /// An organisation or a server, as the real ones are named: `C, ST, O, OU, CN`.
    /// - Parameters:
    ///   - commonName: the application's or the server's name.
    ///   - structure: the national identifier with its type prefix.
    ///   - organization: the structure's name, cut at 40 characters as the real CA does.
    ///   - department: the department's name and code.
    /// - Returns: the name.
    public static func organisation(
        _ commonName: String, structure: String = "10B0999901", organization: String = "CENTRE DE SANTE FICTIF 99901",
        department: String = "Rhône (69)"
    ) -> NameTemplate {
        NameTemplate(
            .france, .state(department), .organization(String(organization.prefix(40))),
            .organizationalUnit(structure), .commonName(commonName))
    }

    /// A professional: `C, title, {GN + CN + SN}`, the last with three attributes at once.
    /// - Parameters:
    ///   - identifier: the national identifier of the person with its type prefix.
    ///   - title: the profession's label.
    ///   - givenName: the given name.
    ///   - surname: the surname.
    /// - Returns: the name.
    public static func person(
        _ identifier: String, title: String, givenName: String, surname: String
    ) -> NameTemplate {
        NameTemplate(relativeNames: [
            [.france], [.title(title)], [.givenName(givenName), .commonName(identifier), .surname(surname)],
        ])
    }
}

extension NameTemplate.Attribute {
    var der: [UInt8] {
        var writer = DERWriter()
        writer.sequence { attribute in
            attribute.objectIdentifier(type)
            switch form {
            case .utf8: attribute.utf8String(value)
            case .printable: attribute.printableString(value)
            case .teletex:
                attribute.element(
                    .teletexString, value.unicodeScalars.map { UInt8(exactly: $0.value) ?? UInt8(ascii: "?") })
            }
        }
        return writer.bytes
    }
}
