internal import Glibc

/// What can fail in making a loop or something that hangs on it.
public enum EventLoopError: Error, Hashable, Sendable {
    /// libevent has no constant-time backend here (epoll), or could not open it: out of descriptors or of memory.
    case cannotMakeLoop
    /// Waiting for events failed, which only a closed or corrupted epoll descriptor explains.
    case waitFailed
    /// An operating-system call failed.
    case system(call: String, errno: Int32)
}

extension EventLoopError: CustomStringConvertible {
    /// The sentence for a log.
    public var description: String {
        switch self {
        case .cannotMakeLoop: "cannot make an event loop: epoll is not available"
        case .waitFailed: "waiting for events failed: the epoll descriptor is gone"
        case .system(let call, let errno): "\(call): \(errorText(errno))"
        }
    }
}

/// The system's sentence for an `errno`.
func errorText(_ number: Int32) -> String {
    // The longest message of glibc is 49 bytes.
    unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let start = buffer.baseAddress, unsafe strerror_r(number, start, buffer.count) == 0 else {
            return "error \(number)"
        }
        return unsafe String(cString: start)
    }
}
