internal import HTTP

/// Composes the gateway's own error answers: problem documents as RFC 9457 says.
enum ProblemResponse {
    /// Where each code is explained.
    private static let typePrefix = "https://poterne.example/refusals#"

    /// Writes status and fields into `response`; returns the body.
    static func compose(
        _ refusal: ExchangeRefusal, for record: ExchangeRecord, into response: inout ResponseHead
    ) -> [UInt8] {
        response.reset()
        response.status = refusal.status
        response.fields.append(.contentType, value: ProblemDetails.mediaType)
        response.fields.append(.cacheControl, value: "no-store")
        if case .methodNotAllowed(let allowed) = refusal { response.fields.append(name: "Allow", value: allowed) }
        if refusal.status == 503 { response.fields.append(.retryAfter, value: "1") }
        var problem = ProblemDetails(status: refusal.status, detail: refusal.detail)
        problem.type = typePrefix + refusal.code
        problem.extensions = [
            ProblemDetails.Member("code", .string(refusal.code)),
            ProblemDetails.Member("request_id", .string(String(decoding: record.requestID, as: UTF8.self))),
        ]
        var body: [UInt8] = []
        problem.write(into: &body)
        return body
    }
}
