internal import Glibc

/// The kernel's form of an address, in and out.
extension SocketAddress {
    var family: Int32 {
        switch self {
        case .v4: AF_INET
        case .v6: AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Calls `body` with the address as the kernel wants it.
    func withKernelAddress<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) throws(SocketError) -> Result {
        var storage = sockaddr_storage()
        let length: Int
        switch self {
        case .v4(let bits, let port):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = bits.bigEndian
            length = unsafe store(address, in: &storage)
        case .v6(let high, let low, let scope, let port):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_scope_id = scope
            unsafe withUnsafeMutableBytes(of: &address.sin6_addr) { bytes in
                unsafe bytes.storeBytes(of: high.bigEndian, toByteOffset: 0, as: UInt64.self)
                unsafe bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            length = unsafe store(address, in: &storage)
        case .unix(let path):
            let bytes = Array(path.utf8)
            guard !bytes.isEmpty, bytes.count <= SocketAddress.longestPath, !bytes.contains(0) else {
                throw .unusablePath(path)
            }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
            length = unsafe store(address, in: &storage)
        }
        return unsafe withUnsafePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, socklen_t(length)) }
        }
    }

    /// Reads what the kernel wrote.
    init(_ storage: borrowing sockaddr_storage, length: socklen_t) throws(SocketError) {
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = unsafe load(sockaddr_in.self, from: storage)
            self = .v4(UInt32(bigEndian: address.sin_addr.s_addr), port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = unsafe load(sockaddr_in6.self, from: storage)
            let high = unsafe withUnsafeBytes(of: address.sin6_addr) { unsafe $0.load(as: UInt64.self) }
            let low = unsafe withUnsafeBytes(of: address.sin6_addr) {
                unsafe $0.load(fromByteOffset: 8, as: UInt64.self)
            }
            self = .v6(
                high: UInt64(bigEndian: high), low: UInt64(bigEndian: low),
                scope: address.sin6_scope_id, port: UInt16(bigEndian: address.sin6_port))
        case AF_UNIX:
            let address = unsafe load(sockaddr_un.self, from: storage)
            // The length says how much of the path there is: none for an unnamed peer, and then the rest is not ours.
            let offset = MemoryLayout<sa_family_t>.size
            let count = min(max(Int(length) - offset, 0), SocketAddress.longestPath)
            let path = unsafe withUnsafeBytes(of: address.sun_path) { bytes in
                unsafe Array(bytes.prefix(count).prefix { $0 != 0 })
            }
            self = .unix(String(decoding: path, as: UTF8.self))
        default:
            throw .unknownAddressFamily(Int(storage.ss_family))
        }
    }

    /// Calls `body` with room for the kernel to write an address to.
    static func fromKernel(
        _ call: SocketError.Call, _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) throws(SocketError) -> SocketAddress {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let outcome = unsafe withKernelRoom(&storage, &length, body)
        guard outcome >= 0 else { throw .system(call, errno: errno) }
        return try SocketAddress(storage, length: length)
    }
}

/// Lets `body` write an address into `storage`.
func withKernelRoom(
    _ storage: inout sockaddr_storage, _ length: inout socklen_t,
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
) -> Int32 {
    unsafe withUnsafeMutablePointer(to: &storage) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &length) }
    }
}

/// Every `sockaddr_…` fits in the storage, which is made for it; returns the size.
@unsafe
private func store<Address>(_ address: Address, in storage: inout sockaddr_storage) -> Int {
    unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: address, as: Address.self) }
    return MemoryLayout<Address>.size
}

@unsafe
private func load<Address>(_ type: Address.Type, from storage: sockaddr_storage) -> Address {
    unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: Address.self) }
}
