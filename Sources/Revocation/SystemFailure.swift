internal import Glibc

/// A system call that failed.
public struct SystemFailure: Error, Hashable, Sendable {
    /// The call, such as `open`.
    public let call: String
    /// The value of `errno`.
    public let code: Int32

    /// Takes `errno` as it stands; nothing may come between the call and this.
    init(_ call: String) {
        self.call = call
        code = errno
    }

    init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }
}

extension SystemFailure: CustomStringConvertible {
    /// The call and the system's words for its error.
    public var description: String {
        guard let text = unsafe strerror(code) else { return "\(call): error \(code)" }
        return unsafe "\(call): \(String(cString: text))"
    }
}
