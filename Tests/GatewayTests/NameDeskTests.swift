import EventLoop
import HTTP
import Logging
import Synchronization
import Testing

@testable import Gateway

@Suite("Names of upstreams, looked up again")
struct NameDeskTests {
    /// A resolver that answers as it is told, as often as it is asked.
    private final class Names: Sendable {
        private let answers = Mutex<[[SocketAddress]?]>([])

        func answer(_ addresses: [SocketAddress]?) { answers.withLock { $0.append(addresses) } }

        func resolve(_ host: String, _ port: UInt16) -> [SocketAddress]? {
            #expect(host == "app.internal" && port == 80)
            return answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }
    }

    private static func address(_ last: UInt32) -> SocketAddress { .v4(0x0A00_0000 | last, port: 80) }

    private static let plan: UpstreamPlan = {
        let model = UpstreamServerPlan(
            entry: 0, name: "app.internal:80", address: address(1), weight: 3, serverName: "app.internal")
        return UpstreamPlan(
            name: "app", servers: [model], names: [UpstreamName(host: "app.internal", port: 80, model: model)],
            balance: .roundRobin, maxConnections: 1, keepalive: 1, connectTimeout: .seconds(1),
            readTimeout: .seconds(1),
            retries: RetryPlan(attempts: 0, onConnectError: false, onResetBeforeResponse: false, methods: []),
            tls: nil, introduction: nil, healthCheck: nil, outlier: nil, headLimits: HTTP.Limits(), speaksHTTP2: false)
    }()

    /// Has the desk look its names up, and returns what has changed by it.
    private static func look(_ desk: NameDesk, _ inbox: ControlInbox) -> [[SocketAddress]] {
        desk.timerFired(0)
        while true {
            for message in inbox.take() {
                guard case .lookedUp(let lookups) = message else { continue }
                return desk.take(lookups, log: Logger(label: "test")).map(\.addresses)
            }
        }
    }

    @Test("only a change is told; what is not found any more keeps its addresses")
    func changes() throws {
        let (names, inbox) = (Names(), try ControlInbox())
        let desk = NameDesk(loop: try EventLoop(), inbox: inbox, resolve: names.resolve)
        desk.watch([Self.plan])
        let (one, two, three) = (Self.address(1), Self.address(2), Self.address(3))
        for (answer, told) in [
            ([one], []), ([one, two], [[one, two]]), ([two, one], []), (nil, []), (nil, []), ([], []),
            ([one, two], []), ([three], [[three]]),
        ] as [([SocketAddress]?, [[SocketAddress]])] {
            names.answer(answer)
            #expect(Self.look(desk, inbox) == told, "\(String(describing: answer))")
        }
    }

    @Test("no more addresses of one name are used than the limit")
    func bounded() throws {
        let (names, inbox) = (Names(), try ControlInbox())
        let desk = NameDesk(loop: try EventLoop(), inbox: inbox, resolve: names.resolve)
        desk.watch([Self.plan])
        names.answer((1...100).map { Self.address($0) })
        #expect(Self.look(desk, inbox).map(\.count) == [Limits.addressesOfName])
    }

    @Test("an answer for a configuration that is not in force any more changes nothing")
    func outdated() throws {
        let (names, inbox) = (Names(), try ControlInbox())
        let desk = NameDesk(loop: try EventLoop(), inbox: inbox, resolve: names.resolve)
        desk.watch([])
        let lookup = NameLookup(name: Self.plan.names[0], plan: Self.plan, addresses: [Self.address(9)])
        #expect(desk.take([lookup], log: Logger(label: "test")).isEmpty)
    }

    @Test("a server at another address is the same in all else")
    func server() {
        let server = Self.plan.names[0].server(at: Self.address(7))
        #expect(server.address == Self.address(7))
        #expect(server.weight == 3)
        #expect(server.serverName == "app.internal")
        #expect(server.entry == 0)
        #expect(server.label.contains("app.internal:80"))
    }
}
