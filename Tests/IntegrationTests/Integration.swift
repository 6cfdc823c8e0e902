import Testing

/// Tests of the product: the real binary, real callers, upstreams that record and misbehave.
///
/// One file for each behaviour, as an extension with a suite in it. They run one after the other: each starts processes
/// of its own, and on two cores several at a time would only make each other late.
@Suite("Integration", .serialized, .explainedByLogs, .timeLimit(.minutes(2)))
enum Integration {}

extension Trait where Self == IssueHandlingTrait {
    /// Adds to each failure what the processes that were running had to say.
    fileprivate static var explainedByLogs: Self {
        .compactMapIssues { issue in
            // The trait acts once for each suite around the test.
            guard !issue.comments.contains(where: { $0.rawValue.hasPrefix("---") }) else { return issue }
            var issue = issue
            for log in RunningLogs.shared.tails() { issue.comments.append(Comment(rawValue: log)) }
            return issue
        }
    }
}
