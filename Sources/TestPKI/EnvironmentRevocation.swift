import Crypto
import DER

/// The CRLs of one environment, in the profile of the real ones.
extension EnvironmentIssuance {
    /// One a day since the day from which the real TEST CA counts, so that a later folder has a greater number.
    static func revocationListNumber(on now: Timestamp) -> Int {
        let first = Timestamp(year: 2015, month: 12, day: 18) ?? now
        return max(1, Int(now.seconds(since: first) / 86_400))
    }

    /// When the first of the CRLs ends: an intermediate's lasts six days.
    static func freshUntil(from now: Timestamp) -> Timestamp { thisUpdate(from: now).adding(days: 6) }

    private static func thisUpdate(from now: Timestamp) -> Timestamp { now.adding(seconds: -3_600) }

    func revocationListFiles(
        revoked: [(kind: WrongCertificate, issued: Issued)], revokedSince late: Issued
    ) throws(CryptoError) -> [GeneratedFile] {
        let now = options.now
        let number = Self.revocationListNumber(on: now)
        let revocation = Self.thisUpdate(from: now).adding(seconds: -7_200)
        let entries = revoked.filter { $0.kind == .revoked }.compactMap { $0.issued.serial }
            .map { RevocationListTemplate.Entry(serial: $0, date: revocation) }
        let lateEntries = [late.serial].compactMap(\.self)
            .map { RevocationListTemplate.Entry(serial: $0, date: now.adding(seconds: -600)) }

        var full = list(number, entries)
        full.fillerCount = options.revocationEntryCount
        var delta = list(number + 1, lateEntries)
        delta.thisUpdate = now.adding(seconds: -300)
        delta.deltaBase = number
        var files = [
            try file("root", hierarchy.root, rootList(strangers.map { [$0.revoked.serial] } ?? [], at: revocation)),
            try file("organisations", hierarchy.organisations, full),
            try file("organisations-delta", hierarchy.organisations, delta),
            try file("personnes", hierarchy.personnes, list(number, [])),
        ]
        if let strangers {
            files.append(try file("organisations-revoked", strangers.revoked, list(number, [])))
        }
        if let cards {
            files.append(try file("standard-root", cards.standardRoot, rootList([], at: revocation)))
            files.append(try file("standard-personnes", cards.standard, list(number, [])))
            files.append(try file("fort-root", cards.fortRoot, rootList([], at: revocation)))
            files.append(try file("fort-personnes", cards.fort, list(number, [])))
        }
        return files
    }

    private func file(
        _ name: String, _ authority: CertificateAuthority, _ list: RevocationListTemplate
    ) throws(CryptoError) -> GeneratedFile {
        GeneratedFile("crl/\(name).crl", try authority.revocationList(list))
    }

    /// An intermediate's: daily, valid for six days.
    private func list(_ number: Int, _ entries: [RevocationListTemplate.Entry]) -> RevocationListTemplate {
        RevocationListTemplate(
            number: number, thisUpdate: Self.thisUpdate(from: options.now),
            nextUpdate: Self.freshUntil(from: options.now), revoked: entries)
    }

    /// A root's: monthly, valid for 45 days, with its extensions in the other order.
    private func rootList(_ serials: [[UInt8]], at date: Timestamp) -> RevocationListTemplate {
        let thisUpdate = Self.thisUpdate(from: options.now)
        var list = RevocationListTemplate(
            number: max(1, Self.revocationListNumber(on: options.now) / 30), thisUpdate: thisUpdate,
            nextUpdate: thisUpdate.adding(days: 45),
            revoked: serials.map { RevocationListTemplate.Entry(serial: $0, date: date) })
        list.putsNumberFirst = true
        return list
    }
}
