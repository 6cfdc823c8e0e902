internal import Configuration

/// What a reload can and cannot change.
enum Reloading {
    /// The differences that only a restart brings into force, in words.
    static func ignoredChanges(from old: GatewayConfiguration, to new: GatewayConfiguration) -> [String] {
        var changes: [String] = []
        if old.workers != new.workers { changes.append("workers") }
        if old.user != new.user { changes.append("user") }
        if old.stateDirectory.path != new.stateDirectory.path { changes.append("state_directory") }
        if old.hardening != new.hardening { changes.append("hardening") }
        if old.admin?.address != new.admin?.address || old.admin?.hosts != new.admin?.hosts { changes.append("admin") }
        if !old.logging.isSame(as: new.logging) { changes.append("logging") }
        for listener in old.listeners {
            guard let other = new.listeners.first(where: { $0.name == listener.name }) else {
                changes.append("listener \(listener.name) was removed and goes on")
                continue
            }
            if other.address != listener.address { changes.append("address of listener \(listener.name)") }
        }
        for listener in new.listeners where !old.listeners.contains(where: { $0.name == listener.name }) {
            changes.append("listener \(listener.name) is new")
        }
        return changes
    }
}

extension LoggingConfiguration {
    /// Whether it says the same, wherever in the file it says it.
    fileprivate func isSame(as other: LoggingConfiguration) -> Bool {
        level == other.level && destination?.place == other.destination?.place && facility == other.facility
            && identifier == other.identifier && access.format == other.access.format
            && access.destination.place == other.access.destination.place
            && audit.destination.place == other.audit.destination.place && audit.isChained == other.audit.isChained
            && audit.maxRate == other.audit.maxRate
    }
}

extension LoggingConfiguration.Destination {
    /// Tells it from all others.
    fileprivate var place: String {
        switch self {
        case .standardOutput: "-"
        case .file(let file): "file \(file.path)"
        case .syslog(let path): "syslog \(path)"
        case .journal(let path): "journal \(path)"
        }
    }
}
