internal import HTTP
internal import Observability

/// Answers the operator: is it alive, is it ready, what does it count.
///
/// - `/livez`: 200 as long as the process answers.
/// - `/readyz`: 200, or 503 and what is missing: a CRL of a CA whose revocation is asked about.
/// - `/metrics`: Prometheus text.
/// - `/jwks.json`: the keys with which identities are signed, for upstreams.
final class AdminResponder: LocalResponder {
    private let desk: AdminDesk
    private weak var exchange: Exchange?

    init(desk: AdminDesk) {
        self.desk = desk
    }

    func begin(_ exchange: Exchange) {
        self.exchange = exchange
    }

    func receiveBody(_ bytes: Span<UInt8>) {}

    func receiveEnd() {
        guard let exchange else { return }
        exchange.response.reset()
        exchange.response.fields.append(.cacheControl, value: "no-store")
        var body: [UInt8] = []
        switch exchange.request.text(exchange.request.path) {
        case "/livez":
            exchange.response.status = 200
            exchange.response.fields.append(.contentType, value: "text/plain")
            body.append(literal: "alive\n")
        case "/readyz":
            let obstacles = desk.obstacles
            exchange.response.status = obstacles.isEmpty ? 200 : 503
            exchange.response.fields.append(.contentType, value: "text/plain; charset=utf-8")
            let text = obstacles.isEmpty ? "ready\n" : obstacles.map { "\($0)\n" }.joined()
            body.append(contentsOf: text.utf8)
        case "/metrics":
            exchange.response.status = 200
            exchange.response.fields.append(.contentType, value: MetricsSnapshot.mediaType)
            desk.appendMetrics(to: &body)
        case "/jwks.json":
            guard let keys = desk.webKeys else { fallthrough }
            exchange.response.status = 200
            exchange.response.fields.append(.contentType, value: "application/jwk-set+json")
            body = keys
        default:
            exchange.response.status = 404
            exchange.response.fields.append(.contentType, value: "text/plain")
            body.append(literal: "here are /livez, /readyz, /metrics and, with signed_identity, /jwks.json\n")
        }
        exchange.respondWhole(body.span)
    }

    func downstreamDrained() {}

    func cancel() {
        exchange = nil
    }
}
