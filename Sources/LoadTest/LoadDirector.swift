import EventLoop
import TLS

/// Starts the threads together, tells of their progress, and puts their results together.
final class LoadDirector: WakeupHandler, TimerHandler, SignalHandler {
    private let plan: LoadPlan
    private let callers: CallerSet
    private let progress: (LoadTest.Progress) -> Void
    private let loop: EventLoop
    private let wakeup: Wakeup
    private var posts: [WorkerPost] = []
    private let server: ServerProcess?

    private var watcher: WakeupWatcher?
    private var timer: Timer?
    private var start: Reading?
    private var end: Reading?
    private var failure: LoadError?
    private var first: Reading?
    /// The server's memory before any connection.
    private var memoryBefore: UInt64?
    private var memoryHeld: UInt64?

    /// Clocks read at one moment.
    private struct Reading {
        var time = MonotonicTime.now()
        var server: UInt64?
        var client = ServerProcess.ownProcessorTime

        init(_ process: ServerProcess?) {
            server = process?.processorTime
        }
    }

    init(
        _ plan: LoadPlan, _ callers: CallerSet, progress: @escaping (LoadTest.Progress) -> Void
    ) throws(LoadError) {
        self.plan = plan
        self.callers = callers
        self.progress = progress
        server = plan.serverProcess.map(ServerProcess.init)
        do throws(EventLoopError) {
            loop = try EventLoop()
            wakeup = try Wakeup()
            for index in 0..<plan.threads { posts.append(try WorkerPost(index: index, director: wakeup)) }
        } catch {
            throw .system(error.description)
        }
        watcher = WakeupWatcher(loop: loop, wakeup: wakeup, handler: self)
        timer = Timer(loop: loop, handler: self)
    }

    func run(stopSignals: [Signal]) throws(LoadError) -> LoadReport {
        memoryBefore = server?.residentBytes
        first = Reading(server)
        var threads: [ThreadHandle] = []
        do throws(EventLoopError) {
            let signals = try SignalWatcher(loop: loop, signals: stopSignals, handler: self)
            for index in posts.indices { threads.append(try spawn(index)) }
            timer?.schedule(after: .seconds(1))
            try loop.run()
            _ = consume signals
        } catch {
            failure = failure ?? .system(error.description)
        }
        for post in posts { post.stop() }
        for thread in threads { thread.join() }
        if let failure { throw failure }
        return report()
    }

    private func spawn(_ index: Int) throws(EventLoopError) -> ThreadHandle {
        let post = posts[index]
        let connections = WorkerPost.share(of: plan.ordinaryConnections, index: index, among: plan.threads)
        let share = callers.share(of: index, among: plan.threads)
        return try spawnThread(name: "load \(index)") { [plan] in
            do throws(LoadError) {
                try LoadWorker(plan: plan, callers: share, connections: connections, post: post).run()
            } catch {
                post.report(error)
            }
        }
    }

    // MARK: Events

    func wokenUp() {
        if let error = posts.lazy.compactMap(\.error).first {
            failure = error
            return loop.stop()
        }
        if posts.allSatisfy({ $0.result != nil }) {
            end = Reading(server)
            return loop.stop()
        }
        if start == nil, posts.allSatisfy(\.isReady) { begin() }
    }

    private func begin() {
        let failures = posts.compactMap(\.failure)
        if posts.reduce(0, { $0 + $1.gauge.value(.ready) }) == 0, let first = failures.first {
            let isWithoutHTTP2 = first == .alert(.noApplicationProtocol) || first == .otherProtocol
            failure = isWithoutHTTP2 && plan.speech == .http2 ? .withoutHTTP2 : .nobodyServed(first)
            return loop.stop()
        }
        memoryHeld = server?.residentBytes
        let reading = Reading(server)
        start = reading
        for post in posts { post.start(at: reading.time) }
    }

    func timerFired(_ token: Int) {
        func sum(_ kind: LoadGauge.Kind) -> Int { posts.reduce(0) { $0 + $1.gauge.value(kind) } }
        let origin = start?.time ?? first?.time ?? .now()
        progress(
            LoadTest.Progress(
                seconds: Double(MonotonicTime.now().nanoseconds(since: origin)) / 1e9,
                attempts: sum(.expected) + sum(.unexpected), unexpected: sum(.unexpected), open: sum(.open),
                ready: start == nil ? sum(.ready) : nil))
        timer?.schedule(after: .seconds(1))
    }

    func received(_ signal: Signal, from sender: Int32) {
        for post in posts { post.stop() }
    }

    private func report() -> LoadReport {
        let end = self.end ?? Reading(server)
        let opened = self.start?.time ?? end.time
        // Where connections are measured, opening them is what costs.
        let start = (plan.mode == .connections ? first : self.start) ?? end
        var tally = LoadTally()
        for post in posts { if let result = post.result { tally += result } }
        var report = LoadReport(tally, seconds: Double(end.time.nanoseconds(since: start.time)) / 1e9)
        if plan.mode == .connections {
            report.openingSeconds = Double(opened.nanoseconds(since: start.time)) / 1e9
        }
        report.isRamped = plan.isRamped
        report.clientProcessorSeconds = Double(end.client - start.client) / 1e9
        if let first = start.server, let last = end.server, last >= first {
            report.serverProcessorSeconds = Double(last - first) / 1e9
        }
        if plan.keepsConnections {
            report.heldConnections = tally.heldConnections
            if let memoryBefore, let memoryHeld {
                report.serverMemory = (before: memoryBefore, held: memoryHeld)
            }
        }
        return report
    }
}
