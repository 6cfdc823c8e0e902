/// How many things each of a limit's subjects may have in hand at once, and how many they have, of the whole process.
final class CountLimit: Sendable {
    let limit: Int
    let subject: LimitSubject
    private let table: CountTable

    init(_ limit: Int, by subject: LimitSubject, table: CountTable) {
        self.limit = limit
        self.subject = subject
        self.table = table
    }

    /// One thing in hand; given back by `end`, once.
    struct Hold {
        let key: UInt64
        fileprivate let table: CountTable

        /// It is over.
        func end() {
            table.leave(key)
        }
    }

    /// Whether one more could be taken in hand now; another may take it first.
    func hasRoom(_ key: UInt64) -> Bool {
        table.count(key) < limit
    }

    /// Takes one more in hand; nil when there are as many as may be.
    func begin(_ key: UInt64) -> Hold? {
        table.enter(key, limit: limit) ? Hold(key: key, table: table) : nil
    }
}
