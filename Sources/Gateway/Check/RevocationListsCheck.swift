internal import Configuration
internal import DER
internal import IGCSante
internal import Revocation
internal import Trust
internal import X509

/// Whether each CA of a path has a CRL that is its own, current, and got from where the configuration says.
struct RevocationListsCheck {
    let record: CheckRecord
    let trust: TrustConfiguration
    let snapshot: TrustSnapshot
    let moment: Timestamp
    let isFetching: Bool

    /// Checks them, and returns what they say.
    func check(stateDirectory: String) -> RevocationSnapshot {
        guard snapshot.revocation != .off else { return .empty }
        var settings: RevocationSettings
        do throws(StartupProblem) {
            settings = try RevocationSettings(trust, snapshot: snapshot, stateDirectory: stateDirectory)
        } catch {
            record.error(error)
            return .empty
        }
        settings.writesState = false
        var events: [RevocationEvent] = []
        let (known, report) = RevocationThread.once(settings, fetching: isFetching, at: moment) { events.append($0) }
        for event in events { hear(event, settings) }
        for authority in snapshot.revocationAuthorities { check(authority, report, settings) }
        if !isFetching { noteSources() }
        return known
    }

    private func hear(_ event: RevocationEvent, _ settings: RevocationSettings) {
        switch event {
        case .offered(.refused(let refusal), let origin): hear(refusal, origin)
        case .unreadable(let path, let error) where path != settings.stateDirectory:
            record.error(
                location(of: path), "\(path): \(error)", mend: "Correct the path, or give the gateway's user access.")
        case .fetchFailed(let source, let error, _):
            record.warning(
                location(of: source), "\(source): \(error)",
                mend: "Try it by hand, from this machine and through `http_proxy` if there is one.")
        default: break
        }
    }

    private func hear(_ refusal: OfferRefusal, _ origin: RevocationOrigin) {
        let path: String
        switch origin {
        case .file(let file): path = file
        case .source(let source): path = "\(source)"
        case .state, .direct: return
        }
        switch refusal {
        // Old ones beside new ones do no harm.
        case .older, .sameNumber, .overtaken: break
        case .unknownIssuer:
            // A folder may serve several trusts.
            guard trust.revocation.files.contains(where: { $0.path == path }) else { break }
            record.warning(
                location(of: path), "\(path) is not used: \(refusal)", mend: "Remove it, or correct the trust.")
        default:
            record.error(
                location(of: path), "\(path) is refused: \(refusal)", mend: "Get the CA's current CRL from who runs it."
            )
        }
    }

    private func check(_ authority: Certificate, _ report: RevocationReport, _ settings: RevocationSettings) {
        let key = IssuerKey(of: authority)
        let name = authority.subject.rfc2253
        let lists = report.lists.filter { IssuerKey(of: $0.authority) == key && $0.base != nil }
        guard !lists.isEmpty else {
            missing(authority, isFetched: hasRemoteSource(authority, in: settings))
            return
        }
        for list in lists {
            guard let base = list.base else { continue }
            let newest = list.delta ?? base
            let until = max(base.nextUpdate, newest.nextUpdate)
            let left = until.seconds(since: moment)
            let location = location(of: list.baseOrigin)
            if let waiting = list.waitingDelta, let needs = waiting.baseNumber {
                record.warning(
                    location, "delta CRL \(waiting.number) of \(name) waits for a base of number \(needs) or above",
                    mend: "Get the current base.")
            }
            if left < 0 {
                stale(authority, until: until, at: location)
            } else if left * 5 <= until.seconds(since: newest.thisUpdate) {
                record.warning(
                    location, "CRL \(newest.number) of \(name) expires in \(left / 3600) hours, at \(until)",
                    mend: "Get the next one in time, or name `sources` so that the gateway does.")
            } else {
                func entries(_ count: Int) -> String { counted(count, "entry", "entries") }
                let delta = list.delta.map { ", with delta \($0.number) of \(entries($0.count))" } ?? ""
                record.ok(
                    location,
                    "CRL \(base.number) of \(name): \(entries(base.count))\(delta), until \(until), from "
                        + "\(list.baseOrigin)")
            }
        }
    }

    private func missing(_ authority: Certificate, isFetched: Bool) {
        let name = authority.subject.rfc2253
        let url = OfficialAuthority.matching(
            name: authority.subject, keyIdentifier: authority.subjectKeyIdentifier)?.crlURL
        if isFetched, !isFetching {
            record.warning(
                trust.location, "there is no CRL of \(name) yet: callers are refused until it has been fetched",
                mend: "Try its sources with `poterne check --fetch`, or fetch it now with `poterne crl fetch`.")
        } else {
            record.error(
                trust.location,
                "there is no CRL of \(name): every caller would be refused with revocation_unavailable",
                mend: "Name it in `files`, or where it is published in `sources`" + (url.map { ": \($0)" } ?? ""))
        }
    }

    private func stale(_ authority: Certificate, until: Timestamp, at location: SourceLocation) {
        let message = "the CRL of \(authority.subject.rfc2253) expired at \(until)"
        let grace = trust.revocation.grace.components.seconds
        if trust.revocation.stale == .grace, moment.seconds(since: until) <= grace {
            record.warning(location, message + ", within `grace`", mend: "Get the current one before grace ends.")
        } else {
            record.error(
                location, message + ": every caller would be refused with crl_stale", mend: "Get the current one.")
        }
    }

    private func noteSources() {
        for source in trust.revocation.sources {
            for case .remote(let url, let location) in source.base + source.delta {
                record.note(location, "\(url) was not asked: --fetch does")
            }
        }
    }

    private func hasRemoteSource(_ authority: Certificate, in settings: RevocationSettings) -> Bool {
        let key = IssuerKey(of: authority)
        return settings.authorities.contains { configured in
            IssuerKey(of: configured.certificate) == key
                && configured.base.contains { if case .file = $0 { false } else { true } }
        }
    }

    // MARK: Where the configuration names it

    private func location(of origin: RevocationOrigin) -> SourceLocation {
        switch origin {
        case .file(let path): location(of: path)
        case .source(let source): location(of: source)
        case .state, .direct: trust.location
        }
    }

    private func location(of source: RevocationSource) -> SourceLocation {
        for configured in trust.revocation.sources {
            for locator in configured.base + configured.delta where RevocationSource(locator) == source {
                switch locator {
                case .file(let file): return file.location
                case .remote(_, let location): return location
                }
            }
        }
        return trust.location
    }

    /// Of a file, or of the folder that it lies in.
    private func location(of path: String) -> SourceLocation {
        if let file = trust.revocation.files.first(where: { path == $0.path || path.hasPrefix("\($0.path)/") }) {
            return file.location
        }
        // A folder may be written with a slash at its end.
        if let folder = trust.revocation.files.first(where: { path.hasPrefix($0.path) }) { return folder.location }
        return location(of: RevocationSource.file(path))
    }
}
