import DER
import Gateway
import Revocation
import X509

/// The report for people.
extension RevocationStatusReport {
    var text: String {
        var lines: [String] = []
        for trust in trusts {
            lines.append("trust \(trust.name)\(trust.isChecked ? "" : ": revocation is not checked")")
            for authority in trust.authorities {
                lines.append("")
                lines.append("  \(authority.state.rawValue): \(authority.certificate.subject.rfc2253)".printable)
                var rows = TextRows(indent: "    ", width: 12)
                for list in authority.lists { add(list, to: &rows) }
                for source in authority.sources { add(source, to: &rows) }
                lines += rows.lines
            }
            if !trust.problems.isEmpty { lines.append("") }
            for problem in trust.problems { lines.append("  problem: \(problem)".printable) }
            lines.append("")
        }
        return lines.dropLast().joined(separator: "\n")
    }

    private func add(_ list: RevocationReport.Lists, to rows: inout TextRows) {
        if let base = list.base {
            rows.add(
                "CRL", "\(base.number), \(base.count) entries, \(base.size) bytes; index of \(list.indexSize) bytes")
            rows.add("issued", "\(base.thisUpdate)")
            rows.add("next due", "\(base.nextUpdate) (\(words(base.nextUpdate)))")
            rows.add("from", "\(list.baseOrigin)")
            rows.add("kept at", keptAt(list.baseOrigin).map { "\($0)" })
        }
        if let delta = list.delta {
            rows.add(
                "delta", "\(delta.number), \(delta.count) entries, over base \(delta.baseNumber.map { "\($0)" } ?? "")")
            rows.add("next due", "\(delta.nextUpdate) (\(words(delta.nextUpdate)))")
            rows.add("from", "\(list.deltaOrigin)")
        }
        if let waiting = list.waitingDelta {
            rows.add(
                "waiting", "delta \(waiting.number), for a base of number \(waiting.baseNumber.map { "\($0)" } ?? "")")
        }
    }

    private func add(_ source: Source, to rows: inout TextRows) {
        var lines = [source.url]
        if let success = source.lastSuccess { lines.append("last fetched at \(success) (\(words(success)))") }
        if let failure = source.failure, let attempt = source.lastAttempt {
            lines.append("failed at \(attempt): \(failure)")
        }
        if let next = source.nextAttempt { lines.append("next fetch at \(next) (\(words(next)))") }
        rows.add(source.isDelta ? "delta at" : "source", lines)
    }

    /// How far away a moment is.
    private func words(_ moment: Timestamp) -> String {
        let seconds = moment.seconds(since: now)
        guard abs(seconds) >= 60 else { return seconds > 0 ? "in less than a minute" : "less than a minute ago" }
        let (days, hours) = (abs(seconds) / 86_400, abs(seconds) / 3600 % 24)
        let length = days > 0 ? "\(days) days \(hours) hours" : "\(hours) hours \(abs(seconds) / 60 % 60) minutes"
        return seconds < 0 ? "\(length) ago" : "in \(length)"
    }

    /// When a CRL of the state directory was written there: when it was last fetched anew.
    func keptAt(_ origin: RevocationOrigin) -> Timestamp? {
        guard case .state(let path) = origin else { return nil }
        return InputFile.modified(path)
    }
}
