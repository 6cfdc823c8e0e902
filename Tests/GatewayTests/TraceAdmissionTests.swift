import Configuration
import HTTP
import Observability
import Testing

@testable import Gateway

@Suite("Callers' traces")
struct TraceAdmissionTests {
    private static let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func fields(_ lines: [(StaticString, String)]) -> FieldSection {
        var fields = FieldSection()
        for (name, value) in lines { fields.append(name: name, value: Array(value.utf8)) }
        return fields
    }

    @Test("one that is well formed goes on, with its state")
    func goesOn() {
        var fields = fields([("traceparent", Self.good), ("tracestate", "a=1"), ("tracestate", "b=2"), ("x-a", "1")])
        let context = TraceAdmission.context(in: &fields, takesCallers: true)
        #expect(context?.isSampled == true)
        #expect(fields.text(of: .tracestate) == "a=1,b=2")
        #expect(fields.lines.count == 3)
    }

    @Test("a state that is malformed goes, its trace stays")
    func malformedState() {
        var fields = fields([("traceparent", Self.good), ("tracestate", "a=1"), ("tracestate", "B")])
        #expect(TraceAdmission.context(in: &fields, takesCallers: true) != nil)
        #expect(!fields.contains(.tracestate))
    }

    @Test(
        "one that is missing, malformed or there twice is none, and its state goes with it",
        arguments: [[], ["rubbish"], [good, good], [good, "rubbish"], ["00-" + good]])
    func begunAnew(_ parents: [String]) {
        var fields = fields(parents.map { ("traceparent", $0) } + [("tracestate", "a=1")])
        #expect(TraceAdmission.context(in: &fields, takesCallers: true) == nil)
        #expect(!fields.contains(.tracestate))
    }

    @Test("one that is not asked for is none")
    func replaced() {
        var fields = fields([("traceparent", Self.good), ("tracestate", "a=1")])
        #expect(TraceAdmission.context(in: &fields, takesCallers: false) == nil)
        #expect(!fields.contains(.tracestate))
    }

    @Test(
        "of many traces the share is recorded that was asked for",
        arguments: [(0, 0...0), (10_000, 20...220), (500_000, 4600...5400), (1_000_000, 10_000...10_000)])
    func share(_ millionths: Int, _ expected: ClosedRange<Int>) {
        let plan = TracingPlan(callers: .continue, sampling: TracingPlan.Sampling(millionths: millionths))
        var source = IdentifierSource()
        let recorded = (0..<10_000).count { _ in plan.records(source.traceContext(), incoming: false) }
        #expect(expected.contains(recorded))
    }

    @Test(
        "a caller's word is taken where it is followed, and only there",
        arguments: [
            (TracingConfiguration.Callers.follow, 0, true, true), (.follow, 1_000_000, false, false),
            (.continue, 0, true, false), (.continue, 1_000_000, false, true),
        ])
    func followed(_ callers: TracingConfiguration.Callers, _ millionths: Int, _ isSampled: Bool, _ isRecorded: Bool) {
        let plan = TracingPlan(callers: callers, sampling: TracingPlan.Sampling(millionths: millionths))
        var source = IdentifierSource()
        #expect(plan.records(source.traceContext(isSampled: isSampled), incoming: true) == isRecorded)
    }
}
