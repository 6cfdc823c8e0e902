internal import DER
internal import Fetching
internal import X509

/// The sources of one CA's base or delta, when they are asked, and what came of it.
struct FetchPlan {
    let key: IssuerKey
    let authority: Certificate
    let isDelta: Bool
    let sources: [RevocationSource]
    var schedule: RefreshSchedule
    /// What each source said of the body that was last taken from it.
    var validators: [Validators?]
    /// What is told of each source.
    var reports: [RevocationReport.Source]
    /// The source that is being asked.
    var current = 0

    init(_ authority: Certificate, isDelta: Bool, sources: [RevocationSource], pace: RefreshSchedule.Pace) {
        key = IssuerKey(of: authority)
        self.authority = authority
        self.isDelta = isDelta
        self.sources = sources
        schedule = RefreshSchedule(sources: sources.count, pace: pace)
        validators = sources.map { _ in nil }
        reports = sources.map {
            RevocationReport.Source(authority: authority, isDelta: isDelta, source: $0)
        }
    }

    /// When the next round begins; nil while one is under way.
    func nextRound(clock: Int64, now: Timestamp) -> Timestamp? {
        schedule.wakesAt.map { now.adding(seconds: $0 == .min ? 0 : max(0, $0 - clock) / 1000) }
    }
}
