internal import COpenSSL
internal import CServingLibrary
internal import Glibc

/// Where OpenSSL looks for algorithms: the corresponding C object is an `OSSL_LIB_CTX`.
@safe
final class OpenSSLLibrary: @unchecked Sendable {
    // Sound: OpenSSL locks what it keeps in a library context, and these live as long as the process.
    let pointer: OpaquePointer?

    private init(_ pointer: OpaquePointer?) {
        unsafe self.pointer = pointer
    }

    /// The process's own, with all of every provider that OpenSSL's configuration names.
    static let whole = unsafe OpenSSLLibrary(nil)

    /// One that shows of the default provider what handshakes need, which makes reading a certificate's key cheap.
    ///
    /// The whole one instead where OpenSSL's configuration names other providers than the default, a FIPS module for
    /// instance, and where the environment has `POTERNE_OPENSSL=whole`.
    static let serving: OpenSSLLibrary = {
        if let choice = unsafe getenv("POTERNE_OPENSSL"), unsafe strcmp(choice, "whole") == 0 { return whole }
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        return unsafe poterne_serving_library_new().map { unsafe OpenSSLLibrary($0) } ?? whole
    }()

    /// One without any algorithm: what is read in it is read without its keys.
    private static let empty: OpenSSLLibrary? = {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        return unsafe poterne_empty_library_new().map { unsafe OpenSSLLibrary($0) }
    }()

    /// Has certificates read without their keys from now on, until ``readKeys()`` or the end of ``around(_:)``.
    ///
    /// Nobody asks for the key of a certificate in a ticket, and reading it would be a sixth of a resumption.
    func omitKeys() {
        guard unsafe pointer != nil, let empty = Self.empty else { return }
        unsafe _ = OSSL_LIB_CTX_set0_default(empty.pointer)
    }

    /// Has certificates read with their keys again.
    func readKeys() {
        guard let pointer = unsafe pointer else { return }
        unsafe _ = OSSL_LIB_CTX_set0_default(pointer)
    }

    /// Does what looks for algorithms without saying where, a certificate in a ticket for instance, in this library.
    func around<Result>(_ work: () -> Result) -> Result {
        guard let pointer = unsafe pointer else { return work() }
        let before = unsafe OSSL_LIB_CTX_set0_default(pointer)
        defer { unsafe _ = OSSL_LIB_CTX_set0_default(before) }
        return work()
    }
}
