internal import Configuration
internal import HTTP

extension IdentityFamilies {
    /// Names by which a proxy says where a request came from and what it asked for: only this gateway's own word counts.
    ///
    /// Compared like the families, since `X_Forwarded_For` is `X-Forwarded-For` to the same upstreams. The last three turn
    /// a path that a route admitted into another (Symfony, IIS), or a request into a proxy's setting (CVE-2016-5385).
    static let hearsay = FoldedNames(
        names: [
            "Forwarded", "X-Real-IP", "X-Request-Id", "traceparent", "X-Original-URL", "X-Rewrite-URL", "Proxy",
        ], prefixes: ["X-Forwarded-"])

    /// The families, and the names of this configuration's own identity headers.
    static func all(with custom: [String]) -> FoldedNames {
        FoldedNames(names: names + custom, prefixes: prefixes)
    }
}
