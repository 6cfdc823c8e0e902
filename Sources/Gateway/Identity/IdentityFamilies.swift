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

    /// The families, and the names of this configuration's own identity headers.
    static func all(with custom: [String]) -> FoldedNames {
        FoldedNames(names: names + custom, prefixes: prefixes)
    }
}
