internal import COpenSSL
internal import Glibc

/// How OpenSSL reads from and writes to a connection's descriptor.
///
/// In place of OpenSSL's own BIO for sockets, which cannot tell the kernel that more follows: OpenSSL writes each record
/// by itself, and a record that leaves by itself costs the way through the whole network stack.
@safe
final class DescriptorBIO: @unchecked Sendable {
    // Sound: OpenSSL locks nothing of a method and changes nothing of it once it has been made.
    private let method: OpaquePointer?

    private static let shared = DescriptorBIO()

    private init() {
        unsafe method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "descriptor")
        guard unsafe method != nil else { return }
        unsafe BIO_meth_set_read(method, receive)
        unsafe BIO_meth_set_write(method, transmit)
        unsafe BIO_meth_set_ctrl(method, control)
    }

    /// Has a connection read from and write to its state's descriptor; false for a lack of memory.
    ///
    /// Retains nothing: the state, and the descriptor, outlive the connection.
    @unsafe
    static func attach(_ state: ConnectionState, to ssl: OpaquePointer) -> Bool {
        guard let method = unsafe shared.method, let bio = unsafe BIO_new(method) else { return false }
        unsafe BIO_set_data(bio, Unmanaged.passUnretained(state).toOpaque())
        unsafe SSL_set_bio(ssl, bio, bio)
        return true
    }
}

/// Looks at the state that a BIO is made for, without counting a reference.
@unsafe
private func withState<Result>(of bio: OpaquePointer?, _ body: (ConnectionState) -> Result) -> Result? {
    guard let data = unsafe BIO_get_data(bio) else { return nil }
    return unsafe Unmanaged<ConnectionState>.fromOpaque(data)._withUnsafeGuaranteedRef(body)
}

private let receive: @convention(c) (OpaquePointer?, UnsafeMutablePointer<CChar>?, Int32) -> Int32 = {
    bio, room, count in
    let received = unsafe withState(of: bio) { state in unsafe recv(state.descriptor, room, Int(count), 0) } ?? -1
    unsafe BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
    if received < 0, isTemporary(errno) { unsafe BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY) }
    if received == 0 { unsafe BIO_set_flags(bio, BIO_FLAGS_IN_EOF) }
    return Int32(clamping: received)
}

private let transmit: @convention(c) (OpaquePointer?, UnsafePointer<CChar>?, Int32) -> Int32 = { bio, bytes, count in
    let sent =
        unsafe withState(of: bio) { state in
            // With more to come the kernel fills its segments before it sends them off.
            let flags = Int32(MSG_NOSIGNAL) | (state.hasMoreToSend ? Int32(MSG_MORE) : 0)
            return unsafe send(state.descriptor, bytes, Int(count), flags)
        } ?? -1
    unsafe BIO_clear_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
    if sent < 0, isTemporary(errno) { unsafe BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY) }
    return Int32(clamping: sent)
}

private let control: @convention(c) (OpaquePointer?, Int32, Int, UnsafeMutableRawPointer?) -> Int = {
    bio, command, _, _ in
    switch command {
    // Nothing is held back.
    case BIO_CTRL_FLUSH, BIO_CTRL_DUP: 1
    case BIO_CTRL_EOF: unsafe BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0
    default: 0
    }
}

private func isTemporary(_ error: Int32) -> Bool {
    error == EAGAIN || error == EWOULDBLOCK || error == EINTR
}
