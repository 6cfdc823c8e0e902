internal import Configuration

/// Whether routes govern what their author is likely to think they do.
struct RouteCheck {
    let record: CheckRecord
    let listener: ListenerConfiguration

    /// Warns where `/x/` stands beside a wider route: `/x`, without the slash, is the other one's, whose rules may be looser.
    func check() {
        for route in listener.routes where route.path != "/" && route.path.hasSuffix("/") {
            let bare = String(route.path.dropLast())
            let sameHost = listener.routes.filter { $0.host == route.host }
            guard
                let other = sameHost.filter({ Self.governs($0.path, bare) }).max(by: { $0.path.count < $1.path.count }),
                other.path != bare
            else { continue }
            record.warning(
                route.location,
                "the path \"\(route.path)\" does not govern \"\(bare)\", which goes to \"\(other.path)\" at line \(other.location.line)",
                mend: "Write the path without its last slash, if \"\(bare)\" is meant too.")
        }
    }

    private static func governs(_ prefix: String, _ path: String) -> Bool {
        guard path.hasPrefix(prefix) else { return false }
        return path.count == prefix.count || prefix.hasSuffix("/") || path.dropFirst(prefix.count).hasPrefix("/")
    }
}
