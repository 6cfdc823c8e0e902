import Crypto
import Dispatch
import Synchronization

/// Work of the same kind done on every core.
func onEveryCore<Result: Sendable>(
    count: Int, _ work: @escaping @Sendable (Int) throws(CryptoError) -> Result
) throws(CryptoError) -> [Result] {
    let outcomes = Mutex<([Result?], CryptoError?)>((Array(repeating: nil, count: count), nil))
    DispatchQueue.concurrentPerform(iterations: count) { index in
        do throws(CryptoError) {
            let result = try work(index)
            outcomes.withLock { $0.0[index] = result }
        } catch {
            outcomes.withLock { $0.1 = error }
        }
    }
    return try outcomes.withLock { outcomes throws(CryptoError) in
        if let error = outcomes.1 { throw error }
        return outcomes.0.compactMap(\.self)
    }
}

/// Keys made in advance on every core, since an RSA-4096 key takes about a second.
struct KeyPool {
    private let recipe: PrivateKey.Recipe
    private var keys: [PrivateKey]

    init(_ recipe: PrivateKey.Recipe, count: Int) throws(CryptoError) {
        self.recipe = recipe
        keys = try onEveryCore(count: count) { _ throws(CryptoError) in try PrivateKey.generate(recipe) }
    }

    /// One that nobody else has.
    mutating func take() throws(CryptoError) -> PrivateKey {
        if let key = keys.popLast() { return key }
        return try PrivateKey.generate(recipe)
    }
}
