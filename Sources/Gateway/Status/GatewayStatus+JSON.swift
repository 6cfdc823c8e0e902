internal import DER
internal import Observability

extension GatewayStatus {
    /// The form of the document: grows when a member changes its meaning or goes, not when one comes.
    static var schemaVersion: Int { 1 }

    /// The document `/status.json`, as `docs/status.schema.json` describes it.
    var json: [UInt8] {
        JSONDocument { document in
            document.add("schema", Self.schemaVersion)
            document.add("time", moment.rfc3339)
            document.add("verdict", verdict.rawValue)
            document.objects("concerns", of: concerns) { object, concern in
                object.add("severity", concern.severity.rawValue)
                object.add("code", concern.code)
                object.add("message", concern.title(in: .english))
                object.add("remedy", concern.remedy(in: .english))
            }
            addGateway(to: &document)
            document.object("readiness") { object in
                object.add("ready", obstacles.isEmpty)
                object.texts("obstacles", obstacles)
            }
            document.objects("workers", of: workers) { object, worker in
                object.add("number", worker.number)
                object.add("connections", worker.connections)
                object.add("lag_seconds", decimal: worker.lag.fractionalSeconds)
                object.add("stalled", worker.isStalled)
            }
            addConnections(to: &document)
            addTraffic(to: &document)
            addHandshakes(to: &document)
            addLists(to: &document)
            addExpiries(to: &document)
            addUpstreams(to: &document)
            addRefusals(to: &document)
            addLimits(to: &document)
            document.objects("token_issuers", of: tokenIssuers) { object, issuer in
                object.add("name", issuer.name)
                object.add("keys", issuer.keys)
            }
            document.objects("enrolment_lists", of: enrolments) { object, list in
                object.add("file", list.file)
                object.add("callers", list.callers)
                object.add("stale", list.isStale)
            }
        }.bytes
    }

    private func addGateway(to document: inout JSONDocument) {
        document.object("gateway") { object in
            object.add("version", process.version)
            object.add("node", process.node)
            object.add("process", Int(process.number))
            object.add("started", process.started.rfc3339)
            object.add("uptime_seconds", Int(clamping: moment.seconds(since: process.started)))
            object.add("draining", isDraining)
            object.object("configuration") { epoch in
                epoch.add("epoch", count: self.epoch.number)
                epoch.add("since", self.epoch.since.rfc3339)
            }
            object.object("reloads") { counts in
                counts.add("taken", count: reloads.taken.value)
                counts.add("refused", count: reloads.refused.value)
                counts.add("upgrades_failed", count: reloads.failedUpgrades.value)
                counts.add("last_time", lastReload?.moment.rfc3339)
                switch lastReload?.outcome {
                case .taken(_, let notChanged)?:
                    counts.add("last_outcome", "taken")
                    counts.add("last_reason", nil as String?)
                    counts.texts("not_changed", notChanged)
                case .refused(let reason)?:
                    counts.add("last_outcome", "refused")
                    counts.add("last_reason", reason)
                    counts.texts("not_changed", [])
                case nil:
                    counts.add("last_outcome", nil as String?)
                    counts.add("last_reason", nil as String?)
                    counts.texts("not_changed", [])
                }
            }
        }
    }

    private func addConnections(to document: inout JSONDocument) {
        document.object("connections") { object in
            object.add("total", connections.total)
            object.add("callers", connections.callers)
            object.objects("listeners", of: connections.listeners) { entry, listener in
                entry.add("name", listener.name)
                entry.add("open", listener.open)
            }
            object.object("structures") { structures in
                let busiest = connections.busiest
                let shown = busiest.reduce(0) { $0 + $1.entry.open }
                let all = connections.structures.entries.values.reduce(0) { $0 + $1.open }
                structures.add("connected", connections.structures.entries.count)
                structures.objects("busiest", of: busiest) { entry, structure in
                    entry.add("structure", structure.identifier)
                    entry.add("name", structure.entry.name)
                    entry.add("open", structure.entry.open)
                }
                structures.add("others_open", all - shown + connections.structures.others)
                structures.add("unnamed_open", connections.structures.unnamed)
            }
        }
    }

    private func addTraffic(to document: inout JSONDocument) {
        document.object("traffic") { object in
            object.object("requests") { requests in
                let classes = counts.requests.map(\.value)
                requests.add("total", count: classes.reduce(0, &+))
                let names: [StaticString] = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"]
                for (name, count) in zip(names, classes) { requests.add(name, count: count) }
            }
            object.object("bytes") { bytes in
                bytes.add("received", count: counts.bytesReceived.value)
                bytes.add("sent", count: counts.bytesSent.value)
            }
            object.object("last_minute") { minute in
                minute.add("seconds", decimal: traffic.seconds)
                minute.add("requests_per_second", decimal: traffic.requestsPerSecond)
                minute.add("handshakes_per_second", decimal: traffic.handshakesPerSecond)
                minute.add("refused_per_second", decimal: traffic.refusedPerSecond)
                minute.add("requests", count: traffic.requests)
                minute.add("errors", count: traffic.errors)
                minute.numbers("series", traffic.series)
            }
        }
    }

