import EventLoop
import HTTP
import TLS

/// Requests of HTTP/1.1, one after the other.
final class HTTP1Conversation: LoadConversation {
    private enum State {
        case resting
        case sending(Attempt, from: Int)
        case receiving(Attempt)
    }

    private unowned let client: LoadClient
    private let worker: LoadWorker
    private var state = State.resting
    private var response = ResponseReader()

    init(_ client: LoadClient) {
        self.client = client
        worker = client.worker
    }

    var takesAttempt: Bool { isResting }
    var isResting: Bool { if case .resting = state { true } else { false } }

    private var attempt: Attempt? {
        switch state {
        case .resting: nil
        case .sending(let attempt, _), .receiving(let attempt): attempt
        }
    }

    var attemptsInHand: [Attempt] { attempt.map { [$0] } ?? [] }

    func begin(_ attempt: Attempt) {
        send(attempt, from: 0)
    }

    func ready() {
        switch state {
        case .resting: listen()
        case .sending(let attempt, let offset): send(attempt, from: offset)
        case .receiving(let attempt): receive(attempt)
        }
    }

    func expire(at now: MonotonicTime) -> MonotonicTime? {
        if let attempt, attempt.deadline > now { return attempt.deadline }
        switch state {
        case .resting: break
        case .sending(let attempt, _): conclude(attempt, .timedOut(.sending), keepsConnection: false)
        case .receiving(let attempt): conclude(attempt, .timedOut(.receiving), keepsConnection: false)
        }
        return nil
    }

    func takeLeave() {}

    func connectionEnded(_ outcome: LoadOutcome) {
        guard let attempt else { return worker.lostConnection() }
        // A body may end with the connection.
        let isWhole = outcome == .closed && response.isCompleteAtClose
        conclude(attempt, isWhole ? .status(response.status) : outcome, keepsConnection: false)
    }

    // MARK: Steps

    private func send(_ attempt: Attempt, from start: Int) {
        let request = worker.request.bytes
        var offset = start
        while offset < request.count {
            state = .sending(attempt, from: offset)
            do throws(TLSError) {
                switch try client.transport.write(request.span.extracting(offset..<request.count)) {
                case .done(let count): offset += count
                case .wantsRead: return client.transport.wait(for: .read)
                case .wantsWrite: return client.transport.wait(for: .write)
                case .closed: return client.connectionEnded(.closed)
                }
            } catch {
                return client.connectionEnded(LoadOutcome(error))
            }
        }
        state = .receiving(attempt)
        client.transport.wait(for: .read)
    }

    private func receive(_ attempt: Attempt) {
        do throws(TLSError) {
            repeat {
                switch try client.transport.read() {
                case .done(let count): if take(count, of: attempt) { return }
                case .wantsRead: return client.transport.wait(for: .read)
                case .wantsWrite: return client.transport.wait(for: .write)
                case .closed: return client.connectionEnded(.closed)
                }
                // The kernel tells of what it still has, but not of what OpenSSL has read ahead.
            } while client.transport.hasBufferedInput
        } catch {
            client.connectionEnded(LoadOutcome(error))
        }
    }

    /// Takes bytes of a response; whether the attempt is over.
    private func take(_ count: Int, of attempt: Attempt) -> Bool {
        if !response.isAmidst { worker.firstByteCame(of: attempt) }
        worker.tally.receivedBytes += count
        do throws(MessageError) {
            guard try worker.take(count, &response) else { return false }
            conclude(attempt, .status(response.status), keepsConnection: response.keepsAlive)
        } catch {
            conclude(attempt, .malformedResponse, keepsConnection: false)
        }
        return true
    }

    /// Something came on a connection at rest: the end of it, or a late ticket.
    private func listen() {
        do throws(TLSError) {
            while true {
                switch try client.transport.read() {
                case .done: continue
                case .wantsRead, .wantsWrite: return
                case .closed: return client.connectionEnded(.closed)
                }
            }
        } catch {
            client.connectionEnded(LoadOutcome(error))
        }
    }

    private func conclude(_ attempt: Attempt, _ outcome: LoadOutcome, keepsConnection: Bool) {
        state = .resting
        if keepsConnection { client.transport.wait(for: .read) }
        client.concluded(attempt, outcome, keepsConnection: keepsConnection)
    }
}
