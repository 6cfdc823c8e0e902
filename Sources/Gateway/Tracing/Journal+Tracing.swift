internal import Configuration
internal import EventLoop
internal import HTTP
internal import IGCSante
internal import Observability
internal import TLS
internal import Trust

extension Journal {
    /// Settles which trace a request belongs to: what its upstream is told is in the record, and where the trace is recorded
    /// there is a result.
    func beginTrace(
        of request: inout RequestHead, into record: inout ExchangeRecord, by plan: TracingPlan
    ) -> ExchangeTrace? {
        let incoming = TraceAdmission.context(in: &request.fields, takesCallers: plan.callers != .replace)
        var context = incoming ?? newTrace()
        guard plan.sampling != nil else {
            // Who records nothing puts no span of its own between those that do.
            context.append(to: &record.traceparent)
            return nil
        }
        let isRecorded = plan.records(context, incoming: incoming != nil)
        context = context.sampled(isRecorded)
        context.append(to: &record.traceparent)
        guard isRecorded else { return nil }
        return ExchangeTrace(context, span: newSpan(), parent: incoming?.parent, began: record.began)
    }

    /// Writes the span of a request that is over, and of the try that is not yet.
    func finish(_ trace: ExchangeTrace, of exchange: Exchange) {
        endTry(of: trace, in: exchange, because: exchange.record.refusal)
        let record = exchange.record
        let state = exchange.traceState
        writeSpan { line in
            line.begin(
                .server, trace.span, of: trace.context, parent: trace.parent, isParentRemote: trace.parent != nil,
                state: state.span, from: trace.nanoseconds(at: record.began),
                to: trace.nanoseconds(at: record.ended))
            line.addName(of: exchange, path: exchange.route?.path)
            line.addMethod(of: exchange)
            line.addTarget(of: exchange)
            line.add("network.protocol.name", word: "http")
            line.add("network.protocol.version", word: exchange.protocolVersion)
            line.addConnection(of: exchange)
            if let route = exchange.route {
                let path = route.path
                line.add("http.route", path.span)
                line.add("poterne.route", route.name)
            }
            let requestID = record.requestID
            line.add("poterne.request_id", requestID.span)
            let status = record.status
            line.add("http.response.status_code", status == 0 ? nil : UInt64(status))
            line.add("poterne.refusal", record.refusal)
            // 4xx are the caller's errors, not this server's.
            let isError = status >= 500 || status == 0
            if isError {
                line.add("error.type", record.refusal ?? (status == 0 ? "caller_gone" : "\(status)"))
            }
            line.end(isError: isError)
        }
    }

    /// Writes the span of the try in hand, if there is one that got as far as a server.
    func endTry(of trace: ExchangeTrace, in exchange: Exchange, because failure: String?) {
        guard let ended = trace.end(tried: exchange.tried.count), let server = exchange.tried.last else { return }
        let now = exchange.worker.loop.now
        let state = exchange.traceState
        writeSpan { line in
            line.begin(
                .client, ended.span, of: trace.context, parent: trace.span, isParentRemote: false,
                state: state.span, from: trace.nanoseconds(at: ended.began), to: trace.nanoseconds(at: now))
            line.addName(of: exchange, path: nil)
            line.addMethod(of: exchange)
            line.add(server, of: ended.plan, for: exchange)
            line.add("network.protocol.name", word: "http")
            line.add("network.protocol.version", word: ended.plan.speaksHTTP2 ? "2" : "1.1")
            line.add("poterne.upstream", ended.plan.name)
            line.add("http.request.resend_count", ended.number == 0 ? nil : ended.number)
            line.add("http.response.status_code", ended.status.map(UInt64.init))
            // 4xx are errors of who calls: here that is us, on behalf of the caller.
            let isError = failure != nil || ended.status.map { $0 >= 400 } ?? true
            if isError {
                line.add("error.type", failure ?? ended.status.map { "\($0)" } ?? "caller_gone")
            }
            line.end(isError: isError)
        }
    }
}

extension SpanLine {
    /// How methods of none of the names that are known are called, so that spans do not have as many names as callers like.
    private static var otherMethod: StaticString { "_OTHER" }

    fileprivate mutating func addName(of exchange: Exchange, path: [UInt8]?) {
        let method = exchange.request.method.knownName ?? "HTTP"
        add(name: method)
        guard let path else { return }
        add(name: " ")
        add(name: path.span)
    }

    fileprivate mutating func addMethod(of exchange: Exchange) {
        if let known = exchange.request.method.knownName {
            add("http.request.method", word: known)
        } else {
            add("http.request.method", word: Self.otherMethod)
            var method: [UInt8] = []
            exchange.request.appendMethod(to: &method)
            add("http.request.method_original", method.span)
        }
    }

    /// What was asked for, without its query, which can hold what identifies a patient, or a token.
    fileprivate mutating func addTarget(of exchange: Exchange) {
        let arena = exchange.request.fields.arena
        let bytes = arena.span
        let target = bytes.extracting(exchange.sentTarget)
        var end = 0
        while end < target.count, target[end] != UInt8(ascii: "?"), target[end] != UInt8(ascii: "#") { end += 1 }
        add("url.scheme", word: exchange.downstream.isSecure ? "https" : "http")
        add("url.path", target.extracting(0..<end))
        guard let range = exchange.request.authority, let authority = Authority(range, in: bytes) else { return }
        add("server.address", bytes.extracting(authority.host))
        add("server.port", authority.port.map(UInt64.init))
    }

    fileprivate mutating func addConnection(of exchange: Exchange) {
        let connection = exchange.downstream
        let address = RenderedOrigin.text(of: connection.address)
        add("client.address", address.span)
        add("poterne.listener", connection.plan.name)
        if let facts = connection.facts {
            add("tls.protocol.name", word: "tls")
            add("tls.protocol.version", word: facts.version == .tls13 ? "1.3" : "1.2")
            add("tls.cipher", facts.cipherSuite)
            add("tls.resumed", facts.isResumed)
        }
        guard let peer = connection.caller?.peer else { return }
        add("poterne.structure", peer.structure?.raw)
        add("poterne.kind", peer.kind?.rawValue)
    }

    fileprivate mutating func add(_ server: UpstreamServerPlan, of plan: UpstreamPlan, for exchange: Exchange) {
        let scheme: StaticString = plan.tls == nil ? "http" : "https"
        var url: [UInt8] = []
        url.append(literal: scheme)
        url.append(literal: "://")
        url.append(contentsOf: server.name.utf8)
        let path = exchange.request.path
        url.append(contentsOf: exchange.request.fields.arena[path])
        add("url.full", url.span)
        switch server.address {
        case .unix(let path): add("server.address", path)
        case .v4, .v6:
            let port = server.address.port.map(UInt64.init)
            var address: [UInt8] = []
            server.address.ip?.append(to: &address)
            add("server.address", server.serverName ?? Self.host(of: server.name))
            add("server.port", port)
            add("network.peer.address", address.span)
            add("network.peer.port", port)
        }
    }

    /// `HOST:PORT` without its port and brackets.
    private static func host(of name: String) -> String {
        let host = name.utf8.lastIndex(of: UInt8(ascii: ":")).map { name[..<$0] } ?? name[...]
        return String(host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host)
    }
}

extension Exchange {
    /// As it is passed on.
    fileprivate var traceState: [UInt8] {
        request.fields.value(of: .tracestate).map { Array(request.fields.arena[$0]) } ?? []
    }

    fileprivate var protocolVersion: StaticString {
        switch request.version {
        case .http10: "1.0"
        case .http11: "1.1"
        case .http2: "2"
        }
    }
}
