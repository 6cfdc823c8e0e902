import EventLoop
import Glibc
import Testing

@Suite("Watcher")
struct WatcherTests {
    let loop: EventLoop

    init() throws {
        loop = try EventLoop()
    }

    @Test("tells nothing without interest, and nothing more once interest is withdrawn")
    func interest() throws {
        let pair = try EndpointPair(loop)
        pair.far.write("hello")
        try loop.turn(waiting: false)
        #expect(pair.near.seen.isEmpty)

        pair.near.setInterest(.read)
        try loop.turn(waiting: false)
        #expect(pair.near.seen == [.read])

        pair.near.setInterest([])
        try loop.turn(waiting: false)
        #expect(pair.near.seen == [.read])
    }

    @Test("tells again until what is there has been read")
    func levelTriggered() throws {
        let pair = try EndpointPair(loop)
        pair.near.setInterest(.read)
        pair.far.write("hello")
        try loop.turn(waiting: false)
        try loop.turn(waiting: false)
        #expect(pair.near.seen == [.read, .read])
        #expect(pair.near.read() == "hello")
        try loop.turn(waiting: false)
        #expect(pair.near.seen.count == 2)
    }

    @Test("tells reading and writing apart")
    func bothWays() throws {
        let pair = try EndpointPair(loop)
        pair.near.setInterest([.read, .write])
        try loop.turn(waiting: false)
        #expect(pair.near.seen == [.write])
        pair.far.write("x")
        try loop.turn(waiting: false)
        #expect(Set(pair.near.seen.dropFirst()) == [.read, .write])
        pair.near.setInterest(.read)
        pair.near.seen = []
        try loop.turn(waiting: false)
        #expect(pair.near.seen == [.read])
    }

    @Test("tells the end of stream as readable")
    func endOfStream() throws {
        let pair = try EndpointPair(loop)
        pair.near.setInterest(.read)
        Socket.shutdownWrite(pair.far.descriptor)
        try loop.turn(waiting: false)
        #expect(pair.near.seen == [.read])
        var storage = [UInt8](repeating: 0, count: 8)
        var buffer = storage.mutableSpan
        #expect(Socket.read(from: pair.near.descriptor, into: &buffer) == .closed)
    }

    @Test("lets a handler drop its watcher and its last reference inside the call")
    func dropsItself() throws {
        let pair = try Socket.pair()
        var endpoint: Endpoint? = Endpoint(loop, pair.first)
        weak let witness = endpoint
        var calls = 0
        endpoint?.onReady = { endpointItself in
            calls += 1
            endpointItself.watcher = nil
            endpoint = nil
            // Still whole: the loop holds it until we return.
            #expect(endpointItself.read() == "x")
        }
        endpoint?.setInterest([.read, .write])
        #expect(Socket.write([UInt8(ascii: "x")].span, to: pair.second) == .done(1))
        try loop.turn(waiting: false)
        try loop.turn(waiting: false)
        #expect(calls == 1)
        #expect(witness == nil)
    }

    @Test("never calls for an event gathered before its watcher was dropped by another handler")
    func droppedByAnother() throws {
        let one = try EndpointPair(loop)
        let two = try EndpointPair(loop)
        for (near, other) in [(one.near, two.near), (two.near, one.near)] {
            near.onReady = { [unowned other] _ in other.watcher = nil }
            near.setInterest(.read)
        }
        one.far.write("x")
        two.far.write("x")
        try loop.turn(waiting: false)
        try loop.turn(waiting: false)
        // Whichever came first silenced the other.
        #expect(one.near.seen.isEmpty != two.near.seen.isEmpty)
    }

    @Test("never calls after it was dropped and its descriptor's number given to another")
    func numberReused() throws {
        var pair: EndpointPair? = try EndpointPair(loop)
        let old = try #require(pair?.near)
        old.setInterest(.read)
        pair?.far.write("x")
        let number = old.descriptor.rawValue
        old.watcher = nil
        let next = try EndpointPair(loop)
        pair = nil
        #expect(next.near.descriptor.rawValue != number)
        next.near.setInterest(.read)
        try loop.turn(waiting: false)
        #expect(old.seen.isEmpty)
        #expect(next.near.seen.isEmpty)
    }

    @Test("says so when the kernel refuses to watch")
    func refused() throws {
        let number = unsafe open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC)
        try #require(number >= 0)
        // epoll does not take regular files.
        let file = Endpoint(loop, Descriptor(owning: number))
        file.setInterest(.read)
        try loop.turn(waiting: false)
        try loop.turn(waiting: false)
        #expect(file.seen == [.failed])
    }

    @Test("serves two thousand watchers, each its own")
    func many() throws {
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)

        let pairs = try (0..<2000).map { _ in try EndpointPair(loop) }
        for pair in pairs { pair.near.setInterest(.read) }
        for (index, pair) in pairs.enumerated() where index % 3 == 0 { pair.far.write("\(index)") }
        let wanted = pairs.indices.count { $0 % 3 == 0 }
        var texts: [Int: String] = [:]
        for (index, pair) in pairs.enumerated() {
            pair.near.onReady = { texts[index] = $0.read() }
        }
        try turn(loop) { texts.count == wanted }
        #expect(texts.allSatisfy { "\($0.key)" == $0.value })
        #expect(pairs.allSatisfy { $0.near.seen.count <= 1 })
    }
}
