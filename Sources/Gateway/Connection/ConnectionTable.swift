/// Every open connection of a worker, so that it can drain, cut and count them.
///
/// Insertion and removal take constant time: a connection knows its own place.
struct ConnectionTable {
    private(set) var all: [Connection] = []

    var count: Int { all.count }

    mutating func insert(_ connection: Connection) {
        connection.tableIndex = all.count
        all.append(connection)
    }

    mutating func remove(_ connection: Connection) {
        let index = connection.tableIndex
        guard all.indices.contains(index), all[index] === connection else { return }
        let last = all.removeLast()
        if last !== connection {
            all[index] = last
            last.tableIndex = index
        }
        connection.tableIndex = -1
    }
}
