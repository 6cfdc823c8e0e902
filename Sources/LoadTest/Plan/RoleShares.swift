/// In what shares attempts take the roles.
public struct RoleShares: Hashable, Sendable {
    private var weights = [Int](repeating: 0, count: CallerRole.allCases.count)

    /// The greatest weight that is read.
    private static let heaviest = 1_000

    /// Shares by weight: `[.full: 8, .revoked: 2]` is four admitted for each refused.
    public init(_ weights: [CallerRole: Int]) {
        for (role, weight) in weights { self.weights[role.rawValue] = max(weight, 0) }
    }

    /// Shares as options write them: `full=70,revoked=30`; nil for what is none.
    ///
    /// There has to be a role that is not slow: slow callers alone measure nothing.
    public init?(parsing text: String) {
        var weights: [CallerRole: Int] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let role = CallerRole.allCases.first(where: { "\($0)" == sides[0] }),
                weights[role] == nil, let weight = Int(sides[1]), (0...Self.heaviest).contains(weight)
            else { return nil }
            weights[role] = weight
        }
        guard weights.contains(where: { !$0.key.isSlow && $0.value > 0 }) else { return nil }
        self.init(weights)
    }

    /// The weight of a role.
    public subscript(role: CallerRole) -> Int { weights[role.rawValue] }

    /// The sum of the weights.
    public var total: Int { weights.reduce(0, +) }

    /// The shares of the roles that are not slow.
    var ordinary: RoleShares {
        var shares = self
        for role in CallerRole.allCases where role.isSlow { shares.weights[role.rawValue] = 0 }
        return shares
    }

    /// How many of so many connections belong to callers that are slow in this way: at least one where there are any.
    ///
    /// They take their share of the connections and not of the attempts: one of their attempts lasts as long as hundreds
    /// of others, and would in the end hold every connection.
    func slowConnections(_ role: CallerRole, of connections: Int) -> Int {
        guard role.isSlow, self[role] > 0 else { return 0 }
        return max(1, connections * self[role] / total)
    }
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
