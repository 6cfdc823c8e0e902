/// `tracing`: what becomes of callers' traces, and where spans are sent.
public struct TracingConfiguration: Hashable, Sendable {
    /// `callers`: what a caller's own trace context counts for.
    public enum Callers: String, Hashable, Sendable, CaseIterable {
        /// Its trace goes on, and is recorded where the caller says so.
        case follow
        /// Its trace goes on; `sample` decides whether it is recorded.
        case `continue`
        /// A trace of ours begins.
        case replace
    }

    /// Where spans are sent, as OTLP over HTTP in JSON.
    public struct Export: Hashable, Sendable {
        /// `endpoint`.
        public let endpoint: String
        /// `ca`: whom to trust there instead of the system's CAs.
        public let authorities: FileReference?
        /// `headers`.
        public let headers: [Header]
        /// `service_name`.
        public let serviceName: String
        /// `timeout` of one request.
        public let timeout: Duration
        /// `sample`: millionths of all traces.
        public let millionths: Int
    }

    /// An entry of `headers`.
    public struct Header: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its value.
        public let value: String
    }

    /// `callers`.
    public let callers: Callers
    /// What `endpoint` and its like say; `nil` records nothing.
    public let export: Export?
}
