import COpenSSL

/// OpenSSL's error queue of this thread.
///
/// What a call leaves there would be blamed on a later call, in a TLS connection of the same thread for instance. So
/// every operation of this module clears the queue first and leaves it empty.
enum ErrorQueue {
    /// Runs an operation between two empty queues, and hands on what it throws.
    static func around<Success, Failure: Error>(
        _ operation: () throws(Failure) -> Success
    ) throws(Failure) -> Success {
        ERR_clear_error()
        defer { ERR_clear_error() }
        return try operation()
    }

    /// The earliest entry, which names the cause; 0 if there is none.
    static var cause: UInt { ERR_peek_error() }

    /// Whether the latest entry has this library and reason.
    static func latestIs(library: Int32, reason: Int32) -> Bool {
        let code = ERR_peek_last_error()
        return ERR_GET_LIB(code) == library && ERR_GET_REASON(code) == reason
    }
}
