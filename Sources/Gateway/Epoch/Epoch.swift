internal import Trust

/// Everything that one configuration says, compiled: immutable, shared by the workers, replaced whole by a reload.
final class Epoch: Sendable {
    let number: UInt64
    let listeners: [ListenerPlan]
    let upstreams: [UpstreamPlan]
    let trusts: [TrustSnapshot]
    let identity: IdentityRenderings

    init(
        number: UInt64, listeners: [ListenerPlan], upstreams: [UpstreamPlan],
        trusts: [TrustSnapshot], identity: IdentityRenderings
    ) {
        self.number = number
        self.listeners = listeners
        self.upstreams = upstreams
        self.trusts = trusts
        self.identity = identity
    }

    func listener(named name: String) -> ListenerPlan? {
        listeners.first { $0.name == name }
    }
}
