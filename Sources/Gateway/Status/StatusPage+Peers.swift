internal import DER
internal import Observability

// Who is at either end.

extension StatusPage {
    mutating func appendConnections() {
        let connections = status.connections
        begin("connections", t("Connections", "Connexions"))
        var rows: [[Cell]] = connections.busiest.map { structure in
            [
                structure.entry.name.map { .pair(.foreign($0), .foreign(structure.identifier)) }
                    ?? .foreign(structure.identifier),
                .number(t.count(structure.entry.open)),
            ]
        }
        let listed = connections.busiest.reduce(0) { $0 + $1.entry.open }
        let all = connections.structures.entries.values.reduce(0) { $0 + $1.open }
        let others = all - listed + connections.structures.others
        if others > 0 { rows.append([.text(t("other structures", "autres structures")), .number(t.count(others))]) }
        if connections.structures.unnamed > 0 {
            rows.append([
                .text(t("without a structure", "sans structure")), .number(t.count(connections.structures.unnamed)),
            ])
        }
        if rows.isEmpty {
            nothing(t("No caller is connected.", "Aucun appelant n’est connecté."))
        } else {
            page.append(
                StatusTable(
                    caption: t("by structure", "par structure"),
                    columns: [.init("structure"), .init(t("open", "ouvertes"), isNumber: true)], rows: rows,
                    isNarrow: true))
        }
        page.append(
            StatusTable(
                caption: t("by listener", "par point d’écoute"),
                columns: [
                    .init(t("listener", "point d’écoute")), .init(t("open", "ouvertes"), isNumber: true),
                ],
                rows: connections.listeners.map { [.foreign($0.name), .number(t.count($0.open))] }, isNarrow: true))
        end()
    }

    mutating func appendUpstreams() {
        begin("upstreams", t("Upstreams", "Serveurs en amont"))
        if status.upstreams.isEmpty {
            nothing(t("None is configured.", "Aucun n’est configuré."))
        } else {
            let servers = status.upstreams.flatMap { upstream in upstream.servers.map { (upstream, $0) } }
            page.append(
                StatusTable(
                    caption: t("and their servers", "et leurs serveurs"),
                    columns: [
                        .init(t("server", "serveur")), .init(t("upstream", "amont")), .init(t("state", "état")),
                        .init(t("open", "ouvertes"), isNumber: true), .init(t("in hand", "en cours"), isNumber: true),
                        .init(t("waiting", "en attente"), isNumber: true),
                    ],
                    rows: servers.prefix(Limits.shownServers).map { upstream, server in
                        let state = self.state(of: server, isOnly: upstream.servers.allSatisfy { $0.state == .out })
                        return [
                            .foreign(server.name), .foreign(upstream.name),
                            server.trouble.map { .pair(state, .foreign($0)) } ?? state,
                            .number(t.count(server.openConnections)), .number(t.count(server.load)),
                            .number(t.count(upstream.waiting)),
                        ]
                    }, hidesCaption: true))
        }
        end()
    }

    private func state(of server: GatewayStatus.Server, isOnly: Bool) -> Cell {
        switch server.state {
        case .serving: .state(.well, t("serving", "en service"))
        case .partly: .state(.warning, t("serving in part", "en service partiel"))
        case .ejected: .state(.warning, t("left alone for a while", "mis à l’écart"))
        case .out: .state(isOnly ? .critical : .warning, t("fails its checks", "échoue aux contrôles"))
        }
    }

    mutating func appendRefusals() {
        begin("refusals", t("Last refusals", "Derniers refus"))
        if status.refusals.isEmpty {
            nothing(t("None since the start.", "Aucun depuis le démarrage."))
        } else {
            page.append(
                StatusTable(
                    caption: t(
                        "the newest first; docs/refusals.md explains each code",
                        "du plus récent au plus ancien\u{A0}; docs/refusals.md explique chaque code"),
                    columns: [
                        .init(t("reason", "motif")), .init(t("caller", "appelant")), .init(t("from", "adresse")),
                        .init(t("what", "étape")), .init(t("last time", "dernière fois")),
                        .init(t("times", "fois"), isNumber: true),
                    ],
                    rows: status.refusals.map(row(of:))))
        }
        end()
    }

