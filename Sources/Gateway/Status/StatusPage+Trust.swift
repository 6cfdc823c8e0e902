internal import DER

// What trust rests on, and how long yet.

extension StatusPage {
    mutating func appendLists() {
        begin("crls", t("Revocation lists", "Listes de révocation"))
        if status.lists.isEmpty {
            nothing(t("Revocation is not checked.", "La révocation n’est pas vérifiée."))
        } else {
            page.append(
                StatusTable(
                    caption: t("the CRLs that decide", "les CRL qui décident"),
                    columns: [
                        .init(t("CA", "AC")), .init(t("state", "état")), .init(t("issued", "émise")),
                        .init(t("valid until", "valable jusqu’au")), .init(t("number", "numéro"), isNumber: true),
                        .init(t("revoked", "révoqués"), isNumber: true),
                        .init(t("last fetch", "dernier téléchargement")),
                    ], rows: status.lists.map(row(of:)), hidesCaption: true))
        }
        end()
    }

    private func row(of list: GatewayStatus.List) -> [Cell] {
        let name = Cell.pair(.foreign(list.name), .foreign(t("trust \(list.trust)", "confiance \(list.trust)")))
        let state: Cell =
            switch list.state {
            case .fresh: .state(.well, t("fresh", "à jour"))
            case .tolerated: .state(.warning, t("expired, in grace", "périmée, tolérée"))
            case .stale: .state(.critical, t("expired", "périmée"))
            case .missing: .state(.critical, t("missing", "absente"))
            }
        guard let facts = list.facts else {
            return [name, state, .nothing, .nothing, .nothing, .nothing, fetch(of: list)]
        }
        let left = facts.nextUpdate.seconds(since: status.moment)
        let number = "\(facts.number)"
        return [
            name, state,
            .moment(facts.thisUpdate, t.ago(status.moment.seconds(since: facts.thisUpdate))),
            .pair(
                .moment(facts.nextUpdate, t.date(facts.nextUpdate)),
                .text(left < 0 ? t("ended", "expirée") : t("\(t.duration(left)) left", "encore \(t.duration(left))"))),
            facts.deltaNumber.map { .pair(.number(number), .text("Δ \($0)")) } ?? .number(number),
            .number(t.count(facts.entries)), fetch(of: list),
        ]
    }

    private func fetch(of list: GatewayStatus.List) -> Cell {
        guard let fetch = list.fetch else { return .text(t("from files", "par fichiers")) }
        let when = Cell.moment(fetch.attempt, t.ago(status.moment.seconds(since: fetch.attempt)))
        guard let failure = fetch.failure else { return .pair(.state(.well, t("fetched", "téléchargée")), when) }
        return .pair(.state(.warning, t("failed", "échoué")), .foreign(failure))
    }

    mutating func appendExpiries() {
        begin("expiries", t("What has to be renewed", "Ce qu’il faudra renouveler"))
        let things = status.expiries.things.filter { $0.kind != .crl }
        let shown = things.prefix(Limits.shownExpiriesOfPage)
        page.append(
            StatusTable(
                caption: t(
                    "certificates, the soonest end first", "certificats, du plus proche de sa fin au plus lointain"),
                columns: [
                    .init(t("certificate", "certificat")), .init(t("of", "de")), .init(t("ends", "fin")),
                    .init(t("left", "reste")),
                ],
                rows: shown.map(row(of:))))
        if things.count > shown.count {
            nothing(
                t(
                    "\(things.count - shown.count) more, which end later, are in /status.json.",
                    "\(things.count - shown.count) autres, plus lointains, sont dans /status.json."))
        }
        end()
    }

    private func row(of thing: ExpiringThing) -> [Cell] {
        let kind: String =
            switch thing.kind {
            case .own: t("the gateway’s own", "de la passerelle")
            case .chain: t("CA sent along", "AC envoyée avec")
            case .anchor: t("trust anchor", "ancre de confiance")
            case .issuer: t("CA of callers", "AC des appelants")
            case .crl: "CRL"
            case .caller: t("a caller’s", "d’un appelant")
            }
        let mood: Mood =
            switch status.expiries.level(of: thing) {
            case .fine: .well
            case .soon: .warning
            case .expired: .critical
            }
        let whole = max(1, thing.ends.seconds(since: thing.begins))
        let percent = max(0, thing.ends.seconds(since: status.moment)) * 100 / whole
        return [
            .pair(.foreign(Self.name(of: thing.subject)), .text(kind)),
            .foreign(thing.structure.map { "structure \($0)" } ?? Self.owner(thing.owner, in: t)),
            .moment(thing.ends, t.date(thing.ends)),
            .left(mood, t.days(status.expiries.daysLeft(of: thing)), percent: Int(clamping: percent)),
        ]
    }

    /// What of the configuration something belongs to.
    private static func owner(_ owner: String, in t: Language) -> String {
        guard t == .french else { return owner }
        for (word, french) in [("listener ", "point d’écoute "), ("upstream ", "amont "), ("trust ", "confiance ")]
        where owner.hasPrefix(word) {
            return french + owner.dropFirst(word.count)
        }
        return owner
    }

    /// The common name of a subject as RFC 2253 writes it, or all of it.
    static func name(of subject: String) -> String {
        guard subject.hasPrefix("CN=") else { return subject }
        var name = ""
        var isEscaped = false
        for character in subject.dropFirst(3) {
            if character == ",", !isEscaped { break }
            isEscaped = character == "\\" && !isEscaped
            if !isEscaped { name.append(character) }
        }
        return name
    }
}
