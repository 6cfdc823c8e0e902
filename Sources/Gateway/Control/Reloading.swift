internal import Configuration

/// What a reload can and cannot change.
enum Reloading {
    /// The differences that only a restart brings into force, in words.
    static func ignoredChanges(from old: GatewayConfiguration, to new: GatewayConfiguration) -> [String] {
        var changes: [String] = []
        if old.workers != new.workers { changes.append("workers") }
        if old.user != new.user { changes.append("user") }
        if old.admin != new.admin { changes.append("admin") }
        if old.logging != new.logging { changes.append("logging") }
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
