/// What a caller is in an attempt, and so what should become of it.
public enum CallerRole: Int, Hashable, Sendable, CaseIterable {
    /// Admitted, by a full handshake.
    case full
    /// Admitted, by resuming a session.
    case resumed
    /// To be refused: its certificate is revoked.
    case revoked
    /// To be refused: its certificate is of a kind that is not accepted.
    case wrongKind
}

extension CallerRole: CustomStringConvertible {
    /// The name as options and reports write it.
    public var description: String {
        switch self {
        case .full: "full"
        case .resumed: "resumed"
        case .revoked: "revoked"
        case .wrongKind: "wrong-kind"
        }
    }
}

/// In what shares attempts take the roles.
public struct RoleShares: Hashable, Sendable {
    private var weights: [Int]

    /// Shares by weight: `full: 8, revoked: 2` is four admitted for each refused.
    public init(full: Int = 0, resumed: Int = 0, revoked: Int = 0, wrongKind: Int = 0) {
        weights = [full, resumed, revoked, wrongKind].map { max($0, 0) }
    }

    /// The weight of a role.
    public subscript(role: CallerRole) -> Int { weights[role.rawValue] }

    /// The sum of the weights.
    public var total: Int { weights.reduce(0, +) }
}

/// Deals roles in their shares, as evenly as can be: of any hundred in a row each has its share but for one.
struct RoleDealer {
    private let shares: RoleShares
    private var credit = [Int](repeating: 0, count: CallerRole.allCases.count)

    init(_ shares: RoleShares) {
        self.shares = shares
    }

    /// The next attempt's role: the one that is furthest behind its share.
    mutating func next() -> CallerRole {
        var chosen = CallerRole.full
        for role in CallerRole.allCases {
            credit[role.rawValue] += shares[role]
            if credit[role.rawValue] > credit[chosen.rawValue] { chosen = role }
        }
        credit[chosen.rawValue] -= shares.total
        return chosen
    }
}
