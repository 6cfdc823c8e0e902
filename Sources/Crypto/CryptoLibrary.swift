internal import COpenSSL

/// OpenSSL as a whole.
public enum CryptoLibrary {
    /// Leaves what OpenSSL holds to the end of the process, instead of taking it down at exit.
    ///
    /// To be called before anything else of it is used. A PKCS#11 token's library, which OpenSSL has loaded and which may
    /// itself use OpenSSL, is taken down by the loader in an order of its own: calling into it afterwards is a crash.
    ///
    /// The corresponding C function is `OPENSSL_init_crypto` with `OPENSSL_INIT_NO_ATEXIT`.
    public static func keepUntilExit() {
        _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_ATEXIT), nil)
    }
}
