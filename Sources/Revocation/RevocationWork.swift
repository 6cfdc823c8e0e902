internal import DER
internal import Fetching
internal import Glibc
internal import X509

/// What the revocation thread does: loads, watches, fetches, offers, and tells.
///
/// It belongs to that thread.
final class RevocationWork {
    let keeper: RevocationKeeper
    private let settings: RevocationSettings
    private let tell: (RevocationEvent) -> Void
    private var files: WatchedFiles
    private let hasFiles: Bool
    private var state: StateDirectory?
    private var plans: [FetchPlan] = []
    /// Nil when libcurl cannot be had: files still serve.
    private let fetcher: Fetcher?
    private var random = SystemRandomNumberGenerator()
    private var nextLook: Int64 = .min
    /// Whether another round follows: a command that asks once promises none.
    private let goesOn: Bool
    /// How the sources stood by the word of who kept the state directory before.
    private var earlierRecords: [SourceRecord] = []
    private var mustRecord = false
    private var unkept = UnkeptLists()

    init(
        _ settings: RevocationSettings, inheriting earlier: RevocationKeeper? = nil, goesOn: Bool = true,
        tell: @escaping (RevocationEvent) -> Void
    ) {
        self.settings = settings
        self.goesOn = goesOn
        self.tell = tell
        keeper = RevocationKeeper(settings, inheriting: earlier)
        var watched = settings.files
        let pace = RefreshSchedule.Pace(refreshSeconds: settings.refreshSeconds)
        for authority in settings.authorities {
            for (sources, isDelta) in [(authority.base, false), (authority.delta, true)] where !sources.isEmpty {
                plans.append(FetchPlan(authority.certificate, isDelta: isDelta, sources: sources, pace: pace))
                for case .file(let path) in sources where !watched.contains(path) { watched.append(path) }
            }
        }
        hasFiles = !watched.isEmpty
        files = WatchedFiles(
            paths: watched, limit: RevocationListFile.fileSize(forListsOf: settings.maximumSize))
        fetcher = try? Fetcher()
        if let path = settings.stateDirectory {
            do { state = try StateDirectory(path, writing: settings.writesState) } catch { tell(.notKept(error)) }
        }
    }

    /// Takes what is at hand without network: the state directory, then the files.
    func load(at now: Timestamp) {
        if let path = settings.stateDirectory {
            earlierRecords = state?.records ?? []
            let limit = RevocationListFile.fileSize(forListsOf: settings.maximumSize)
            do throws(FileReadError) {
                for list in try state?.lists() ?? [] {
                    let contents: FileContents
                    do throws(FileReadError) {
                        contents = try FileContents(path: list, limit: limit)
                    } catch {
                        tell(.unreadable(path: list, error))
                        continue
                    }
                    offer(contents.bytes, from: .state(list), at: now)
                }
            } catch {
                tell(.unreadable(path: path, error))
            }
        }
        look(at: now)
        for authority in settings.authorities
        where keeper.snapshot.authorities[IssuerKey(of: authority.certificate)] == nil {
            tell(.missing(authority.certificate))
        }
    }

    /// Does what is due, begins fetches, and takes what they brought.
    ///
    /// - Returns: milliseconds until there is something to do again, if no descriptor becomes ready before.
    func advance(clock: Int64, now: Timestamp) -> Int64 {
        if hasFiles, clock >= nextLook {
            look(at: now)
            nextLook = clock + RevocationLimits.filePollMilliseconds
        }
        for index in plans.indices { begin(index, clock: clock, now: now) }
        for (index, outcome) in fetcher?.advance() ?? [] {
            end(index, outcome, clock: clock, now: now)
            // A delta that came may have made a base due, which need not be of the same plan.
            for index in plans.indices { begin(index, clock: clock, now: now) }
        }
        keeper.noticeExpiry(at: now, tell)
        var wakes = hasFiles ? nextLook : .max
        for plan in plans { wakes = min(wakes, plan.schedule.wakesAt ?? .max) }
        return max(0, min(wakes, clock + RevocationLimits.longestSleepMilliseconds) - clock)
    }

