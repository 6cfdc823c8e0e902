internal import Glibc

/// Chooses one of the servers that may be given a request.
struct Balancer {
    /// `balance` of the configuration.
    enum Method: Sendable {
        /// Smooth weighted round robin.
        case roundRobin
        /// The fewest exchanges in flight, by weight.
        case leastConnections
        /// Always the same server for a structure, as long as it is there.
        case hashOfStructure
    }

    /// A server to choose, as far as choosing goes.
    struct Candidate: Equatable {
        /// Where it stands among all the upstream's servers.
        let index: Int
        /// Its share among its neighbours; at least 1.
        let weight: Int
        /// Exchanges in flight.
        let load: Int
        /// Names it in hashes, the same in every worker and process.
        let label: UInt64
    }

    let method: Method
    private var credit: [Int] = []

    init(_ method: Method) {
        self.method = method
    }

    /// Chooses whose turn it is.
    ///
    /// - Parameters:
    ///   - candidates: who may be chosen.
    ///   - key: what to hash; without one, as for callers without a structure, servers take turns.
    /// - Returns: the `index` of the one chosen; nil only when there is none.
    mutating func choose(among candidates: [Candidate], key: UInt64? = nil) -> Int? {
        guard let first = candidates.first, candidates.count > 1 else { return candidates.first?.index }
        switch method {
        case .roundRobin: return rotate(candidates, from: first)
        case .leastConnections: return rotate(leastLoaded(candidates), from: first)
        case .hashOfStructure:
            guard let key else { return rotate(candidates, from: first) }
            return highestScore(candidates, key: key, from: first)
        }
    }

    /// Each turn every server gains its weight, the richest is chosen and pays the sum.
    private mutating func rotate(_ candidates: [Candidate], from first: Candidate) -> Int {
        var total = 0
        var chosen = candidates.first?.index ?? first.index
        for candidate in candidates {
            while credit.count <= candidate.index { credit.append(0) }
            credit[candidate.index] += candidate.weight
            total += candidate.weight
            if credit[candidate.index] > credit[chosen] { chosen = candidate.index }
        }
        credit[chosen] -= total
        return chosen
    }

    /// Those with the least load for their weight, the request to come counted; several take turns.
    private func leastLoaded(_ candidates: [Candidate]) -> [Candidate] {
        var least: [Candidate] = []
        for candidate in candidates {
            guard let best = least.first else {
                least.append(candidate)
                continue
            }
            // load / weight compared without a division: both are small numbers.
            let mine = (candidate.load + 1) * best.weight
            let other = (best.load + 1) * candidate.weight
            if mine < other { least.removeAll(keepingCapacity: true) }
            if mine <= other { least.append(candidate) }
        }
        return least
    }

    /// Weighted rendezvous hashing: each server has a score for the key and the highest wins.
    ///
    /// When a server goes, only its own keys move, and they spread over all others; when one comes, it takes its share
    /// from each. No table is needed, and no worker has to agree with another.
    private func highestScore(_ candidates: [Candidate], key: UInt64, from first: Candidate) -> Int {
        var chosen = first.index
        var highest = -Double.infinity
        for candidate in candidates {
            let hash = mixed(candidate.label ^ mixed(key))
            // In (0, 1): the logarithm is finite and not zero.
            let uniform = (Double(hash >> 11) + 0.5) * 0x1p-53
            let score = Double(candidate.weight) / -log(uniform)
            if score > highest {
                highest = score
                chosen = candidate.index
            }
        }
        return chosen
    }
}

/// A number for a text, the same in every process: FNV-1a, mixed.
///
/// Not for secrets, and no attacker gains by a collision: structures are certified, servers configured.
func stableHash(_ text: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return mixed(hash)
}

/// The finaliser of SplitMix64: every bit of the input changes half of the output's.
private func mixed(_ value: UInt64) -> UInt64 {
    var value = value &+ 0x9E37_79B9_7F4A_7C15
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
}
