internal import Glibc

extension SocketAddress {
    /// Looks a name up, **blocking** the thread: for start and reload, never for a worker.
    ///
    /// - Returns: each address once, in the system's order of preference (RFC 6724).
    public static func resolve(host: String, port: UInt16) throws(SocketError) -> [SocketAddress] {
        if let ip = IPAddress(host) { return [SocketAddress(ip, port: port)] }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let outcome = unsafe getaddrinfo(host, nil, &hints, &list)
        guard outcome == 0 else {
            if outcome == EAI_SYSTEM { throw .system(.resolve, errno: errno) }
            let reason = unsafe gai_strerror(outcome).map { unsafe String(cString: $0) } ?? "error \(outcome)"
            throw .cannotResolve(host: host, reason: reason)
        }
        defer { unsafe freeaddrinfo(list) }
        var found: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            unsafe next = unsafe entry.pointee.ai_next
            var storage = sockaddr_storage()
            let length = unsafe Int(entry.pointee.ai_addrlen)
            guard let source = unsafe entry.pointee.ai_addr, length <= MemoryLayout<sockaddr_storage>.size else {
                continue
            }
            unsafe withUnsafeMutableBytes(of: &storage) { storage in
                unsafe storage.copyMemory(from: UnsafeRawBufferPointer(start: source, count: length))
            }
            guard let address = try? SocketAddress(storage, length: socklen_t(length)).ip,
                case let address = SocketAddress(address, port: port), !found.contains(address)
            else { continue }
            found.append(address)
        }
        guard !found.isEmpty else { throw .cannotResolve(host: host, reason: "no address") }
        return found
    }
}
