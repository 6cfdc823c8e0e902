internal import HTTP
internal import Token

/// Composes the gateway's own error answers: problem documents as RFC 9457 says.
enum ProblemResponse {
    /// Writes status and fields into `response`; returns the body.
    static func compose(
        _ refusal: ExchangeRefusal, for record: ExchangeRecord, explainedAt base: String,
        into response: inout ResponseHead
    ) -> [UInt8] {
        response.reset()
        response.status = refusal.status
        response.fields.append(.contentType, value: ProblemDetails.mediaType)
        response.fields.append(.cacheControl, value: "no-store")
        if case .methodNotAllowed(let allowed) = refusal { response.fields.append(name: "Allow", value: allowed) }
        if case .token(let reason) = refusal, let challenge = reason.authenticate {
            response.fields.append(name: "WWW-Authenticate", value: challenge)
        }
        if let seconds = refusal.retryAfter {
            var value: [UInt8] = []
            value.append(decimal: seconds)
            response.fields.append(.retryAfter, value: value)
        }
        var problem = ProblemDetails(status: refusal.status, detail: refusal.detail)
        problem.type = base + refusal.code
        problem.extensions = [
            ProblemDetails.Member("code", .string(refusal.code)),
            ProblemDetails.Member("request_id", .string(String(decoding: record.requestID, as: UTF8.self))),
        ]
        var body: [UInt8] = []
        problem.write(into: &body)
        return body
    }
}

extension TokenRefusal {
    /// The challenge of RFC 6750 §3; nil where another token would not help.
    fileprivate var authenticate: [UInt8]? {
        guard status != 503 else { return nil }
        var value = Array("Bearer realm=\"poterne\"".utf8)
        if let challenge {
            value.append(contentsOf: ", error=\"\(challenge)\", error_description=\"\(description)\"".utf8)
        }
        return value
    }
}
