internal import HTTP
internal import Observability

/// Which trace a request belongs to: the caller's, as far as it is well formed and counts, or a new one.
enum TraceAdmission {
    /// The caller's trace; nil where there is none to go on with.
    ///
    /// Without one no `tracestate` is passed on either, and with one only as much of it as is well formed (Trace Context §4).
    static func context(in fields: inout FieldSection, takesCallers: Bool) -> TraceContext? {
        guard takesCallers, let context = context(in: fields) else {
            fields.remove(.tracestate)
            return nil
        }
        if fields.contains(.tracestate) { settleState(in: &fields) }
        return context
    }

    private static func context(in fields: FieldSection) -> TraceContext? {
        guard let first = fields.firstIndex(of: .traceparent) else { return nil }
        // Two contradict each other, or one of them is an attempt.
        for index in (first + 1)..<max(first + 1, fields.lines.count) where fields.lines[index].known == .traceparent {
            return nil
        }
        return TraceContext(fields.arena.span.extracting(fields.lines[first].value))
    }

    private static func settleState(in fields: inout FieldSection) {
        var state = TraceState()
        for line in fields.lines where line.known == .tracestate {
            state.add(fields.arena.span.extracting(line.value))
        }
        fields.remove(.tracestate)
        if let value = state.value { fields.append(.tracestate, value: value) }
    }
}
