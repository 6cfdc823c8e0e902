/// How far a name is from another: insertions, deletions, substitutions, and swaps of neighbours.
enum EditDistance {
    /// Steps from one text to the other, letter case apart; `nil` when either is too long to be compared.
    static func between(_ first: String, _ second: String) -> Int? {
        let first = Array(first.lowercased().unicodeScalars)
        let second = Array(second.lowercased().unicodeScalars)
        guard first.count <= Limits.nameSize, second.count <= Limits.nameSize else { return nil }
        // Three rows of the table are enough: a swap looks two rows back.
        var before: [Int] = []
        var previous = Array(0...second.count)
        for row in first.indices {
            var current = [row + 1]
            for column in second.indices {
                let isSame = first[row] == second[column]
                var best = min(previous[column] + (isSame ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = previous
            previous = current
        }
        return previous[second.count]
    }

    /// The candidate that was probably meant: at most a third of the letters away, and the first of the nearest; or
    /// the one whose beginning was written.
    static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        var nearest: (name: String, distance: Int)?
        for candidate in candidates {
            guard let distance = between(name, candidate) else { continue }
            let allowed = max(1, max(name.unicodeScalars.count, candidate.unicodeScalars.count) / 3)
            // A name of which nothing remains was not meant.
            guard distance <= allowed, distance < min(name.unicodeScalars.count, candidate.unicodeScalars.count),
                distance < nearest?.distance ?? .max
            else { continue }
            nearest = (candidate, distance)
        }
        if let nearest { return nearest.name }
        return name.utf8.count < 3 ? nil : candidates.first { $0.lowercased().hasPrefix(name.lowercased()) }
    }
}
