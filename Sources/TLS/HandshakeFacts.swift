internal import COpenSSL

/// The versions of TLS that are spoken here.
public enum TLSVersion: Comparable, Hashable, Sendable, CaseIterable {
    /// TLS 1.2, RFC 5246.
    case tls12
    /// TLS 1.3, RFC 8446.
    case tls13

    var number: Int32 {
        switch self {
        case .tls12: TLS1_2_VERSION
        case .tls13: TLS1_3_VERSION
        }
    }
}

extension TLSVersion: CustomStringConvertible {
    /// The version as OpenSSL and nginx print it: `TLSv1.3`.
    public var description: String {
        switch self {
        case .tls12: "TLSv1.2"
        case .tls13: "TLSv1.3"
        }
    }
}

/// What a handshake agreed on, for logs and for choosing the codec.
///
/// Made once, when the handshake ends.
public struct HandshakeFacts: Hashable, Sendable {
    /// The version agreed on.
    public let version: TLSVersion
    /// The cipher suite, by its IANA name: `TLS_AES_256_GCM_SHA384`.
    public let cipherSuite: String
    /// The group of the key exchange, `X25519` for instance.
    public let group: String?
    /// On a server, the name that the client asked for, in lowercase.
    public let serverName: String?
    /// The application protocol chosen by ALPN: `h2`, `http/1.1`, or nothing if the client offered none.
    public let applicationProtocol: String?
    /// Whether an earlier session was resumed.
    ///
    /// Then the peer's certificate was not verified in this handshake.
    public let isResumed: Bool
}

extension HandshakeFacts {
    /// Reads the facts off a connection whose handshake has ended.
    @unsafe
    init(of ssl: OpaquePointer, serverName: String?) {
        version = unsafe SSL_version(ssl) == TLS1_3_VERSION ? .tls13 : .tls12
        if let cipher = unsafe SSL_get_current_cipher(ssl), let name = unsafe SSL_CIPHER_standard_name(cipher) {
            unsafe cipherSuite = String(cString: name)
        } else {
            cipherSuite = ""
        }
        group = unsafe Self.name(ofGroup: poterne_SSL_get_negotiated_group(ssl))
        self.serverName = serverName
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &name, &length)
        if let name = unsafe name, length > 0 {
            applicationProtocol = unsafe String(
                decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
        } else {
            applicationProtocol = nil
        }
        isResumed = unsafe SSL_session_reused(ssl) == 1
    }

    private static func name(ofGroup number: Int32) -> String? {
        switch number {
        case NID_undef: nil
        case NID_X25519: "X25519"
        case NID_X448: "X448"
        case NID_X9_62_prime256v1: "P-256"
        case NID_secp384r1: "P-384"
        case NID_secp521r1: "P-521"
        default: unsafe OBJ_nid2sn(number).map { unsafe String(cString: $0) }
        }
    }
}
