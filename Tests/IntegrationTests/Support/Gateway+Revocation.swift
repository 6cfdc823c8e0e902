import TLS

extension Gateway {
    /// Waits until a full CRL of ORGANISATIONS, or a delta, is in use.
    func awaitList(_ number: Int, delta: Bool = false) throws {
        let words = (delta ? "delta CRL \(number) of CN=TEST AC FICTIVE" : " CRL \(number) of CN=TEST AC FICTIVE")
        try eventually("CRL \(number) is in use") {
            operatorLog.split(separator: "\n").contains {
                $0.contains(words) && $0.contains("ELEMENTAIRE ORGANISATIONS") && $0.contains("is in use")
            }
        }
    }

    /// How a caller is refused: in the handshake, or in TLS 1.3 when it first reads; nothing when it is served.
    func refusal(of name: String, over version: TLSVersion, resuming session: TLSSession? = nil) -> TLSError? {
        do {
            _ = try caller(name, over: version, resuming: session).exchange("GET", "/")
            return nil
        } catch {
            return error as? TLSError ?? .system(errno: 0)
        }
    }
}
