import Testing

@testable import Gateway

@Suite("Balancing")
struct BalancerTests {
    private static func candidates(_ weights: [Int], loads: [Int]? = nil) -> [Balancer.Candidate] {
        weights.enumerated().map { index, weight in
            Balancer.Candidate(
                index: index, weight: weight, load: loads?[index] ?? 0, label: stableHash("server-\(index)".utf8))
        }
    }

    private static func share(_ choices: [Int], of index: Int) -> Double {
        Double(choices.count { $0 == index }) / Double(choices.count)
    }

    @Test(
        "nobody can be chosen among none", arguments: [Balancer.Method.roundRobin, .leastConnections, .hashOfStructure])
    func none(_ method: Balancer.Method) {
        var balancer = Balancer(method)
        #expect(balancer.choose(among: [], key: 1) == nil)
    }

    @Test("turns follow the weights, interleaved")
    func roundRobin() {
        var balancer = Balancer(.roundRobin)
        let servers = Self.candidates([3, 1])
        #expect((0..<8).map { _ in balancer.choose(among: servers) } == [0, 0, 1, 0, 0, 0, 1, 0])
    }

    @Test("a server that is left out loses its turn and no other's is disturbed")
    func leftOut() {
        var balancer = Balancer(.roundRobin)
        let all = Self.candidates([1, 1, 1])
        let choices = (0..<9).map { turn in balancer.choose(among: turn < 3 ? all : [all[0], all[2]]) }
        #expect(Set(choices.prefix(3)) == [0, 1, 2])
        #expect(choices.dropFirst(3).allSatisfy { $0 != 1 })
    }

    @Test(
        "the least loaded for its weight is chosen",
        arguments: [
            ([1, 1, 1], [2, 0, 1], 1), ([1, 4], [1, 4], 1), ([1, 4], [0, 9], 0), ([100, 10], [9, 0], 0),
        ])
    func leastConnections(_ weights: [Int], _ loads: [Int], _ chosen: Int) {
        var balancer = Balancer(.leastConnections)
        #expect(balancer.choose(among: Self.candidates(weights, loads: loads)) == chosen)
    }

    @Test("equally loaded ones take turns")
    func ties() {
        var balancer = Balancer(.leastConnections)
        let servers = Self.candidates([1, 1, 1], loads: [1, 1, 5])
        #expect(Set((0..<2).map { _ in balancer.choose(among: servers) }) == [0, 1])
    }

    private static let keys = (0..<10_000).map { stableHash("1\($0)".utf8) }

    @Test("a key always goes to the same server, and keys spread by weight")
    func spread() {
        let servers = Self.candidates([1, 2, 1])
        var one = Balancer(.hashOfStructure)
        var other = Balancer(.hashOfStructure)
        let choices = Self.keys.compactMap { one.choose(among: servers, key: $0) }
        #expect(
            choices == Self.keys.reversed().compactMap { other.choose(among: servers.reversed(), key: $0) }.reversed())
        for (index, expected) in [0.25, 0.5, 0.25].enumerated() {
            #expect(abs(Self.share(choices, of: index) - expected) < 0.02)
        }
    }

    @Test("a server that goes moves its own keys only, and they spread over the others")
    func minimalMovement() {
        let servers = Self.candidates([1, 1, 1, 1])
        let fewer = servers.filter { $0.index != 2 }
        var balancer = Balancer(.hashOfStructure)
        var moved: [Int] = []
        for key in Self.keys {
            let before = balancer.choose(among: servers, key: key)
            let after = balancer.choose(among: fewer, key: key)
            if before == 2 {
                moved.append(after ?? -1)
            } else {
                #expect(before == after)
            }
        }
        for index in [0, 1, 3] { #expect(abs(Self.share(moved, of: index) - 1 / 3) < 0.05) }
    }

    @Test("callers without a key take turns")
    func noKey() {
        var balancer = Balancer(.hashOfStructure)
        let servers = Self.candidates([1, 1])
        #expect((0..<4).compactMap { _ in balancer.choose(among: servers, key: nil) } == [0, 1, 0, 1])
    }
}
