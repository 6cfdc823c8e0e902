/// `tls` of a listener.
public struct ListenerTLSConfiguration: Hashable, Sendable {
    /// A protocol version.
    public enum Version: String, Hashable, Sendable, CaseIterable {
        /// TLS 1.2.
        case tls12 = "TLSv1.2"
        /// TLS 1.3.
        case tls13 = "TLSv1.3"
    }

    /// Which algorithms are offered.
    public enum Profile: Hashable, Sendable {
        /// Those of the ANSSI TLS guide.
        case anssi
        /// These, by OpenSSL's names and preference; an empty list keeps ANSSI's for it.
        case explicit(tls12Suites: [String], tls13Suites: [String], groups: [String])
    }

    /// `session_tickets`.
    public struct SessionTickets: Hashable, Sendable {
        /// `enabled`.
        public let isEnabled: Bool
        /// `lifetime`.
        public let lifetime: Duration
        /// `keys_file`: keys shared by several nodes; `nil` for keys of this process.
        public let keysFile: FileReference?
        /// `in_memory`: how many sessions are remembered instead of sealed; 0 with a `keys_file`.
        public let inMemory: Int
    }

    /// `certificates`: chosen by SNI, the first by default; at least one.
    public let certificates: [ServerCertificateConfiguration]
    /// `min_version`.
    public let minVersion: Version
    /// `profile`.
    public let profile: Profile
    /// `session_tickets`.
    public let sessionTickets: SessionTickets
    /// `handshake_timeout`: from the accept to the end of the handshake.
    public let handshakeTimeout: Duration
    /// Where the section is written.
    public let location: SourceLocation
}

/// One of the certificates of a listener.
public struct ServerCertificateConfiguration: Hashable, Sendable {
    /// Where certificate and key come from.
    public enum Source: Hashable, Sendable {
        /// `chain` and `key`: two files, the chain leaf first.
        case files(chain: FileReference, key: FileReference)
        /// `pkcs12`: one file.
        case pkcs12(FileReference)
        /// `chain`, and a key in a token, by its PKCS#11 URI.
        case pkcs11(chain: FileReference, uri: String)
    }

    /// Where certificate and key come from.
    public let source: Source
    /// `key_passphrase_file`: its first line is the passphrase.
    public let passphraseFile: FileReference?
    /// Where the entry is written.
    public let location: SourceLocation
}
