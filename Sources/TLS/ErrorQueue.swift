internal import COpenSSL

/// OpenSSL's per-thread list of what went wrong.
enum ErrorQueue {
    /// Empties the queue and returns the code that says most: the first of libssl, or else the first of all, or 0.
    static func take() -> UInt {
        var found: UInt = 0
        while true {
            let code = ERR_get_error()
            if code == 0 { return found }
            if found == 0 || (ERR_GET_LIB(found) != ERR_LIB_SSL && ERR_GET_LIB(code) == ERR_LIB_SSL) { found = code }
        }
    }

    /// Forgets what earlier calls left behind, so that `SSL_get_error` does not take it for the next one's.
    static func clear() {
        // Looking is a tenth of clearing, which goes through every place of the queue, and there is nearly never anything.
        if ERR_peek_error() != 0 { ERR_clear_error() }
    }
}
