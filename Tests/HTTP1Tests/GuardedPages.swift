import Glibc
import HTTP

/// Memory that ends where reading traps: pages followed by one with `PROT_NONE`.
@safe
final class GuardedPages {
    let capacity: Int
    private let memory: UnsafeMutableRawBufferPointer

    struct MappingFailed: Error {}

    /// The corresponding C functions are `mmap` and `mprotect`.
    init(bytes: Int) throws {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        capacity = (bytes + page - 1) / page * page
        let total = capacity + page
        let address = unsafe mmap(nil, total, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { throw MappingFailed() }
        unsafe memory = UnsafeMutableRawBufferPointer(start: address, count: total)
        guard unsafe mprotect(address + capacity, page, PROT_NONE) == 0 else { throw MappingFailed() }
    }

    deinit { unsafe munmap(memory.baseAddress, memory.count) }

    /// Calls `body` with a copy of `bytes` whose last octet is the last one that can be read.
    func withBytesAtEnd(_ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        let start = capacity - bytes.count
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<capacity])
            .bindMemory(to: UInt8.self)
        for index in 0..<bytes.count { unsafe target[index] = bytes[index] }
        body(unsafe Span(_unsafeElements: UnsafeBufferPointer(target)))
    }
}
