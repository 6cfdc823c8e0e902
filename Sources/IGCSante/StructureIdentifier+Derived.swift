/// What a structure identifier tells beside its register and its value.
extension StructureIdentifier {
    /// The company that it is, or is an establishment of: a SIRET begins with the SIREN.
    ///
    /// Nil for every other register, and for a SIRET that has not 14 characters.
    public var siren: Substring? {
        switch type {
        case .siren: value[...]
        case .siret where value.utf8.count == 14: value.prefix(9)
        default: nil
        }
    }

    /// The number of the professional who holds a practice: 11 digits of RPPS, or 9 of ADELI.
    ///
    /// Nil for what is no practice, and for a value without room for a rank.
    public var practiceHolder: Substring? { practice?.holder }

    /// Which of its holder's practices it is.
    public var practiceRank: Substring? { practice?.rank }

    private var practice: (holder: Substring, rank: Substring)? {
        let length: Int
        switch type {
        case .adeliPractice: length = 9
        case .rppsRank: length = 11
        default: return nil
        }
        guard value.utf8.count > length, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return (value.prefix(length), value.dropFirst(length))
    }
}
