import EventLoop
import Testing

@Suite("Timer")
struct TimerTests {
    let loop: EventLoop
    let recorder = TimerRecorder()

    init() throws {
        loop = try EventLoop()
    }

    @Test("fires in the order of the deadlines, whatever the order of arming")
    func order() throws {
        let timers = (0..<4).map { _ in recorder.add(loop) }
        for (timer, delay) in zip(timers, [24, 8, 16, 0]) {
            timer.timer?.schedule(after: .milliseconds(delay))
        }
        try turn(loop) { recorder.fired.count == 4 }
        #expect(recorder.fired == [3, 1, 2, 0])
        #expect(timers.allSatisfy { $0.timer?.deadline == nil })
    }

    @Test("fires once only")
    func once() throws {
        let timer = recorder.add(loop)
        timer.timer?.schedule(after: .zero)
        try turn(loop) { recorder.fired == [0] }
        for _ in 0..<5 { try loop.turn(waiting: false) }
        #expect(recorder.fired == [0])
    }

    @Test("never fires before its deadline, by the loop's own clock")
    func neverEarly() throws {
        let timer = recorder.add(loop)
        var early = 0
        var deadline = MonotonicTime(nanoseconds: 0)
        recorder.onFire = { [loop] _, _ in
            if loop.now < deadline { early += 1 }
        }
        for round in 1...20 {
            deadline = loop.now + .microseconds(150 * round)
            timer.timer?.schedule(at: deadline)
            try turn(loop) { recorder.fired.count == round }
        }
        #expect(early == 0)
    }

    @Test("does not fire when cancelled, also by the timer before it in the same iteration")
    func cancelled() throws {
        let first = recorder.add(loop)
        let second = recorder.add(loop)
        let third = recorder.add(loop)
        recorder.onFire = { recorder, token in
            if token == 0 { recorder.timers[1].timer?.cancel() }
        }
        let start = loop.now
        first.timer?.schedule(at: start)
        second.timer?.schedule(at: start + .microseconds(1))
        third.timer?.schedule(at: start + .milliseconds(5))
        second.timer?.cancel()
        second.timer?.schedule(at: start + .microseconds(1))
        try turn(loop) { recorder.fired.contains(2) }
        #expect(recorder.fired == [0, 2])
    }

    @Test("keeps the last deadline it was given: pushed back, brought forward, armed again after a cancel")
    func rearmed() throws {
        let pushedBack = recorder.add(loop)
        let broughtForward = recorder.add(loop)
        let armedAgain = recorder.add(loop)
        pushedBack.timer?.schedule(after: .milliseconds(1))
        pushedBack.timer?.schedule(after: .milliseconds(30))
        broughtForward.timer?.schedule(after: .seconds(3600))
        broughtForward.timer?.schedule(after: .milliseconds(5))
        armedAgain.timer?.schedule(after: .milliseconds(1))
        armedAgain.timer?.cancel()
        armedAgain.timer?.schedule(after: .milliseconds(15))
        try turn(loop) { recorder.fired.count == 3 }
        #expect(recorder.fired == [1, 2, 0])
    }

    @Test("lets its handler arm it again, and drop it, inside the call")
    func insideTheCall() throws {
        let timer = recorder.add(loop)
        recorder.onFire = { recorder, token in
            if recorder.fired.count < 3 {
                recorder.timers[token].timer?.schedule(after: .zero)
            } else {
                recorder.timers[token].timer = nil
            }
        }
        timer.timer?.schedule(after: .zero)
        try turn(loop) { recorder.fired.count == 3 }
        for _ in 0..<3 { try loop.turn(waiting: false) }
        #expect(recorder.fired == [0, 0, 0])
    }

    @Test("does not call once it is dropped, armed")
    func dropped() throws {
        let timer = recorder.add(loop)
        let other = recorder.add(loop)
        timer.timer?.schedule(after: .zero)
        other.timer?.schedule(after: .milliseconds(2))
        timer.timer = nil
        try turn(loop) { recorder.fired == [1] }
    }

    @Test("takes a deadline at the end of time, and one long past")
    func extremes() throws {
        let never = recorder.add(loop)
        let past = recorder.add(loop)
        never.timer?.schedule(after: .seconds(Int64.max))
        never.timer?.schedule(at: MonotonicTime(nanoseconds: .max - 1))
        past.timer?.schedule(after: .seconds(-5))
        try turn(loop) { recorder.fired == [1] }
    }
}

@Suite("MonotonicTime")
struct MonotonicTimeTests {
    @Test("never runs backwards, and stops at its ends instead of wrapping")
    func arithmetic() {
        let time = MonotonicTime.now()
        #expect(MonotonicTime.now() >= time)
        #expect((time + .seconds(2)) - time == .seconds(2))
        #expect(time - (time + .milliseconds(3)) == .milliseconds(-3))
        #expect(time + .seconds(-1) == time)
        #expect(time.advanced(byNanoseconds: .max).nanoseconds == .max)
        #expect(time.nanoseconds(since: time + .seconds(1)) == 0)
        #expect((time + .seconds(1)).nanoseconds(since: time) == 1_000_000_000)
    }

    @Test(
        "converts durations whole",
        arguments: [
            (Duration.zero, 0), (.nanoseconds(1), 1), (.milliseconds(1500), 1_500_000_000), (.seconds(-1), 0),
            (.nanoseconds(-1), 0), (.seconds(Int64.max), UInt64.max),
        ] as [(Duration, UInt64)])
    func durations(duration: Duration, nanoseconds: UInt64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
    }
}
