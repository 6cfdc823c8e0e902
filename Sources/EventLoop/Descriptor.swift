internal import Glibc

/// Owns one file descriptor and closes it.
public struct Descriptor: ~Copyable, Sendable {
    /// The number, valid as long as the owner lives.
    public let rawValue: Int32

    /// Takes over an open descriptor.
    public init(owning rawValue: Int32) {
        self.rawValue = rawValue
    }

    deinit {
        // Whatever close(2) answers on Linux, EINTR included, the descriptor is gone: never repeat it.
        close(rawValue)
    }

    /// Gives the descriptor away: the caller must close it.
    public consuming func release() -> Int32 {
        let number = rawValue
        discard self
        return number
    }

    /// A second descriptor of the same open file, close-on-exec.
    ///
    /// The corresponding C function is `fcntl` with `F_DUPFD_CLOEXEC`.
    public borrowing func duplicate() throws(SocketError) -> Descriptor {
        let copy = fcntl(rawValue, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw .system(.duplicate, errno: errno) }
        return Descriptor(owning: copy)
    }
}
