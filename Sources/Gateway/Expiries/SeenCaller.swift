internal import Crypto
internal import DER
internal import IGCSante
internal import Trust
internal import X509

/// A caller that a worker has admitted, and under which trust.
struct CallerNote: Sendable {
    let peer: VerifiedPeer
    let trust: String
}

/// A caller's certificate, and when it was seen.
struct SeenCaller: Hashable, Sendable {
    let thumbprint: SHA256Digest
    /// The name of the trust that it was admitted under.
    let trust: String
    /// As RFC 2253 writes it, cut at `Limits.seenSubject`.
    let subject: String
    let structure: String?
    let serial: String
    let notBefore: Timestamp
    let notAfter: Timestamp
    var firstSeen: Timestamp
    var lastSeen: Timestamp

    init(_ note: CallerNote, at moment: Timestamp) {
        thumbprint = note.peer.thumbprint
        trust = note.trust
        subject = Self.cut(note.peer.subjectText)
        structure = note.peer.structure.map { Self.cut($0.raw) }
        serial = note.peer.serial.hex
        notBefore = note.peer.leaf.notBefore
        notAfter = note.peer.leaf.notAfter
        firstSeen = moment
        lastSeen = moment
    }

    /// Counts scalars, of four bytes at most: what a reader sees as one character may be any number of them.
    private static func cut(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(Limits.seenSubject)))
    }

    /// As it stands in the list of what ends.
    var thing: ExpiringThing {
        ExpiringThing(
            kind: .caller, owner: "trust \(trust)", subject: subject, structure: structure, serial: serial,
            begins: notBefore, ends: notAfter, key: thumbprint.hex)
    }
}

extension SeenCaller {
    /// As fields of a line of the state file.
    var fields: [String] {
        [thumbprint.hex] + [firstSeen, lastSeen, notBefore, notAfter].map { "\($0.secondsSinceEpoch)" }
            + [serial, structure ?? "", trust, subject]
    }

    /// Reads such fields; nil for others.
    init?(fields: [String]) {
        guard fields.count == 9, let thumbprint = SHA256Digest(hex: fields[0]) else { return nil }
        let times = fields[1...4].compactMap { Int64($0) }.map { Timestamp(secondsSinceEpoch: $0) }
        guard times.count == 4, fields[5...8].allSatisfy({ $0.unicodeScalars.count <= Limits.seenSubject })
        else { return nil }
        self.thumbprint = thumbprint
        (firstSeen, lastSeen, notBefore, notAfter) = (times[0], times[1], times[2], times[3])
        serial = fields[5]
        structure = fields[6].isEmpty ? nil : fields[6]
        trust = fields[7]
        subject = fields[8]
    }
}
