internal import Configuration
internal import Crypto
internal import EventLoop
internal import IGCSante
internal import Trust
internal import X509

/// What has a limit of its own.
enum LimitSubject: Sendable {
    /// A structure; the certificate of a caller that names none.
    case structure
    /// A certificate; the address of a caller without one.
    case certificate
    /// An address, of IPv6 the first 64 bits: what one subscriber is given whole.
    case address

    init(_ key: RateLimitConfiguration.Key) {
        switch key {
        case .structure: self = .structure
        case .certificate: self = .certificate
        case .address: self = .address
        }
    }
}

/// Names of what has limits, 64 bits each.
///
/// Hashed with a key that is the process's own, so that nobody can choose names that fall together.
enum LimitKey {
    static func structure(_ structure: String) -> UInt64 { hash(0, structure) }

    static func certificate(_ thumbprint: SHA256Digest) -> UInt64 { hash(1, thumbprint) }

    static func address(_ address: SocketAddress) -> UInt64 {
        switch address.ip?.unmapped {
        case .v4(let bits)?: hash(2, bits)
        case .v6(let high, _)?: hash(3, high)
        // Whoever reaches a Unix socket is one neighbour like another.
        case nil: hash(4, 0)
        }
    }

    private static func hash(_ kind: UInt8, _ value: some Hashable) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(kind)
        hasher.combine(value)
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}

/// The names of one connection's caller, each made when it is first asked for.
struct LimitKeys {
    private var structure: UInt64?
    private var certificate: UInt64?
    private var address: UInt64?

    mutating func key(of subject: LimitSubject, for connection: DownstreamConnection) -> UInt64 {
        switch subject {
        case .structure:
            if let structure { return structure }
            guard let name = connection.caller?.peer.structure?.raw else {
                return key(of: .certificate, for: connection)
            }
            let key = LimitKey.structure(name)
            structure = key
            return key
        case .certificate:
            if let certificate { return certificate }
            guard let peer = connection.caller?.peer else { return key(of: .address, for: connection) }
            let key = LimitKey.certificate(peer.thumbprint)
            certificate = key
            return key
        case .address:
            if let address { return address }
            let key = LimitKey.address(connection.address)
            address = key
            return key
        }
    }
}
