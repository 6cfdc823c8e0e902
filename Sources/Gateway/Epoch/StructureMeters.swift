internal import Synchronization

/// The structures whose requests are counted apart: the first ones to call, of the whole process.
///
/// Asked when a caller is verified and not remembered, which is rare, and never by a request.
final class StructureMeters: Sendable {
    /// Of callers that name no structure, or show no certificate.
    static var none: Int { 0 }
    /// Of all structures beyond the bound.
    static var other: Int { 1 }
    private static var reserved: Int { 2 }
    /// How many numbers there are.
    static var places: Int { Limits.measuredStructures + reserved }

    private struct State {
        var names = ["none", "other"]
        var numbers: [String: Int] = [:]
    }

    private let state = Mutex(State())

    /// By number.
    var names: [String] { state.withLock { $0.names } }

    /// The number of a structure; a new one, or that of the others where there are too many.
    func number(of structure: String?) -> Int {
        guard let structure else { return Self.none }
        return state.withLock { state in
            if let number = state.numbers[structure] { return number }
            guard state.names.count < Self.places else { return Self.other }
            state.numbers[structure] = state.names.count
            state.names.append(structure)
            return state.names.count - 1
        }
    }
}