    /// Waits for what `advance` said, or for the descriptor.
    func wait(orFor descriptor: Int32, milliseconds: Int64) {
        let time = Int32(clamping: milliseconds)
        if let fetcher {
            fetcher.wait(orFor: descriptor, milliseconds: time)
        } else {
            var wake = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&wake, 1, time)
        }
    }

    /// Makes every source due at once.
    func hasten() {
        for index in plans.indices { plans[index].schedule.hasten() }
    }

    /// Whether a fetch is under way or due.
    func isFetching(clock: Int64) -> Bool {
        plans.contains { plan in plan.schedule.wakesAt.map { $0 <= clock } ?? true }
    }

    /// The CRLs and sources as they stand.
    func report(clock: Int64, now: Timestamp) -> RevocationReport {
        var report = RevocationReport()
        report.epoch = keeper.snapshot.epoch
        report.lists = keeper.lists
        report.records = earlierRecords
        for plan in plans {
            let next = plan.nextRound(clock: clock, now: now)
            for var source in plan.reports {
                source.nextAttempt = next
                report.sources.append(source)
            }
        }
        return report
    }

    /// Writes to the state directory what has changed since; called once the snapshot has gone out.
    func keep(clock: Int64, now: Timestamp) {
        guard settings.writesState, let state else { return }
        unkept.keep(in: state) { tell(.notKept($0)) }
        record(in: state, clock: clock, now: now)
    }

    /// Keeps how the sources stand, once something has come of asking one.
    private func record(in state: StateDirectory, clock: Int64, now: Timestamp) {
        guard mustRecord else { return }
        mustRecord = false
        let records = plans.flatMap { plan in
            let next = goesOn ? plan.nextRound(clock: clock, now: now) : nil
            return plan.reports.map { SourceRecord($0, nextAttempt: next) }
        }
        do throws(SystemFailure) { try state.keep(records) } catch { tell(.notKept(error)) }
    }

    private func look(at now: Timestamp) {
        var early: [String] = []
        files.look { finding in
            switch finding {
            case .unreadable(let path, let error): tell(.unreadable(path: path, error))
            case .contents(let path, let bytes):
                // One whose time has not come is read again until it has.
                let offers = offer(bytes, from: .file(path), at: now)
                if offers.contains(where: \.isEarly) { early.append(path) }
            }
        }
        for path in early { files.forget(path) }
    }

    @discardableResult
    private func offer(_ bytes: [UInt8], from origin: RevocationOrigin, at now: Timestamp) -> [Offer] {
        let offers = keeper.offer(bytes, from: origin, at: now) { accepted in
            // What was just read from there needs not be written there.
            if case .state = origin { return }
            guard settings.writesState, let state else { return }
            unkept.add(accepted, to: state) { tell(.notKept($0)) }
        }
        for offer in offers {
            tell(.offered(offer, from: origin))
            if case .waiting(let delta, _) = offer { urgeBase(of: IssuerKey(of: delta.authority)) }
        }
        return offers
    }

    /// A delta names a base that we do not have: whoever published the one has published the other.
    private func urgeBase(of key: IssuerKey) {
        for index in plans.indices where plans[index].key == key && !plans[index].isDelta {
            plans[index].schedule.urge()
        }
    }

    /// Begins fetches of a plan until one is under way or none is due; files are read at once.
    private func begin(_ index: Int, clock: Int64, now: Timestamp) {
        while let position = plans[index].schedule.next(at: clock) {
            let source = plans[index].sources[position]
            plans[index].current = position
            plans[index].reports[position].lastAttempt = now
            do throws(SourceError) {
                guard case .file(let path) = source else {
                    guard let fetcher else { throw .transfer(.unavailable) }
                    do throws(FetchError) {
                        try fetcher.start(request(plans[index], source, position, now), tag: index)
                    } catch {
                        throw .transfer(error)
                    }
                    return
                }
                let limit = RevocationListFile.fileSize(forListsOf: settings.maximumSize)
                let contents: FileContents
                do throws(FileReadError) {
                    contents = try FileContents(path: path, limit: limit)
                } catch {
                    throw .file(error)
                }
                end(index, .body(contents.bytes, Validators()), clock: clock, now: now)
            } catch {
                failed(index, error, clock: clock)
            }
        }
    }

    private func request(
        _ plan: FetchPlan, _ source: RevocationSource, _ position: Int, _ now: Timestamp
    ) -> FetchRequest {
        guard case .http(let url) = source else {
            // Base64 makes LDAP's text longer than the CRL by a third.
            return FetchRequest(
                entry: source.description, timeoutSeconds: settings.timeoutSeconds,
                limit: RevocationListFile.fileSize(forListsOf: settings.maximumSize))
        }
        // A confirmation is of use only while what it confirms is.
        let isCurrent = keeper.nextUpdate(of: plan.key, isDelta: plan.isDelta).map { $0 > now } ?? false
        return FetchRequest(
            signedDocument: url, proxy: settings.httpProxy, timeoutSeconds: settings.timeoutSeconds,
            limit: settings.maximumSize, validators: isCurrent ? plan.validators[position] : nil)
    }

    private func end(_ index: Int, _ outcome: FetchOutcome, clock: Int64, now: Timestamp) {
        let position = plans[index].current
        let source = plans[index].sources[position]
        mustRecord = true
        do throws(SourceError) {
            switch outcome {
            case .failed(let error): throw .transfer(error)
            case .notModified: tell(.notModified(source))
            case .body(let bytes, let validators):
                plans[index].validators[position] = nil
                try take(bytes, from: source, of: plans[index].authority, at: now)
                plans[index].validators[position] = validators.isEmpty ? nil : validators
            }
            let nextUpdate = keeper.nextUpdate(of: plans[index].key, isDelta: plans[index].isDelta)
            let left = nextUpdate.map { $0.seconds(since: now) }
            if let left, left <= 0 { throw .stale }
            let isAwaited = !plans[index].isDelta && keeper.awaitsBase(of: plans[index].key)
            plans[index].schedule.succeeded(
                at: clock, validityLeft: left.map { min($0, 1 << 40) * 1000 }, isAwaited: isAwaited,
                random: random.next())
            plans[index].reports[position].lastSuccess = now
            plans[index].reports[position].failure = nil
        } catch {
            failed(index, error, clock: clock)
        }
    }

    private func failed(_ index: Int, _ error: SourceError, clock: Int64) {
        mustRecord = true
        let position = plans[index].current
        let retry = plans[index].schedule.failed(at: clock, random: random.next())
        plans[index].reports[position].failure = error
        tell(
            .fetchFailed(
                plans[index].sources[position], error, retryAfterSeconds: max(0, retry - clock) / 1000))
    }

    /// Offers what a source served; throws when nothing of it serves.
    private func take(
        _ bytes: [UInt8], from source: RevocationSource, of authority: Certificate, at now: Timestamp
    ) throws(SourceError) {
        var offers: [Offer] = []
        if case .ldap = source {
            let lists = LDAPAnswer.lists(in: bytes)
            guard !lists.isEmpty else { throw .noRevocationList }
            for list in lists { offers += offer(list, from: .source(source), at: now) }
        } else {
            offers = offer(bytes, from: .source(source), at: now)
        }
        let used = offers.filter(\.isOfUse)
        guard !used.isEmpty else { throw .refused }
        // A CRL of another CA is taken where that one lacks it, and is not what this source is there for.
        guard used.contains(where: { $0.isOf(authority) }) else { throw .otherAuthority }
    }
}

extension Offer {
    /// Whether it is not valid yet.
    fileprivate var isEarly: Bool {
        if case .refused(.notYetValid) = self { true } else { false }
    }

    /// Whether the source did what it is there for: a delta that the base has overtaken is as it should be.
    fileprivate var isOfUse: Bool {
        switch self {
        case .accepted, .unchanged, .waiting, .refused(.overtaken): true
        case .refused: false
        }
    }

    /// Whether it is of this CA, by whichever of its keys.
    fileprivate func isOf(_ authority: Certificate) -> Bool {
        switch self {
        case .accepted(let list), .unchanged(let list), .waiting(let list, _):
            list.authority.subject == authority.subject
        case .refused: true
        }
    }
}