    private func row(of entry: RecentRefusals.Entry) -> [Cell] {
        let event = entry.event
        let caller: Cell
        if let subject = event.subject {
            let serial = event.serial.map { t("serial \($0)", "n° \($0)") }
            caller = .pair(.foreign(event.clientName ?? Self.name(of: subject)), .foreign(serial ?? ""))
        } else {
            caller = .text(t("no certificate", "sans certificat"))
        }
        let place = event.route.map { t("route \($0)", "route \($0)") } ?? event.listener ?? ""
        let time = Timestamp(secondsSinceEpoch: entry.time.seconds)
        return [
            cell(of: event.reason ?? "other"), caller,
            .foreign(String(RecentRefusals.Entry.host(of: event.address))),
            .pair(.text(words(for: event.decision)), .foreign(place)),
            .moment(time, t.ago(status.moment.seconds(since: time))), .number(t.count(entry.count)),
        ]
    }

    private func words(for decision: AuditEvent.Decision) -> String {
        switch decision {
        case .handshakeRefused: t("handshake refused", "négociation refusée")
        case .requestRefused: t("request refused", "requête refusée")
        case .connectionRefused: t("connection refused", "connexion refusée")
        case .cut: t("connection cut", "connexion coupée")
        case .admitted: t("admitted", "admis")
        case .omitted: t("left out of the log", "omis du journal")
        }
    }

    // MARK: The process

    mutating func appendProcess() {
        begin("process", t("This process", "Ce processus"))
        let uptime = t.duration(status.moment.seconds(since: status.process.started))
        var rows: [[Cell]] = [
            [.text("version"), .foreign(status.process.version)],
            [.text(t("process", "processus")), .text("\(status.process.number)")],
            [
                .text(t("running for", "en marche depuis")),
                .pair(.text(uptime), .moment(status.process.started, t.date(status.process.started))),
            ],
            [
                .text("configuration"),
                .pair(
                    .text(t("number \(status.epoch.number)", "numéro \(status.epoch.number)")),
                    .moment(status.epoch.since, t.date(status.epoch.since))),
            ],
            [.text(t("last reload", "dernier rechargement")), reload],
        ]
        let lag = status.workers.map(\.lag).max() ?? .zero
        rows.append([
            .text(t("workers", "fils de travail")),
            .pair(
                .text(t.count(status.workers.count)),
                .text(
                    t(
                        "latest by \(t.decimal(lag.fractionalSeconds * 1000)) ms",
                        "retard \(t.decimal(lag.fractionalSeconds * 1000)) ms"))),
        ])
        for list in status.enrolments {
            rows.append([
                .text(t("enrolment list", "liste d’enrôlement")),
                .pair(
                    .state(
                        list.isStale ? .warning : .well,
                        t("\(t.count(list.callers)) callers", "\(t.count(list.callers)) appelants")),
                    .foreign(list.file)),
            ])
        }
        for issuer in status.tokenIssuers {
            rows.append([
                .text(t("token issuer", "émetteur de jetons")),
                .pair(
                    .state(issuer.keys > 0 ? .well : .critical, t("\(issuer.keys) keys", "\(issuer.keys) clés")),
                    .foreign(issuer.name)),
            ])
        }
        page.append(
            StatusTable(
                caption: t("and what it serves by", "et ce d’après quoi il sert"),
                columns: [.init(t("what", "quoi")), .init(t("value", "valeur"))], rows: rows, hidesCaption: true,
                isNarrow: true))
        end()
    }

    private var reload: Cell {
        guard let last = status.lastReload else { return .text(t("none", "aucun")) }
        let when = Cell.moment(last.moment, t.date(last.moment))
        return last.outcome.isTaken
            ? .pair(.state(.well, t("taken", "pris")), when) : .pair(.state(.warning, t("refused", "refusé")), when)
    }
}
