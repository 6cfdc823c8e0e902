internal import COpenSSL
internal import Synchronization

extension PrivateKey {
    /// Keys of tokens are asked for one at a time: OpenSSL's engine has one PIN at a time.
    private static let engine = Mutex(())

    /// A key that stays in its PKCS#11 token, which signs with it.
    ///
    /// By OpenSSL's engine `pkcs11` (libp11), which is loaded when the first such key is asked for.
    /// - Parameters:
    ///   - uri: which key, by RFC 7512, without a query.
    ///   - pin: what opens the token.
    ///   - module: the token's library; without one that of the system's configuration.
    /// - Throws: ``CryptoError/library(function:code:)`` naming the step, ``CryptoError/unusableToken(reason:)``.
    public convenience init(token uri: String, pin: [UInt8]?, module: String?) throws(CryptoError) {
        let key = try Self.engine.withLock { _ throws(CryptoError) in
            try ErrorQueue.around { () throws(CryptoError) in
                try unsafe Self.load(uri, pin: pin, module: module)
            }
        }
        self.init(key)
    }

    @unsafe
    private static func load(_ uri: String, pin: [UInt8]?, module: String?) throws(CryptoError) -> EVPKey {
        poterne_ENGINE_load_dynamic()
        guard let engine = unsafe poterne_ENGINE_by_id("pkcs11") else {
            throw .unusableToken(reason: "OpenSSL has no engine pkcs11")
        }
        // The key keeps a reference of its own to the engine.
        defer { unsafe poterne_ENGINE_free(engine) }
        if let module, unsafe poterne_ENGINE_ctrl_cmd_string(engine, "MODULE_PATH", module) != 1 {
            throw .unusableToken(reason: "\(module) is not taken as its library")
        }
        if let pin {
            var text = pin + [0]
            defer { overwriteSecret(&text) }
            let done = unsafe text.withUnsafeBytes { bytes in
                unsafe poterne_ENGINE_ctrl_cmd_string(
                    engine, "PIN", bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
            }
            guard done == 1 else { throw .unusableToken(reason: "the engine takes no PIN") }
        }
        guard unsafe poterne_ENGINE_init(engine) == 1 else {
            throw .unusableToken(reason: "its library cannot be used (error \(ErrorQueue.cause))")
        }
        defer { unsafe poterne_ENGINE_finish(engine) }
        guard let key = unsafe poterne_ENGINE_load_private_key(engine, uri) else {
            throw .unusableToken(reason: "there is no such private key, or the PIN does not open it")
        }
        return unsafe EVPKey(owning: key)
    }
}
