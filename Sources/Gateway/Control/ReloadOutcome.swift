/// What a reload came to.
enum ReloadOutcome: Equatable, Sendable {
    /// A new epoch is in force; what only a restart changes is named.
    case taken(epoch: UInt64, notChanged: [String])
    /// Nothing has changed, because of this.
    case refused(String)

    /// For who asked, in words.
    var text: String {
        switch self {
        case .taken(let epoch, []): "reloaded: epoch \(epoch) is in force"
        case .taken(let epoch, let changes):
            (["reloaded: epoch \(epoch) is in force"] + changes.map { "not changed by a reload: \($0)" })
                .joined(separator: "\n")
        case .refused(let reason): "reload refused, the configuration in force stays\n\(reason)"
        }
    }

    /// Whether a new epoch is in force.
    var isTaken: Bool {
        if case .taken = self { true } else { false }
    }
}

/// Who wanted a reload.
enum ReloadCause: CustomStringConvertible {
    case signal(from: Int32)
    case command
    case files([String])

    /// For the log.
    var description: String {
        switch self {
        case .signal(let sender): "SIGHUP from \(sender)"
        case .command: "poterne reload"
        case .files(let paths): "changed: " + paths.joined(separator: ", ")
        }
    }
}
