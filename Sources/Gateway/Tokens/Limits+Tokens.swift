// Bounds of access tokens and of the asking of their issuers.

extension Limits {
    /// Access tokens remembered per worker and issuer, about 400 bytes each; a token that is not costs a signature.
    static let cachedTokens = 4096

    /// Seconds after which a token is read again though it has not expired, so that a withdrawn key counts some day.
    static let tokenMemorySeconds: Int64 = 3600

    /// Seconds for which a token is taken for dead without asking its issuer again.
    static let negativeTokenSeconds: Int64 = 5

    /// Questions to an issuer at a time, per worker: it has to answer others too.
    static let introspectionQuestions = 64

    /// Of them, those about tokens that one caller brought: none may use up what all share.
    static let introspectionQuestionsPerCaller = 8

    /// Octets of a token that its connection remembers, beside its digest; longer ones are hashed each time.
    static let rememberedToken = 4096

    /// Between two calls of a worker for new keys of an issuer: tokens with made-up key ids cost nothing to send.
    static let keyCallInterval: Duration = .seconds(1)

    /// Between two fetches of an issuer's keys, whoever calls for them.
    static let keyFetchInterval: Duration = .seconds(5)

    /// Seconds that a fetch of an issuer's keys may take.
    static let keyFetchSeconds: Int64 = 10

    /// Between two looks whether a file of an issuer's keys has changed.
    static let keyFileInterval: Duration = .seconds(1)
}
