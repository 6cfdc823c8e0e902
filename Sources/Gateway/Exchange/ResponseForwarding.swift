internal import HTTP

/// Turns an upstream's response head into the one the caller gets.
enum ResponseForwarding {
    static func apply(to head: inout ResponseHead, along route: Route?) {
        head.fields.removeHopByHop { _ in false }
        // RFC 9110 §6.6.1: a response without Date gets one; ours replaces the request id the upstream may echo.
        head.fields.remove(.xRequestID)
        head.fields.append(.via, value: "1.1 poterne")
        route?.responseEdits.apply(to: &head.fields)
    }
}
