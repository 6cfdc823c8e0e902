/// The bytes of the request that a plan makes over and over.
struct LoadRequest {
    let bytes: [UInt8]

    init(_ plan: LoadPlan) {
        let host = plan.serverName ?? "\(plan.target)"
        var text = plan.uploadSize > 0 ? "POST" : "GET"
        text += " \(plan.path) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: poterne-load\r\nAccept: */*\r\n"
        for field in plan.fields { text += field + "\r\n" }
        if plan.uploadSize > 0 {
            text += "Content-Type: application/octet-stream\r\nContent-Length: \(plan.uploadSize)\r\n"
        }
        if !plan.keepsConnections { text += "Connection: close\r\n" }
        text += "\r\n"
        bytes = Array(text.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: plan.uploadSize)
    }
}