    private func addHandshakes(to document: inout JSONDocument) {
        document.object("handshakes") { object in
            object.add("full", count: counts.full.value)
            object.add("resumed", count: counts.resumed.value)
            object.add("refused", count: counts.refusals.total)
            object.reasons("refused_by_reason", counts.refusals)
            object.reasons("tickets_declined", counts.ticketsDeclined)
        }
        document.object("verification_cache") { object in
            object.add("hits", count: cache.hits)
            object.add("misses", count: cache.misses)
            object.add("evictions", count: cache.evictions)
            object.add("entries", cache.entries)
            object.add("bytes", cache.bytes)
        }
    }

    private func addLists(to document: inout JSONDocument) {
        document.objects("crls", of: lists) { object, list in
            object.add("trust", list.trust)
            object.add("ca", list.authority)
            object.add("state", list.state.rawValue)
            object.add("number", list.facts.map { "\($0.number)" })
            object.add("delta_number", list.facts?.deltaNumber.map { "\($0)" })
            object.add("this_update", list.facts?.thisUpdate.rfc3339)
            object.add("next_update", list.facts?.nextUpdate.rfc3339)
            object.add("age_seconds", list.facts.map { Int(clamping: moment.seconds(since: $0.thisUpdate)) })
            object.add("entries", list.facts?.entries)
            object.object("last_fetch") { fetch in
                fetch.add("source", list.fetch?.source)
                fetch.add("attempt", list.fetch?.attempt.rfc3339)
                fetch.add("success", list.fetch?.success?.rfc3339)
                fetch.add("failure", list.fetch?.failure)
                fetch.add("next", list.fetch?.next?.rfc3339)
            }
        }
    }

    private func addExpiries(to document: inout JSONDocument) {
        document.object("expiries") { object in
            object.add("watched", expiries.things.count)
            object.add("warning_days", Int(clamping: expiries.threshold / ExpiryLevel.day))
            object.objects("soonest", of: expiries.things.prefix(Limits.shownExpiries)) { entry, thing in
                entry.add("kind", thing.kind.rawValue)
                entry.add("owner", thing.owner)
                entry.add("subject", thing.subject)
                entry.add("structure", thing.structure)
                entry.add("serial", thing.serial)
                entry.add("begins", thing.begins.rfc3339)
                entry.add("ends", thing.ends.rfc3339)
                entry.add("days_left", expiries.daysLeft(of: thing))
                entry.add("level", expiries.level(of: thing).rawValue)
            }
        }
    }

    private func addUpstreams(to document: inout JSONDocument) {
        document.objects("upstreams", of: upstreams) { object, upstream in
            object.add("name", upstream.name)
            object.add("waiting", upstream.waiting)
            object.objects("servers", of: upstream.servers.prefix(Limits.shownServers)) { entry, server in
                entry.add("name", server.name)
                entry.add("state", server.state.rawValue)
                entry.add("trouble", server.trouble)
                entry.add("open", server.openConnections)
                entry.add("in_flight", server.load)
            }
        }
    }

    private func addRefusals(to document: inout JSONDocument) {
        document.objects("refusals", of: refusals) { object, entry in
            let event = entry.event
            object.add("time", Timestamp(secondsSinceEpoch: entry.time.seconds).rfc3339)
            object.add("event", event.decision.rawValue)
            object.add("reason", event.reason)
            object.add("count", entry.count)
            object.add("address", String(RecentRefusals.Entry.host(of: event.address)))
            object.add("listener", event.listener)
            object.add("route", event.route)
            object.add("structure", event.structure)
            object.add("client", event.clientName)
            object.add("subject", event.subject)
            object.add("serial", event.serial)
        }
    }

    private func addLimits(to document: inout JSONDocument) {
        document.object("limits") { object in
            object.reasons("limited", counts.limited)
            object.reasons("cut", counts.cuts)
            object.reasons("requests_refused", counts.requestsRefused)
            object.add("accepts", count: counts.accepts.value)
            object.add("accepts_put_off", count: counts.acceptsPutOff.value)
            object.add("log_lines_dropped", count: logs.droppedLines)
            object.add("log_failures", count: logs.failures)
            object.add("audit_events_omitted", count: counts.auditOmissions.value)
        }
    }
}

extension JSONDocument {
    fileprivate mutating func reasons(_ key: StaticString, _ table: ReasonTable) {
        objects(key, of: table.ranked) { object, entry in
            object.add("reason", entry.reason)
            object.add("count", count: entry.count)
        }
    }
}

extension Duration {
    /// Seconds with their fraction.
    var fractionalSeconds: Double {
        let (seconds, fraction) = components
        return Double(seconds) + Double(fraction) * 1e-18
    }
}
