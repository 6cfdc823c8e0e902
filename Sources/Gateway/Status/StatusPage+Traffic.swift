internal import Observability

// What goes through.

extension StatusPage {
    mutating func appendFigures() {
        let traffic = status.traffic
        let handshakes = status.counts
        page.markup("<section class=\"figures\" aria-labelledby=\"figures\"><h2 id=\"figures\">")
        page.element("", t("The last minute", "La dernière minute"), "</h2><div class=\"tiles\"><dl>")
        tile(t("requests/s", "requêtes/s"), t.decimal(traffic.requestsPerSecond))
        tile(t("callers connected", "appelants connectés"), t.count(status.connections.callers))
        tile(t("handshakes/s", "négociations/s"), t.decimal(traffic.handshakesPerSecond))
        tile(t("refused/s", "refus/s"), t.decimal(traffic.refusedPerSecond))
        tile(t("server errors", "erreurs serveur"), t.percent(traffic.errors, of: traffic.requests))
        tile(
            t("sessions resumed", "sessions reprises"),
            t.percent(handshakes.resumed.value, of: handshakes.full.value &+ handshakes.resumed.value))
        tile(
            t("verified from memory", "vérifiés en mémoire"),
            t.percent(status.cache.hits, of: status.cache.hits &+ status.cache.misses))
        page.markup("</dl>")
        appendCurve(traffic.series)
        page.markup("</div></section>")
    }

    private mutating func tile(_ name: String, _ value: String) {
        page.element("<div><dt>", name, "</dt>")
        page.element("<dd>", value, "</dd></div>")
    }

    /// Requests of each second of the last minute.
    private mutating func appendCurve(_ series: [UInt64]) {
        let most = series.max() ?? 0
        page.markup(
            "<figure><svg class=\"curve\" viewBox=\"0 0 600 80\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\""
        )
        page.text(t("Requests per second over the last minute", "Requêtes par seconde sur la dernière minute"))
        page.markup("\"><path d=\"M0 79.5H600\"/><path class=\"area\" d=\"")
        // Right-aligned: the present second is always at the same place.
        let offset = Limits.trafficSamples - series.count
        for (index, count) in series.enumerated() where count > 0 && most > 0 {
            let height = max(1, Int(Double(count) / Double(most) * 76))
            page.text("M\((offset + index) * 10 + 1) 80V\(80 - height)h8V80z")
        }
        page.markup("\"/></svg><figcaption>")
        page.text(
            t("requests each second; at most \(t.count(most))", "requêtes chaque seconde ; au plus \(t.count(most))"))
        page.markup("</figcaption></figure>")
    }

    mutating func appendHandshakes() {
        let handshakes = status.counts
        let refused = handshakes.refusals.total
        let all = handshakes.full.value &+ handshakes.resumed.value &+ refused
        var rows: [[Cell]] = [
            row(.state(.well, t("full", "complètes")), handshakes.full.value, of: all),
            row(.state(.well, t("resumed", "reprises")), handshakes.resumed.value, of: all),
            row(
                .state(refused == 0 ? .well : .idle, t("refused or broken off", "refusées ou rompues")), refused,
                of: all),
        ]
        for (reason, count) in handshakes.refusals.ranked.prefix(Limits.shownReasons) {
            rows.append(row(cell(of: reason), count, of: all))
        }
        begin("handshakes", t("Handshakes", "Négociations TLS"))
        page.append(
            StatusTable(
                caption: t("since the start, by result", "depuis le démarrage, par résultat"),
                columns: [
                    .init(t("result", "résultat")), .init(t("number", "nombre"), isNumber: true),
                    .init(t("share", "part"), isNumber: true),
                ], rows: rows, isNarrow: true))
        end()
    }

    private func row(_ name: Cell, _ count: UInt64, of all: UInt64) -> [Cell] {
        [name, .number(t.count(count)), .number(t.percent(count, of: all))]
    }

    /// A reason: in words where there are some, and its code.
    func cell(of reason: String) -> Cell {
        guard let words = ReasonWords.words(for: reason, in: t) else { return .code(reason) }
        return .pair(.text(words), .code(reason))
    }

    mutating func appendLimits() {
        let counts = status.counts
        var rows: [[Cell]] = []
        func add(_ table: ReasonTable, _ what: String) {
            for (reason, count) in table.ranked.prefix(Limits.shownReasons) {
                rows.append([cell(of: reason), .text(what), .number(t.count(count))])
            }
        }
        add(counts.cuts, t("connections cut", "connexions coupées"))
        add(counts.limited, t("turned away by a limit", "écartés par une limite"))
        add(counts.requestsRefused, t("requests refused", "requêtes refusées"))
        func add(_ count: UInt64, _ name: String, _ what: String) {
            if count > 0 { rows.append([.text(name), .text(what), .number(t.count(count))]) }
        }
        add(
            counts.acceptsPutOff.value, t("no descriptor or memory left", "plus de descripteur ni de mémoire"),
            t("accepting put off", "acceptations différées"))
        add(status.logs.droppedLines, t("log lines", "lignes de journal"), t("lost", "perdues"))
        add(status.logs.failures, t("writes to a log", "écritures de journal"), t("failed", "échouées"))
        add(
            counts.auditOmissions.value, t("audit events beyond max_rate", "événements d’audit au-delà de max_rate"),
            t("left out", "omis"))
        begin("limits", t("Turned away and lost", "Écarté et perdu"))
        if rows.isEmpty {
            nothing(t("Nothing since the start.", "Rien depuis le démarrage."))
        } else {
            page.append(
                StatusTable(
                    caption: t("since the start", "depuis le démarrage"),
                    columns: [
                        .init(t("reason", "motif")), .init(t("what", "quoi")),
                        .init(t("number", "nombre"), isNumber: true),
                    ], rows: rows, isNarrow: true))
        }
        end()
    }

    // MARK: Sections

    mutating func begin(_ identifier: StaticString, _ title: String) {
        page.markup("<section aria-labelledby=\"")
        page.markup(identifier)
        page.markup("\"><h2 id=\"")
        page.markup(identifier)
        page.element("\">", title, "</h2>")
    }

    mutating func end() {
        page.markup("</section>")
    }

    mutating func nothing(_ words: String) {
        page.element("<p class=\"nothing\">", words, "</p>")
    }
}
