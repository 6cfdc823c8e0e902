internal import Trust

/// Everything that one configuration says, compiled: immutable, shared by the workers, replaced whole by a reload.
final class Epoch: Sendable {
    let number: UInt64
    let listeners: [ListenerPlan]
    let upstreams: [UpstreamPlan]
    let trusts: [TrustSnapshot]
    let identity: IdentityRenderings
    /// What the limits of its routes have counted.
    let limits: KeptLimits

    init(
        number: UInt64, listeners: [ListenerPlan], upstreams: [UpstreamPlan],
        trusts: [TrustSnapshot], identity: IdentityRenderings, limits: KeptLimits = KeptLimits()
    ) {
        self.number = number
        self.listeners = listeners
        self.upstreams = upstreams
        self.trusts = trusts
        self.identity = identity
        self.limits = limits
    }

    func listener(named name: String) -> ListenerPlan? {
        listeners.first { $0.name == name }
    }
}
