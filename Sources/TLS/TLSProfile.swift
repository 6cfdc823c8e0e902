internal import COpenSSL

/// Which algorithms a side agrees to.
public enum TLSProfile: Hashable, Sendable {
    /// Those of the ANSSI guide (SDE-NT-35, *Recommandations de sécurité relatives à TLS*): ephemeral elliptic-curve key
    /// exchange, authenticated encryption, no SHA-1.
    case anssi
    /// The operator's own choice, within OpenSSL's security level 2. An empty list stands for the one of ``anssi``.
    case explicit(Algorithms)

    /// The names of algorithms, in order of preference.
    public struct Algorithms: Hashable, Sendable {
        /// Cipher suites of TLS 1.2 by OpenSSL's name: `ECDHE-RSA-AES128-GCM-SHA256`.
        public var cipherSuites12: [String]
        /// Cipher suites of TLS 1.3: `TLS_AES_128_GCM_SHA256`.
        public var cipherSuites13: [String]
        /// Groups of the key exchange: `X25519`, `P-256`.
        public var groups: [String]
        /// Signature algorithms: `ECDSA+SHA256`, `rsa_pss_rsae_sha256`.
        public var signatureAlgorithms: [String]

        /// Names algorithms; an empty list stands for the default.
        public init(
            cipherSuites12: [String] = [], cipherSuites13: [String] = [], groups: [String] = [],
            signatureAlgorithms: [String] = []
        ) {
            self.cipherSuites12 = cipherSuites12
            self.cipherSuites13 = cipherSuites13
            self.groups = groups
            self.signatureAlgorithms = signatureAlgorithms
        }
    }

    /// The lists that apply, none of them empty.
    var algorithms: Algorithms {
        let anssi = Algorithms.anssi
        switch self {
        case .anssi: return anssi
        case .explicit(let own):
            return Algorithms(
                cipherSuites12: own.cipherSuites12.isEmpty ? anssi.cipherSuites12 : own.cipherSuites12,
                cipherSuites13: own.cipherSuites13.isEmpty ? anssi.cipherSuites13 : own.cipherSuites13,
                groups: own.groups.isEmpty ? anssi.groups : own.groups,
                signatureAlgorithms: own.signatureAlgorithms.isEmpty
                    ? anssi.signatureAlgorithms : own.signatureAlgorithms)
        }
    }
}

extension TLSProfile.Algorithms {
    /// The ANSSI guide's.
    static var anssi: Self {
        Self(
            cipherSuites12: [
                "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
                "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
            ],
            cipherSuites13: ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"],
            groups: ["X25519", "P-256", "P-384"],
            // The PKCS#1 ones are what certificates are signed with, and all that some smart cards can do in TLS 1.2.
            signatureAlgorithms: [
                "ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ed25519", "rsa_pss_rsae_sha256",
                "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512", "rsa_pss_pss_sha256", "rsa_pss_pss_sha384",
                "rsa_pss_pss_sha512", "RSA+SHA256", "RSA+SHA384", "RSA+SHA512",
            ])
    }
}
