internal import CLinux
internal import Glibc

/// What an attempt to accept a connection came to.
@frozen
public enum AcceptOutcome: ~Copyable {
    /// A caller, and where it stands; IPv4 callers are shown as IPv4 even on a socket for both families.
    case connection(Descriptor, SocketAddress)
    /// Nobody waits.
    case wouldBlock
    /// No descriptor or no memory is left (EMFILE, ENFILE, ENOBUFS, ENOMEM): the caller stays in the queue, and the
    /// listener stays ready; stop watching it for a while.
    case exhausted(errno: Int32)
    /// The listening socket itself is unusable.
    case failed(SocketError)
}

extension Socket {
    /// Accepts one connection.
    ///
    /// How many to accept in a row is for the caller to bound.
    ///
    /// The corresponding C function is `accept4`.
    public static func accept(from listener: borrowing Descriptor) -> AcceptOutcome {
        // A caller that hung up in the queue is skipped (accept(2) names these errors). A flood of such must not hold the
        // worker: after a few, "nobody waits", and readiness will call again.
        for _ in 0..<16 {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let number = unsafe withKernelRoom(&storage, &length) { address, length in
                unsafe clinux_accept(listener.rawValue, address, length)
            }
            guard number < 0 else {
                let descriptor = Descriptor(owning: number)
                do {
                    return .connection(descriptor, try SocketAddress(storage, length: length).unmapped)
                } catch {
                    return .failed(error)
                }
            }
            switch errno {
            case EAGAIN:
                return .wouldBlock
            case EINTR, ECONNABORTED, EPROTO, ENOPROTOOPT, EPERM, ENETDOWN, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
                ENETUNREACH, ETIMEDOUT:
                continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                return .exhausted(errno: errno)
            default:
                return .failed(.system(.accept, errno: errno))
            }
        }
        return .wouldBlock
    }
}
