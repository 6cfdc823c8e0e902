internal import COpenSSL

/// Owns an `SSL_CTX`, with what both sides set alike.
@safe
final class ContextHandle: @unchecked Sendable {
    // Sound: configured before anybody else sees it, and not changed after. OpenSSL counts its references atomically
    // and locks what it keeps in it.
    let pointer: OpaquePointer
    /// Where its connections find their algorithms.
    let library: OpenSSLLibrary

    /// Makes a context that finds its algorithms in a library, or in the whole one if the profile names others.
    static func make(
        _ method: OpaquePointer, versions: ClosedRange<TLSVersion>, profile: TLSProfile, library: OpenSSLLibrary
    ) throws(TLSError) -> ContextHandle {
        do throws(TLSError) {
            return unsafe try ContextHandle(method, versions: versions, profile: profile, library: library)
        } catch .unknownAlgorithms where unsafe library.pointer != nil {
            return unsafe try ContextHandle(method, versions: versions, profile: profile, library: .whole)
        }
    }

    private init(
        _ method: OpaquePointer, versions: ClosedRange<TLSVersion>, profile: TLSProfile, library: OpenSSLLibrary
    ) throws(TLSError) {
        ErrorQueue.clear()
        guard let pointer = unsafe SSL_CTX_new_ex(library.pointer, nil, method) else {
            throw .library(function: "SSL_CTX_new_ex", code: ErrorQueue.take())
        }
        self.library = library
        unsafe self.pointer = pointer
        // What /etc/ssl/openssl.cnf says of versions, suites and level has been applied; all of it is overridden here.
        unsafe SSL_CTX_set_security_level(pointer, 2)
        guard
            unsafe poterne_SSL_CTX_set_proto_versions(
                pointer, versions.lowerBound.number, versions.upperBound.number) == 1
        else { throw .library(function: "SSL_CTX_set_min_proto_version", code: ErrorQueue.take()) }
        unsafe SSL_CTX_set_options(pointer, poterne_SSL_OP_NO_RENEGOTIATION() | poterne_SSL_OP_NO_COMPRESSION())
        // One read of the descriptor fetches a record's header and body, and perhaps more records.
        unsafe poterne_SSL_CTX_set_read_ahead(pointer, 1)
        unsafe poterne_SSL_CTX_set_mode(
            pointer,
            Int(
                SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
                    | SSL_MODE_NO_AUTO_CHAIN))
        unsafe poterne_SSL_CTX_set_max_cert_list(pointer, Limits.presentedBytes)
        unsafe poterne_SSL_CTX_set_session_cache_mode(
            pointer, Int(SSL_SESS_CACHE_OFF | SSL_SESS_CACHE_NO_INTERNAL))
        unsafe SSL_CTX_set_info_callback(pointer, recordAlert)
        try profile.algorithms.install(in: self)
    }

    deinit { unsafe SSL_CTX_free(pointer) }
}

/// The `protocol_name_list` of RFC 7301 §3.1, without the length of the whole.
func protocolNameList(_ names: [String]) throws(TLSError) -> [UInt8] {
    var list: [UInt8] = []
    for name in names {
        guard let length = UInt8(exactly: name.utf8.count), (1...Limits.applicationProtocol).contains(name.utf8.count)
        else { throw .invalidApplicationProtocol(name) }
        list.append(length)
        list.append(contentsOf: name.utf8)
    }
    return list
}
