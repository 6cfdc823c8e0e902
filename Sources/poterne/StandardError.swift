import Glibc

/// Lines for the person who runs a command, apart from its answer.
enum StandardError {
    static func write(_ line: String) {
        put(line + "\n")
    }

    /// Replaces the line that a terminal's cursor is in.
    static func overwrite(_ line: String) {
        put("\r\u{1B}[K" + line)
    }

    private static func put(_ text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes {
                unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            start += count
        }
    }
}
