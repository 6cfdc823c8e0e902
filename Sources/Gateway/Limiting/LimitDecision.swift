internal import EventLoop
internal import HTTP

extension Exchange {
    /// Asks the limits of the route, once it is known who calls.
    ///
    /// In this order: what waits for its turn anyway takes no token.
    func takeShare(of route: Route) throws(ExchangeRefusal) {
        if let concurrency = route.limits.concurrency {
            guard let hold = concurrency.begin(downstream.limitKey(of: concurrency.subject)) else {
                throw .tooManyAtOnce
            }
            self.hold = hold
        }
        if let rate = route.limits.rate {
            let (isTaken, standing) = rate.take(downstream.limitKey(of: rate.subject), at: worker.loop.now)
            self.standing = standing
            guard isTaken else { throw .tooOften(seconds: standing.reset) }
        }
    }

    /// Says in the response what the caller has left.
    func tellStanding() {
        guard let standing else { return }
        response.fields.append(name: "RateLimit-Policy", value: standing.limit.policy)
        response.fields.append(name: "RateLimit", value: standing.field)
    }

    /// The exchange is over: another may take its place.
    func giveShareBack() {
        hold?.end()
        hold = nil
    }
}
