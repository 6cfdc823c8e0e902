import EventLoop
import Testing

@Suite("EventLoop")
struct LoopTests {
    let loop: EventLoop

    init() throws {
        loop = try EventLoop()
    }

    @Test("returns from run when stopped, after the whole iteration, and can run again")
    func stops() throws {
        let log = Log()
        let recorder = TimerRecorder()
        let timer = recorder.add(loop)
        recorder.onFire = { [loop] _, _ in
            loop.stop()
            loop.afterEvents(log)
        }
        for round in 1...2 {
            timer.timer?.schedule(after: .zero)
            try loop.run()
            #expect(log.calls == round)
        }
    }

    @Test("does not sleep when stopped beforehand")
    func stoppedBeforehand() throws {
        loop.stop()
        try loop.run()
    }

    @Test("holds its time still during an iteration")
    func time() throws {
        let pair = try EndpointPair(loop)
        var times: [MonotonicTime] = []
        pair.near.onReady = { [loop] _ in
            times.append(loop.now)
            while MonotonicTime.now() == loop.now {}
            times.append(loop.now)
        }
        pair.near.setInterest(.write)
        try loop.turn(waiting: false)
        try loop.turn(waiting: false)
        try #require(times.count == 4)
        #expect(times[0] == times[1])
        #expect(times[1] < times[2])
        #expect(times[2] == times[3])
    }

    @Test("calls what was left for the end of the iteration after every event of it")
    func afterEvents() throws {
        let log = Log()
        let pairs = try (0..<3).map { _ in try EndpointPair(loop) }
        for pair in pairs {
            pair.near.onReady = { [loop] endpoint in
                log.entries.append("event")
                if log.entries.count == 1 { loop.afterEvents(log) }
                endpoint.setInterest([])
            }
            pair.near.setInterest(.write)
        }
        try loop.turn(waiting: false)
        #expect(log.entries == ["event", "event", "event", "after"])
        try loop.turn(waiting: false)
        #expect(log.calls == 1)
        // Nobody else holds them: the optimiser would end them above, and their watchers with them.
        withExtendedLifetime(pairs) {}
    }

    @Test("does not let a handler that always asks again starve the events, nor sleep meanwhile")
    func afterEventsAgain() throws {
        let log = Log()
        log.again = loop
        let pair = try EndpointPair(loop)
        pair.near.setInterest(.write)
        loop.afterEvents(log)
        for _ in 0..<3 { try loop.turn() }
        #expect(log.calls == 3)
        #expect(pair.near.seen.count == 3)
        pair.near.setInterest([])
        // Nothing is ready: this would hang if it slept.
        try loop.turn()
        #expect(log.calls == 4)
        log.again = nil
        try loop.turn()
        #expect(log.calls == 5)
    }

    @Test("keeps alive what is to be called at the end of the iteration")
    func afterEventsRetains() throws {
        var log: Log? = Log()
        weak let witness = log
        if let log { loop.afterEvents(log) }
        log = nil
        #expect(witness != nil)
        try loop.turn()
        #expect(witness == nil)
    }

    @Test("outlives its owner as long as something hangs on it")
    func lifetime() throws {
        var short: EventLoop? = try EventLoop()
        weak let witness = short
        var pair: EndpointPair? = try short.map { try EndpointPair($0) }
        pair?.near.setInterest(.read)
        short = nil
        #expect(witness != nil)
        pair = nil
        #expect(witness == nil)
    }
}

private final class Log: AfterEventsHandler {
    var entries: [String] = []
    var again: EventLoop?
    var calls: Int { entries.count { $0 == "after" } }

    func eventsHandled() {
        entries.append("after")
        again?.afterEvents(self)
    }
}
