import HTTP2
import TLS
import Testing

@testable import LoadTest

@Suite("Roles of callers")
struct CallerRoleTests {
    @Test("come in their shares, spread evenly")
    func dealt() {
        var dealer = RoleDealer(RoleShares([.full: 7, .resumed: 2, .revoked: 1]))
        let dealt = (0..<20).map { _ in dealer.next() }
        for part in [dealt[..<10], dealt[10...]] {
            #expect(part.count { $0 == .full } == 7)
            #expect(part.count { $0 == .resumed } == 2)
            #expect(part.count { $0 == .revoked } == 1)
        }
        #expect(!dealt.contains(.wrongKind))
    }

    @Test("that are slow have a share of the connections, and none of the attempts")
    func slow() {
        let shares = RoleShares([.full: 18, .slowHead: 1, .slowReader: 1])
        #expect(shares.slowConnections(.slowHead, of: 100) == 5)
        #expect(shares.slowConnections(.slowHead, of: 3) == 1)
        #expect(shares.slowConnections(.slowHandshake, of: 100) == 0)
        #expect(shares.slowConnections(.full, of: 100) == 0)
        var dealer = RoleDealer(shares.ordinary)
        #expect((0..<40).allSatisfy { _ in dealer.next() == .full })
    }

    @Test("are read from options, each once")
    func read() throws {
        let shares = try #require(RoleShares(parsing: "full=7,revoked=2,slow-reader=1"))
        #expect(shares == RoleShares([.full: 7, .revoked: 2, .slowReader: 1]))
        #expect(shares.total == 10)
    }

    @Test(
        "are not read from anything else",
        arguments: [
            "", "full", "full=", "full=-1", "full=1001", "full=1,full=2", "fool=1", "full=0", "slow-head=1", "full=1,",
            "70:20:5:5", "full=1=2",
        ])
    func unreadable(text: String) {
        #expect(RoleShares(parsing: text) == nil)
    }

    private static let expectations: [(CallerRole, LoadOutcome, Bool)] = [
        (.full, .status(200), true), (.full, .status(403), false), (.full, .alert(.certificateRevoked), false),
        (.full, .reset(.refusedStream), false), (.full, .otherProtocol, false), (.full, .unfinished, false),
        (.resumed, .greeted, true), (.resumed, .closed, false),
        (.revoked, .alert(.certificateRevoked), true), (.revoked, .status(403), true), (.revoked, .status(200), false),
        (.revoked, .greeted, false), (.revoked, .closed, false), (.revoked, .timedOut(.receiving), false),
        (.wrongKind, .alert(.unsupportedCertificate), true), (.wrongKind, .status(200), false),
        (.slowHandshake, .closed, true), (.slowHandshake, .unfinished, true), (.slowHead, .status(408), true),
        (.slowHead, .status(200), true), (.slowHead, .timedOut(.sending), false),
        (.slowReader, .broken(errno: 104), true),
        (.slowReader, .notConnected(errno: 111), false), (.slowReader, .status(500), false),
    ]

    @Test("are each content with what should become of them, and with nothing else", arguments: expectations)
    func expected(role: CallerRole, outcome: LoadOutcome, isExpected: Bool) {
        #expect(role.expects(outcome) == isExpected)
    }
}
