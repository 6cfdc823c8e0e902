/// A block of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address alone.
public struct AddressRange: Hashable, Sendable {
    /// The first address.
    public let first: IPAddress
    /// How many leading bits an address must share with it.
    public let prefixLength: Int

    /// Reads CIDR notation (RFC 4632); an address with bits set beyond the prefix is refused, as it names no block.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
        var length = address.bitWidth
        if parts.count == 2 {
            var reader = AddressReader()
            let digits = Array(parts[1].utf8)
            guard let number = reader.readDecimal(digits.span, limit: UInt32(address.bitWidth)),
                reader.position == digits.count
            else { return nil }
            length = Int(number)
        }
        guard address == AddressRange.masked(address, to: length) else { return nil }
        // A block of mapped addresses is the IPv4 block.
        if case .v4 = address.unmapped, address.bitWidth == 128, length >= 96 { length -= 96 }
        first = length <= 32 ? address.unmapped : address
        prefixLength = length
    }

    /// Whether the address lies in the block; IPv4 in its mapped form counts as IPv4.
    public func contains(_ address: IPAddress) -> Bool {
        AddressRange.masked(address.unmapped, to: prefixLength) == first
            || AddressRange.masked(address, to: prefixLength) == first
    }

    private static func masked(_ address: IPAddress, to length: Int) -> IPAddress {
        switch address {
        // Smart shifts: by the whole width gives zero.
        case .v4(let bits): .v4(bits & ~(UInt32.max >> UInt32(length)))
        case .v6(let high, let low):
            .v6(
                high: high & ~(UInt64.max >> UInt64(length)),
                low: low & ~(UInt64.max >> UInt64(max(length - 64, 0))))
        }
    }
}

extension AddressRange: CustomStringConvertible {
    /// CIDR notation.
    public var description: String { "\(first)/\(prefixLength)" }
}
