/// The national identifier of a structure (*Struct_IdNat*): the OU of an organisation's certificate.
///
/// A digit that tells which register it is of, then the identifier there (nomenclature TRE_G07). It is an opaque name
/// for access decisions: fictitious structures of the test environment carry impossible numbers, so nothing is refused
/// for its form. The same digits mean other registers in the identifiers of persons.
public struct StructureIdentifier: Hashable, Sendable {
    /// The registers of TRE_G07.
    public enum Kind: String, CaseIterable, Sendable {
        /// `0`, a practice by the ADELI number of its holder.
        case adeliPractice = "ADELI"
        /// `1`, an establishment of the FINESS register, legal or geographic.
        case finess = "FINESS"
        /// `2`, a company.
        case siren = "SIREN"
        /// `3`, an establishment of a company.
        case siret = "SIRET"
        /// `4`, a practice by the RPPS number of its holder and a rank.
        case rppsRank = "RPPS"
        /// `5`, a legal entity of FINESS; no longer issued since September 2016.
        case finessLegalEntity = "FINESS EJ"
        /// `6`, a geographic entity of FINESS; no longer issued since September 2016.
        case finessGeographicEntity = "FINESS EG"
        /// Anything else.
        case other = "OTHER"
    }

    /// The identifier as the certificate has it, with its prefix.
    public let raw: String
    /// The register.
    public let type: Kind
    /// The identifier in that register, without the prefix; all of it when the register is not known.
    public let value: String

    /// Splits an identifier; every text is one.
    public init(_ raw: String) {
        self.raw = raw
        let kind = StructureIdentifier.kind(of: raw)
        type = kind
        value = kind == .other ? raw : String(raw.dropFirst())
    }

    private static func kind(of raw: String) -> Kind {
        // A prefix alone identifies nothing, and "40" is a prefix of TRE_G07 of its own, which no RPPS number follows.
        guard raw.utf8.count > 1, !raw.hasPrefix("40") else { return .other }
        return switch raw.first {
        case "0": .adeliPractice
        case "1": .finess
        case "2": .siren
        case "3": .siret
        case "4": .rppsRank
        case "5": .finessLegalEntity
        case "6": .finessGeographicEntity
        default: .other
        }
    }

    /// Whether the identifier has the form of its register, check digits of SIREN and SIRET included.
    ///
    /// A hint for people who look at a certificate, never a reason to refuse one: fictitious structures fail it.
    public var isWellFormed: Bool {
        let value = Array(self.value.utf8)
        return switch type {
        case .adeliPractice: value.count >= 9 && value.allSatisfy(StructureIdentifier.isDigit)
        case .finess, .finessLegalEntity, .finessGeographicEntity: StructureIdentifier.isFINESS(value)
        case .siren: value.count == 9 && StructureIdentifier.luhnSum(value).map { $0 % 10 == 0 } ?? false
        case .siret: StructureIdentifier.isSIRET(value)
        case .rppsRank: value.count == 14 && value.allSatisfy(StructureIdentifier.isDigit)
        case .other: false
        }
    }

    /// Two digits of the department, of which Corsica has `2A` and `2B`, and seven more.
    private static func isFINESS(_ value: [UInt8]) -> Bool {
        value.count == 9 && isDigit(value[0]) && value[2...].allSatisfy(isDigit)
            && (isDigit(value[1]) || value[1] == UInt8(ascii: "A") || value[1] == UInt8(ascii: "B"))
    }

    private static func isSIRET(_ value: [UInt8]) -> Bool {
        guard value.count == 14, let sum = luhnSum(value) else { return false }
        if sum % 10 == 0 { return true }
        // La Poste has more establishments than Luhn leaves numbers: theirs have digits that add up to a multiple of 5.
        guard value.starts(with: "356000000".utf8) else { return false }
        return value.reduce(0) { $0 + Int($1 - UInt8(ascii: "0")) } % 5 == 0
    }

    /// The sum of Luhn's formula; nil when there is anything but digits.
    private static func luhnSum(_ value: [UInt8]) -> Int? {
        var sum = 0
        for (position, character) in value.reversed().enumerated() {
            guard isDigit(character) else { return nil }
            let digit = Int(character - UInt8(ascii: "0"))
            let weighted = position % 2 == 1 ? digit * 2 : digit
            sum += weighted > 9 ? weighted - 9 : weighted
        }
        return sum
    }

    private static func isDigit(_ character: UInt8) -> Bool {
        character >= UInt8(ascii: "0") && character <= UInt8(ascii: "9")
    }
}

extension StructureIdentifier: CustomStringConvertible {
    /// The identifier with its prefix.
    public var description: String { raw }
}
