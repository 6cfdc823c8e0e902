import Synchronization

/// A number that several threads add to.
final class Tally: Sendable {
    private let value = Atomic(0)

    var count: Int { value.load(ordering: .relaxed) }

    func add(_ more: Int) {
        value.wrappingAdd(more, ordering: .relaxed)
    }
}
