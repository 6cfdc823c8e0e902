internal import HTTP

/// The families of field names by which some proxy somewhere hands over a caller's identity.
///
/// A field of any of them that a caller sends is removed, on every listener and from trailers too, whether or not the
/// gateway writes that family: an upstream may well read one that the gateway does not write.
enum IdentityFamilies {
    /// Whole names.
    private static let names = [
        "Client-Cert", "Client-Cert-Chain",  // RFC 9440
        "X-Client-DN", "X-Client-Verify", "X-ARR-ClientCert",
        "X-Remote-User", "Remote-User", "X-Forwarded-User",
    ]

    /// Beginnings of names.
    private static let prefixes = [
        "X-IGC-Sante-",  // our own
        "X-Poterne-", "Poterne-",
        "X-Client-Cert", "X-ClientCert",
        "X-Forwarded-Client-Cert",  // Envoy
        "X-Forwarded-Tls-Client-Cert",  // Traefik
        "X-Amzn-Mtls-",  // AWS ALB
        "X-SSL-",  // recipes for nginx and HAProxy
        "SSL-Client-", "SSL-Server-",  // Apache's mod_ssl, and the ANS API gateway
    ]

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
