internal import HTTP
internal import Observability

/// Answers the operator: is it alive, is it ready, how does it do, what does it count.
///
/// - `/`: the status page, in English or French.
/// - `/status.json`: the same as a document.
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
        let body = answer(to: exchange)
        exchange.respondWhole(body.span)
    }

    private func answer(to exchange: Exchange) -> [UInt8] {
        switch exchange.request.text(exchange.request.path) {
        case "/livez":
            return text("alive\n", 200, of: exchange)
        case "/readyz":
            let obstacles = desk.obstacles
            guard !obstacles.isEmpty else { return text("ready\n", 200, of: exchange) }
            return text(obstacles.map { "\($0)\n" }.joined(), 503, of: exchange)
        case "/jwks.json":
            guard let keys = desk.webKeys else { return notFound(exchange) }
            return answer(keys, "application/jwk-set+json", of: exchange)
        case "/", "", "/status.json", "/metrics":
            return internals(exchange)
        default:
            return notFound(exchange)
        }
    }

    private func notFound(_ exchange: Exchange) -> [UInt8] {
        let places = "/, /status.json, /livez, /readyz, /metrics and, with signed_identity, /jwks.json"
        return text("here are \(places)\n", 404, of: exchange)
    }

    /// What is for the operator's eyes, and not for a page of the web in the operator's browser.
    private func internals(_ exchange: Exchange) -> [UInt8] {
        guard desk.hosts.admits(exchange.request, from: exchange.downstream.address) else {
            return text(
                "This name is not one of the admin address: ask by an address, or name it in `admin.hosts`.\n", 421,
                of: exchange)
        }
        switch exchange.request.text(exchange.request.path) {
        case "/metrics":
            var body: [UInt8] = []
            desk.appendMetrics(to: &body)
            return answer(body, MetricsSnapshot.mediaType, of: exchange)
        case "/status.json":
            guard isRead(exchange) else { return notAllowed(exchange) }
            exchange.response.fields.append(name: "X-Content-Type-Options", value: "nosniff")
            return answer(desk.status().json, "application/json", of: exchange)
        default:
            guard isRead(exchange) else { return notAllowed(exchange) }
            return page(exchange)
        }
    }

    private func page(_ exchange: Exchange) -> [UInt8] {
        let request = exchange.request
        let bytes = request.fields.arena.span
        let language = Language(
            query: bytes.extracting(request.query ?? 0..<0),
            preferences: bytes.extracting(request.fields.value(named: "Accept-Language") ?? 0..<0))
        let page = StatusPage(desk.status(), in: language)
        for (name, value) in StatusPage.fields { exchange.response.fields.append(name: name, value: value) }
        exchange.response.fields.append(name: "Content-Language", value: Array(language.rawValue.utf8))
        return answer(page.html, "text/html; charset=utf-8", of: exchange)
    }

    private func isRead(_ exchange: Exchange) -> Bool {
        exchange.request.method == .get || exchange.request.method == .head
    }

    private func notAllowed(_ exchange: Exchange) -> [UInt8] {
        exchange.response.fields.append(name: "Allow", value: "GET, HEAD")
        return text("here is nothing to be changed\n", 405, of: exchange)
    }

    private func answer(_ body: [UInt8], _ mediaType: StaticString, of exchange: Exchange) -> [UInt8] {
        exchange.response.status = 200
        exchange.response.fields.append(.contentType, value: mediaType)
        return body
    }

    private func text(_ text: String, _ status: Status, of exchange: Exchange) -> [UInt8] {
        exchange.response.status = status
        exchange.response.fields.append(.contentType, value: "text/plain; charset=utf-8")
        return Array(text.utf8)
    }

    func downstreamDrained() {}

    func cancel() {
        exchange = nil
    }
}
