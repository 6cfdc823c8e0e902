import Crypto
import TLS

/// A delegate that answers what it is told to and remembers what it was asked.
final class Delegate: TLSServerDelegate {
    var verification = PeerVerification.accept
    var data: [UInt8]? = [7, 7, 7]
    var acceptsTickets = true
    var contexts: [String: TLSServerContext] = [:]

    /// What else the delegate does while it verifies.
    var aside: () -> Void = {}

    private(set) var verifiedChains: [[[UInt8]]] = []
    private(set) var verifiedDigests: [SHA256Digest] = []
    private(set) var offeredData: [[UInt8]] = []
    private(set) var requestedNames: [String?] = []

    func verify(_ chain: borrowing PresentedChain) -> PeerVerification {
        verifiedChains.append(chain.certificates())
        verifiedDigests.append(chain.leafDigest())
        aside()
        return verification
    }

    /// Whether the handshake resumed a session, each time that a ticket was made.
    private(set) var ticketsMade: [Bool] = []

    func ticketData(isResumed: Bool) -> [UInt8]? {
        ticketsMade.append(isResumed)
        return data
    }

    func acceptTicket(_ data: Span<UInt8>, leaf: () -> [UInt8]?) -> Bool {
        offeredData.append((0..<data.count).map { data[$0] })
        return acceptsTickets
    }

    func selectContext(serverName: String?) -> TLSServerContext? {
        requestedNames.append(serverName)
        return serverName.flatMap { contexts[$0] }
    }
}
