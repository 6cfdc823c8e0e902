extension Concern {
    /// What is wrong, in one line.
    func title(in t: Language) -> String {
        switch self {
        case .draining:
            t(
                "This process is draining and takes no new connections.",
                "Ce processus s’arrête : il ne prend plus de connexions.")
        case .workerStalled(let worker):
            t(
                "Worker \(worker) does not answer: its callers are not served.",
                "Le processus de travail \(worker) ne répond plus : ses appelants ne sont pas servis.")
        case .listMissing(let list):
            t(
                "There is no CRL of \(list.name): its callers are refused.",
                "Aucune CRL de \(list.name) : ses appelants sont refusés.")
        case .listStale(let list):
            t(
                "The CRL of \(list.name) has expired: its callers are refused.",
                "La CRL de \(list.name) est périmée : ses appelants sont refusés.")
        case .listTolerated(let list):
            t(
                "The CRL of \(list.name) has expired and counts only for its grace.",
                "La CRL de \(list.name) est périmée et ne vaut plus que par tolérance.")
        case .fetchFailing(let list, let reason):
            t(
                "The CRL of \(list.name) cannot be fetched: \(reason).",
                "La CRL de \(list.name) n’a pas pu être téléchargée : \(reason).")
        case .keysMissing(let issuer):
            t(
                "No key of the token issuer \(issuer) is known: its tokens are refused.",
                "Aucune clé de l’émetteur de jetons \(issuer) n’est connue : ses jetons sont refusés.")
        case .upstreamOut(let upstream):
            t(
                "No server of the upstream \(upstream) is healthy: its requests get 503.",
                "Aucun serveur de l’amont \(upstream) n’est en état : ses requêtes reçoivent 503.")
        case .serverOut(let upstream, let server):
            switch server.state {
            case .partly, .serving:
                t(
                    "Some workers do not use \(server.name) of the upstream \(upstream).",
                    "Une partie des processus n’utilise pas \(server.name) de l’amont \(upstream).")
            case .ejected:
                t(
                    "\(server.name) of the upstream \(upstream) failed and is left alone for a while.",
                    "\(server.name) de l’amont \(upstream) a échoué et est laissé de côté un moment.")
            case .out:
                t(
                    "\(server.name) of the upstream \(upstream) fails its health checks.",
                    "\(server.name) de l’amont \(upstream) échoue à ses contrôles de santé.")
            }
        case .reloadRefused:
            t(
                "The last reload was refused; the configuration in force stays.",
                "Le dernier rechargement a été refusé ; la configuration en vigueur demeure.")
        case .ended(let thing):
            t("Expired: \(thing.words(in: t)).", "Expiré : \(thing.words(in: t)).")
        case .endsSoon(let thing, let days):
            t("\(Self.left(days, in: t)): \(thing.words(in: t)).", "\(Self.left(days, in: t)) : \(thing.words(in: t)).")
        case .callersEnd(let count, let days):
            t(
                "Certificates of callers end soon: \(count), the first in \(days) \(days == 1 ? "day" : "days").",
                "Des certificats d’appelants expirent bientôt : \(count), le premier dans \(days) \(days < 2 ? "jour" : "jours")."
            )
        case .enrolmentStale(let file):
            t(
                "The enrolment list \(file) cannot be read; the last good one is in force.",
                "La liste d’enrôlement \(file) est illisible ; la dernière bonne est en vigueur.")
        case .logsLost(let count):
            t(
                "Log lines were lost in the last minute: \(count).",
                "Des lignes de journal ont été perdues dans la dernière minute : \(count).")
        case .manyErrors(let errors, let requests):
            t(
                "\(errors) of the last minute’s \(requests) requests were answered with a server error.",
                "\(errors) des \(requests) requêtes de la dernière minute ont reçu une erreur de serveur.")
        }
    }

    /// What to do about it, in one line.
    func remedy(in t: Language) -> String {
        switch self {
        case .draining:
            t(
                "Nothing, if it was asked to stop; another process serves after an upgrade.",
                "Rien, si l’arrêt a été demandé ; après une mise à niveau, un autre processus sert.")
        case .workerStalled:
            t(
                "Look at the operator’s log; restart the service if it does not come back.",
                "Voir le journal de l’exploitant ; redémarrer le service s’il ne revient pas.")
        case .listMissing, .listStale, .listTolerated:
            t(
                "Run poterne crl fetch, or bring the file by hand: runbook “A CRL is missing or stale”.",
                "Lancer poterne crl fetch ou déposer le fichier à la main : fiche « A CRL is missing or stale ».")
        case .fetchFailing:
            t(
                "There is time until its nextUpdate: see whether the network or a web firewall stands between.",
                "Il reste du temps jusqu’au nextUpdate : voir si le réseau ou un pare-feu web s’interpose.")
        case .keysMissing:
            t(
                "See whether the issuer’s jwks can be reached, and what the operator’s log says.",
                "Vérifier que le jwks de l’émetteur est joignable et lire le journal de l’exploitant.")
        case .upstreamOut, .serverOut:
            t(
                "Look at the server itself, and at what stands between it and the gateway.",
                "Examiner le serveur lui-même et ce qui le sépare de la passerelle.")
        case .reloadRefused(let reason): reason
        case .ended(let thing) where thing.kind == .own, .endsSoon(let thing, _) where thing.kind == .own:
            t(
                "Order the new certificate and put it in place of the old: runbook “The gateway’s certificate is about to expire”.",
                "Commander le nouveau certificat et le mettre à la place de l’ancien ; il est pris sans arrêt.")
        case .endsSoon(let thing, _) where thing.kind == .crl:
            t(
                "The next one should be there by then: see whether it can be fetched.",
                "La suivante devrait être là d’ici là : vérifier qu’elle peut être téléchargée.")
        case .ended, .endsSoon:
            t(
                "Get the CA’s new certificate, and add it to the trust before the old one ends.",
                "Obtenir le nouveau certificat de l’AC et l’ajouter à la confiance avant la fin de l’ancien.")
        case .callersEnd:
            t(
                "Write to these structures: only they can renew them.",
                "Écrire à ces structures : elles seules peuvent les renouveler.")
        case .enrolmentStale:
            t("Run poterne check; it says which line.", "Lancer poterne check : il indique la ligne.")
        case .logsLost:
            t("See whether the disk is full or the pipe is read.", "Voir si le disque est plein ou si le tube est lu.")
        case .manyErrors:
            t("See which upstream, by the access log.", "Chercher l’amont en cause dans le journal d’accès.")
        }
    }

    private static func left(_ days: Int, in t: Language) -> String {
        switch days {
        case ..<1: t("Ends today", "Expire aujourd’hui")
        case 1: t("Ends tomorrow", "Expire demain")
        default: t("Ends in \(days) days", "Expire dans \(days) jours")
        }
    }
}

extension ExpiringThing {
    /// What it is and of whom.
    func words(in t: Language) -> String {
        switch kind {
        case .own: t("the certificate of \(owner)", "le certificat de \(owner)")
        case .chain: t("a CA certificate sent by \(owner)", "un certificat d’AC envoyé par \(owner)")
        case .anchor: t("a trust anchor of \(owner)", "une ancre de confiance de \(owner)")
        case .issuer: t("a CA of \(owner)", "une AC de \(owner)")
        case .crl: t("the CRL of \(subject)", "la CRL de \(subject)")
        case .caller: t("the certificate of \(subject)", "le certificat de \(subject)")
        }
    }
}
