internal import HTTP

/// Finds the route of a request: exact host, then wildcard, then any; within one host the longest path prefix.
///
/// Hosts are compared lower-cased and without port, paths after RFC 3986 §6.2.2 normalisation, so that no other
/// spelling of a path steps round the rule that governs it.
struct Router: Sendable {
    /// What routing came to.
    enum Match {
        case found(Route)
        case methodNotAllowed(allowed: [UInt8])
        case notFound
    }

    private struct HostRoutes: Sendable {
        let pattern: HostPattern
        var routes: [Route]
    }

    private let hosts: [HostRoutes]
    /// Every route, in the order of the configuration.
    let all: [Route]

    /// Whether any route takes some methods only.
    let restrictsMethods: Bool

    /// Orders `routes` so that the first that matches is the one that governs.
    init(_ routes: [Route]) {
        restrictsMethods = routes.contains { !$0.methods.isEmpty }
        all = routes
        var hosts: [HostRoutes] = []
        for route in routes {
            if let index = hosts.firstIndex(where: { $0.pattern == route.host }) {
                hosts[index].routes.append(route)
            } else {
                hosts.append(HostRoutes(pattern: route.host, routes: [route]))
            }
        }
        for index in hosts.indices {
            // Stable: of two routes with one path the one written first comes first.
            let ordered = hosts[index].routes.enumerated().sorted { left, right in
                (right.element.path.count, left.offset) < (left.element.path.count, right.offset)
            }
            hosts[index].routes = ordered.map(\.element)
        }
        self.hosts = hosts.sorted { $0.pattern.precedes($1.pattern) }
    }

    /// The route for a request to `host` (lower-cased, no port) and the normalised `path`.
    func match(host: Span<UInt8>, path: Span<UInt8>, method: Span<UInt8>) -> Match {
        for index in hosts.indices where hosts[index].pattern.matches(host) {
            guard let governing = hosts[index].routes.first(where: { $0.governs(path) }) else { continue }
            // The most specific host and path decide: a method they do not take must not fall to a wider route, whose
            // rules may be looser.
            var allowed: [[UInt8]] = []
            for route in hosts[index].routes where route.path == governing.path {
                if route.takes(method) { return .found(route) }
                for other in route.methods where !allowed.contains(other) { allowed.append(other) }
            }
            // RFC 9110 §15.5.6: the methods of the resource, on whichever of its routes.
            return .methodNotAllowed(allowed: Array(allowed.joined(separator: Array(", ".utf8))))
        }
        return .notFound
    }
}

/// The host a route is for.
enum HostPattern: Hashable, Sendable {
    case exact([UInt8])
    /// `*.example.fr`, kept as `.example.fr`: one label or more before it.
    case wildcard(suffix: [UInt8])
    case any

    /// Reads `api.example.fr`, `*.example.fr`, or nothing.
    init(_ text: String?) {
        guard let text, text != "*" else {
            self = .any
            return
        }
        let bytes = Array(text.lowercased().utf8)
        self = text.hasPrefix("*.") ? .wildcard(suffix: Array(bytes.dropFirst())) : .exact(bytes)
    }

    func matches(_ host: Span<UInt8>) -> Bool {
        switch self {
        case .exact(let name):
            host.count == name.count && Self.ends(host, with: name)
        case .wildcard(let suffix):
            host.count > suffix.count && Self.ends(host, with: suffix)
        case .any:
            true
        }
    }

    /// The more specific comes first.
    func precedes(_ other: HostPattern) -> Bool {
        switch (self, other) {
        case (.exact, .wildcard), (.exact, .any), (.wildcard, .any): true
        case (.wildcard(let mine), .wildcard(let theirs)): mine.count > theirs.count
        default: false
        }
    }

    private static func ends(_ host: Span<UInt8>, with suffix: [UInt8]) -> Bool {
        let offset = host.count - suffix.count
        for index in suffix.indices where host[offset + index] != suffix[index] {
            return false
        }
        return true
    }
}
