internal import DER

/// The steps at which a warning is due: so many days left, or none.
enum ExpiryStep: Int, Sendable, CaseIterable {
    case expired = 0
    case oneDay = 1
    case sevenDays = 7
    case fifteenDays = 15
    case thirtyDays = 30
    case sixtyDays = 60

    /// The step that a thing has reached at a moment; nil while its end is far.
    ///
    /// A step that is more than a fifth of the thing's validity is none for it: what is renewed every month would be
    /// warned about all the time.
    init?(of thing: ExpiringThing, at moment: Timestamp) {
        let left = thing.ends.seconds(since: moment)
        let reached = Self.allCases.first { step in
            step == .expired ? left < 0 : left <= step.seconds && step.seconds <= thing.fifth
        }
        guard let reached else { return nil }
        self = reached
    }

    /// Seconds left when it is reached.
    var seconds: Int64 { Int64(rawValue) * ExpiryLevel.day }
}

/// The warnings that have been given: each once for each thing and step.
struct ExpiryWarnings: Sendable {
    /// What was said of one thing.
    struct Given: Hashable, Sendable {
        var step: ExpiryStep
        /// When it was to end by what was known then.
        var ends: Timestamp
    }

    private(set) var given: [String: Given] = [:]

    init(_ given: [String: Given] = [:]) {
        self.given = given
    }

    /// Names a thing in what was given.
    static func name(of thing: ExpiringThing) -> String { "\(thing.kind.rawValue) \(thing.owner) \(thing.key)" }

    /// The things of a list of which a warning is due now, at most `limit`: the others are due still.
    ///
    /// What is not on the list any more is forgotten, and so is what was said of an earlier end of the same thing.
    mutating func due(of list: ExpiryList, limit: Int) -> (due: [(ExpiringThing, ExpiryStep)], hasChanged: Bool) {
        var due: [(ExpiringThing, ExpiryStep)] = []
        var next: [String: Given] = [:]
        for thing in list.things {
            let name = Self.name(of: thing)
            var known = given[name]
            if known?.ends != thing.ends { known = nil }
            let step = ExpiryStep(of: thing, at: list.moment)
            if let said = known?.step, (step?.rawValue ?? .max) >= said.rawValue {
                // A clock that was set back has to go well back before the same is said again.
                let isFarBack = thing.ends.seconds(since: list.moment) > said.seconds + ExpiryLevel.day
                next[name] = isFarBack ? step.map { Given(step: $0, ends: thing.ends) } : known
            } else if let step {
                guard due.count < limit else {
                    next[name] = known
                    continue
                }
                next[name] = Given(step: step, ends: thing.ends)
                due.append((thing, step))
            }
        }
        let hasChanged = next != given
        given = next
        return (due, hasChanged)
    }
}
