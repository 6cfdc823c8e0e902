internal import DER
internal import X509

/// What a keeper tells of the CRLs it has.
extension RevocationKeeper {
    /// The CRLs in use and waiting, of every CA and scope, in the order of the CAs' names.
    public var lists: [RevocationReport.Lists] {
        var lists: [RevocationReport.Lists] = []
        forEachScope { authority, scope in
            lists.append(
                RevocationReport.Lists(
                    authority: authority, base: scope.index?.base, baseOrigin: scope.baseOrigin,
                    delta: scope.index?.delta, waitingDelta: scope.waiting.map { RevocationListFacts($0.list) },
                    deltaOrigin: scope.deltaOrigin, indexSize: scope.index?.byteCount ?? 0))
        }
        return lists
    }

    /// The nextUpdate that comes first among a CA's bases, or among its deltas; nil when there is none.
    func nextUpdate(of key: IssuerKey, isDelta: Bool) -> Timestamp? {
        var first: Timestamp?
        for scope in scopes(of: key) {
            let lists = isDelta ? [scope.applied, scope.waiting].compactMap { $0?.list.nextUpdate }.max() : nil
            guard let nextUpdate = isDelta ? lists : scope.index?.base.nextUpdate else { continue }
            first = min(first ?? nextUpdate, nextUpdate)
        }
        return first
    }

    /// Whether a delta of a CA waits for a newer base than there is.
    func awaitsBase(of key: IssuerKey) -> Bool {
        scopes(of: key).contains { $0.waiting != nil }
    }

    /// Tells, once for each CRL, that a fifth of its validity is left, and that none is.
    func noticeExpiry(at now: Timestamp, _ tell: (RevocationEvent) -> Void) {
        updateEachScope { authority, scope in
            guard let index = scope.index else { return }
            let newest = index.delta.map { $0.nextUpdate >= index.base.nextUpdate ? $0 : index.base } ?? index.base
            let left = newest.nextUpdate.seconds(since: now)
            let whole = newest.nextUpdate.seconds(since: newest.thisUpdate)
            let notice: ExpiryNotice = left <= 0 ? .stale : left <= whole / 5 ? .expiring : .none
            guard notice > scope.notice else { return }
            scope.notice = notice
            let list = OfferedList(authority, newest)
            tell(notice == .stale ? .stale(list) : .expiring(list, secondsLeft: left))
        }
    }
}
