import EventLoop
import Testing

@testable import Gateway

struct ConnectionStageTests {
    struct Case: Sendable {
        let from: ConnectionStage
        let event: ConnectionStage.Event
        let to: ConnectionStage
    }

    @Test(
        "A stage moves on, and never back from a decided end",
        arguments: [
            Case(from: .establishing(.write), event: .waits(.read), to: .establishing(.read)),
            Case(from: .establishing(.write), event: .established, to: .open),
            Case(from: .establishing(.write), event: .lost(.endedEarly), to: .establishing(.write)),
            Case(from: .open, event: .lost(.timedOut), to: .lost(.timedOut)),
            Case(from: .open, event: .waits(.read), to: .open),
            Case(from: .lost(.timedOut), event: .lost(.endedEarly), to: .lost(.timedOut)),
            Case(from: .lost(.timedOut), event: .lossSaid, to: .open),
            Case(from: .lost(.timedOut), event: .closeAsked, to: .closing),
            Case(from: .establishing(.read), event: .closeAsked, to: .closing),
            Case(from: .open, event: .closeAsked, to: .closing),
            Case(from: .open, event: .released, to: .open),
            Case(from: .closing, event: .established, to: .closing),
            Case(from: .closing, event: .lost(.endedEarly), to: .closing),
            Case(from: .closing, event: .lossSaid, to: .closing),
            Case(from: .closing, event: .released, to: .closed),
            Case(from: .closed, event: .closeAsked, to: .closed),
            Case(from: .closed, event: .established, to: .closed),
        ])
    func moves(_ expected: Case) {
        var stage = expected.from
        stage.advance(by: expected.event)
        #expect(stage == expected.to)
    }

    @Test("Output is taken while bytes can still reach the peer")
    func takesOutput() {
        #expect(ConnectionStage.establishing(.read).takesOutput)
        #expect(ConnectionStage.open.takesOutput)
        #expect(!ConnectionStage.lost(.endedEarly).takesOutput)
        #expect(!ConnectionStage.closing.takesOutput)
        #expect(!ConnectionStage.closed.takesOutput)
    }
}
