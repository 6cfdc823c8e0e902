/// The codes of refusals in a few words, for those that an operator meets most; `docs/refusals.md` explains all of them.
enum ReasonWords {
    static func words(for code: String, in t: Language) -> String? {
        switch code {
        case "certificate_missing": t("no certificate was sent", "aucun certificat présenté")
        case "malformed_certificate": t("the certificate cannot be read", "certificat illisible")
        case "unknown_issuer": t("issued by no accepted CA", "émis par aucune AC acceptée")
        case "issuer_not_accepted": t("its CA may not issue callers here", "son AC n’est pas admise ici")
        case "issuer_not_ca": t("its issuer is no CA", "son émetteur n’est pas une AC")
        case "signature_invalid": t("a signature is wrong", "signature invalide")
        case "weak_signature": t("signed with a broken digest", "signé avec une empreinte cassée")
        case "weak_key": t("its key is too short", "clé trop courte")
        case "certificate_expired": t("the certificate has expired", "certificat expiré")
        case "certificate_not_yet_valid": t("the certificate is not valid yet", "certificat pas encore valide")
        case "certificate_revoked": t("the certificate is revoked", "certificat révoqué")
        case "revocation_unavailable": t("no CRL says whether it is revoked", "aucune CRL ne dit s’il est révoqué")
        case "crl_stale": t("the CRL has expired", "CRL périmée")
        case "kind_not_accepted": t("a kind of certificate that is not accepted", "genre de certificat non admis")
        case "environment_mismatch": t("test and production do not mix", "test et production ne se mêlent pas")
        case "profile_violation": t("the certificate breaks its profile", "certificat contraire à son profil")
        case "purpose_not_accepted": t("not for this purpose", "pas pour cet usage")
        case "structure_not_allowed": t("this structure may not call here", "structure non autorisée ici")
        case "name_not_allowed": t("this name may not call here", "nom non autorisé ici")
        case "caller_not_enrolled": t("the caller is not enrolled", "appelant non enrôlé")
        case "unsupported_algorithm": t("an algorithm that is not supported", "algorithme non pris en charge")
        case "issuer_expired": t("a CA of its path has expired", "une AC de son chemin a expiré")
        case "issuer_not_yet_valid":
            t("a CA of its path is not valid yet", "une AC de son chemin n’est pas encore valide")
        case "issuer_revoked": t("a CA of its path is revoked", "une AC de son chemin est révoquée")
        case "unknown_critical_extension": t("a critical extension is unknown", "extension critique inconnue")
        case "path_too_long": t("too many CAs in its path", "trop d’AC dans son chemin")
        case "name_constraint": t("a name outside what its CA may certify", "nom hors du domaine de son AC")
        case "policy_not_accepted": t("issued under no required policy", "émis sous aucune politique exigée")
        case "budget_exceeded": t("too costly to verify", "trop coûteux à vérifier")
        case "tls_protocol_error": t("no common TLS, or no TLS at all", "pas de TLS commun, ou pas de TLS")
        case "connection_lost": t("the caller went away", "l’appelant a coupé")
        case "ended_early": t("the caller left before the end", "l’appelant est parti avant la fin")
        case "handshake_timeout": t("the handshake took too long", "négociation trop lente")
        case "proxy_header": t("no proper PROXY header", "en-tête PROXY incorrect")
        case "route_not_found": t("no route for host and path", "aucune route pour l’hôte et le chemin")
        case "method_not_allowed": t("the route does not take the method", "méthode refusée par la route")
        case "misdirected_request": t("another host’s request", "requête pour un autre hôte")
        case "body_too_large": t("the body is too large", "corps trop grand")
        case "request_timeout", "too_slow": t("the caller is too slow", "appelant trop lent")
        case "overloaded": t("the gateway had too much in hand", "passerelle trop chargée")
        case "rate_limited": t("more requests than the route allows", "plus de requêtes que la route n’en admet")
        case "concurrency_limited": t("too many requests at once", "trop de requêtes à la fois")
        case "too_many_connections_of_address":
            t("too many connections of one address", "trop de connexions d’une adresse")
        case "too_many_connections_of_structure":
            t("too many connections of one structure", "trop de connexions d’une structure")
        case "alert_received_unknown_ca", "alert_received_bad_certificate", "alert_received_certificate_unknown":
            t("the caller does not trust the gateway’s certificate", "l’appelant ne fait pas confiance à la passerelle")
        case "upstream_no_server": t("no server of the upstream is left", "plus aucun serveur en amont")
        case "upstream_connect_error", "upstream_connect_timeout":
            t("the upstream cannot be reached", "amont injoignable")
        case "upstream_tls_error": t("TLS with the upstream failed", "échec de TLS avec l’amont")
        case "upstream_queue_full", "upstream_queue_timeout":
            t("no connection to the upstream was free", "aucune connexion libre vers l’amont")
        case "upstream_timeout": t("the upstream did not answer in time", "l’amont n’a pas répondu à temps")
        case "upstream_reset", "upstream_truncated":
            t("the upstream broke off", "l’amont a rompu")
        case "other": t("other reasons", "autres motifs")
        default: nil
        }
    }
}
