/// The families of field names by which some proxy somewhere hands over a caller's identity.
///
/// A configuration may not edit them, and the gateway removes what a caller sends of any of them, on every listener and
/// from trailers too, whether or not it writes that family: an upstream may well read one that the gateway does not
/// write. Names are compared with case folded and `_`, `.` and `-` taken as one character.
public enum IdentityFamilies {
    /// Whole names.
    public static let names = [
        "Client-Cert", "Client-Cert-Chain",  // RFC 9440
        "X-Client-DN", "X-Client-Verify", "X-ARR-ClientCert",
        "X-Remote-User", "Remote-User", "X-Forwarded-User",
    ]

    /// Beginnings of names.
    public static let prefixes = [
        "X-IGC-Sante-",  // our own
        "X-Poterne-", "Poterne-",
        "X-Client-Cert", "X-ClientCert",
        "X-Forwarded-Client-Cert",  // Envoy
        "X-Forwarded-Tls-Client-Cert",  // Traefik
        "X-Amzn-Mtls-",  // AWS ALB
        "X-SSL-",  // recipes for nginx and HAProxy
        "SSL-Client-", "SSL-Server-",  // Apache's mod_ssl, and the ANS API gateway
    ]
}
