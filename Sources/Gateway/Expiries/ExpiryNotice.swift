internal import DER
internal import Observability

/// What the receiver of `expiry_webhook` is told: the warnings of one look, as one JSON document.
enum ExpiryNotice {
    static var mediaType: String { "application/json" }

    /// `{"notices":[{…},…]}`.
    static func document(_ due: [(ExpiringThing, ExpiryStep)], at moment: Timestamp) -> [UInt8] {
        var bytes = Array("{\"notices\":[".utf8)
        for (index, (thing, step)) in due.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes += object(thing, step, at: moment)
        }
        bytes += Array("]}".utf8)
        return bytes
    }

    private static func object(_ thing: ExpiringThing, _ step: ExpiryStep, at moment: Timestamp) -> [UInt8] {
        let days = thing.daysLeft(at: moment)
        var line = JSONLine()
        line.begin()
        if step == .expired { line.add("event", word: "expired") } else { line.add("event", word: "expiring") }
        line.add("kind", thing.kind.rawValue)
        line.add("owner", thing.owner)
        line.add("subject", thing.subject)
        line.add("structure", thing.structure)
        line.add(thing.kind == .crl ? "number" : "serial", thing.serial)
        line.add("not_after", "\(thing.ends)")
        // A number that has no sign: what has ended has no day left.
        line.add("days_left", UInt64(max(0, days)))
        line.add("step", UInt64(step.rawValue))
        line.end()
        // Without the line's end.
        return line.bytes.filter { $0 != UInt8(ascii: "\n") }
    }
}
