/// Comparison of names by what they say (RFC 5280 §7.1), for name chaining and for directoryName constraints.
extension DistinguishedName {
    /// Whether two names are the same name: the same RDNs in the same order, each with the same attributes in any order.
    ///
    /// Strings are compared whatever their ASN.1 type, with case folded, and with white space trimmed and runs of it
    /// taken as one; canonically equivalent Unicode is the same. Of RFC 4518's preparation the compatibility mapping
    /// (NFKC) is left out, as in OpenSSL: issuers do not write one name in two compatibility forms.
    public func matches(_ other: DistinguishedName) -> Bool {
        if der == other.der { return true }
        return relativeNames.count == other.relativeNames.count && isWithin(other)
    }

    /// Whether the name is under another in the directory tree, or is it: the other's RDNs begin this name.
    public func isWithin(_ base: DistinguishedName) -> Bool {
        guard relativeNames.count >= base.relativeNames.count else { return false }
        return zip(relativeNames, base.relativeNames).allSatisfy { mine, theirs in
            DistinguishedName.matches(mine, theirs)
        }
    }

    /// Whether two RDNs hold the same attributes, in any order.
    public static func matches(_ left: [NameAttribute], _ right: [NameAttribute]) -> Bool {
        guard left.count == right.count else { return false }
        var rest = right
        for attribute in left {
            guard let index = rest.firstIndex(where: { $0.matches(attribute) }) else { return false }
            rest.remove(at: index)
        }
        return true
    }
}

extension NameAttribute {
    /// Whether two attributes say the same.
    func matches(_ other: NameAttribute) -> Bool {
        guard type == other.type, isString == other.isString else { return false }
        if tag == other.tag, octets == other.octets { return true }
        return isString && prepared == other.prepared
    }

    /// The value with case folded and white space made unimportant.
    private var prepared: String {
        value.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    }
}
