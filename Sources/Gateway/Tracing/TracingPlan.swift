internal import Configuration
internal import Crypto
internal import Fetching
internal import Glibc
internal import Observability

/// What becomes of callers' traces, and which of all traces are recorded: as a worker asks for each request.
struct TracingPlan: Equatable, Sendable {
    let callers: TracingConfiguration.Callers
    /// Which traces are recorded; nil records none, and passes on what callers say unchanged.
    let sampling: Sampling?

    /// Nothing is recorded.
    static let none = TracingPlan(callers: .continue, sampling: nil)

    /// A share of all traces, told by their identifiers: whoever has the same share records the same traces.
    struct Sampling: Equatable, Sendable {
        /// Traces whose randomness is below it are not recorded, as OpenTelemetry's consistent sampling has it.
        let threshold: UInt64

        init(millionths: Int) {
            let left = UInt64(clamping: 1_000_000 - min(max(millionths, 0), 1_000_000))
            // None at all is exactly that.
            threshold = left == 1_000_000 ? 1 << 56 : left * ((1 << 56) / 1_000_000)
        }

        func takes(_ context: TraceContext) -> Bool { context.randomness >= threshold }
    }

    /// Whether a trace is recorded; `incoming` if it is a caller's.
    func records(_ context: TraceContext, incoming: Bool) -> Bool {
        guard let sampling else { return false }
        if incoming, callers == .follow { return context.isSampled }
        return sampling.takes(context)
    }
}

/// Where spans are sent, and how.
struct SpanExportPlan: Equatable, Sendable {
    let url: String
    let fields: [FetchField]
    let authorities: String?
    let timeoutSeconds: Int64
    /// What a request begins with: everything before the first span.
    let opening: [UInt8]
    /// What it ends with.
    static let closing = Array("]}]}]}".utf8)

    init(_ export: TracingConfiguration.Export) {
        url = export.endpoint
        fields = export.headers.compactMap { FetchField($0.name, $0.value) }
        authorities = export.authorities?.path
        timeoutSeconds = max(1, export.timeout.components.seconds)
        opening = Self.opening(service: export.serviceName)
    }

    /// The resource that all spans are of, and the scope, as OpenTelemetry's protocol nests them.
    private static func opening(service: String) -> [UInt8] {
        var resource = SpanResource()
        resource.add("service.name", service)
        resource.add("service.instance.id", instance)
        resource.add("host.name", hostName)
        return Array("{\"resourceSpans\":[{\"resource\":{\"attributes\":[".utf8) + resource.bytes
            + Array("]},\"scopeSpans\":[{\"scope\":{\"name\":\"poterne\"},\"spans\":[".utf8)
    }

    /// Tells this process from every other.
    private static let instance: String = {
        var identifiers = IdentifierSource()
        return identifiers.requestID().description
    }()

    private static var hostName: String? {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return nil }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension TracingPlan {
    init(_ configuration: TracingConfiguration) {
        self.init(
            callers: configuration.callers,
            sampling: configuration.export.map { Sampling(millionths: $0.millionths) })
    }
}
