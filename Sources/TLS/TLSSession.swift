internal import COpenSSL

/// A session that a client may resume.
///
/// Stays on the thread of the connection it comes from. The corresponding C object is an `SSL_SESSION`.
@safe
public final class TLSSession {
    let pointer: OpaquePointer

    @unsafe
    init?(of ssl: OpaquePointer) {
        guard let session = unsafe SSL_get1_session(ssl) else { return nil }
        guard unsafe SSL_SESSION_is_resumable(session) == 1 else {
            unsafe SSL_SESSION_free(session)
            return nil
        }
        unsafe pointer = session
    }

    deinit { unsafe SSL_SESSION_free(pointer) }
}
