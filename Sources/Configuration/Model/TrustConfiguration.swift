/// One entry of `trust`: which certificates may call, and how they are checked.
public struct TrustConfiguration: Hashable, Sendable {
    /// Which PKI, and which half of it.
    public enum Environment: String, Hashable, Sendable, CaseIterable {
        /// IGC-Santé, production: TEST certificates do not pass.
        case production
        /// IGC-Santé, test: production certificates do not pass.
        case test
        /// Another PKI: RFC 5280 alone decides.
        case generic
    }

    /// `path`: inputs of RFC 5280 §6.1.1, and bounds.
    public struct Path: Hashable, Sendable {
        /// What to do with a leaf that has no extendedKeyUsage.
        public enum AbsentExtendedKeyUsage: String, Hashable, Sendable, CaseIterable {
            /// It is not a client certificate.
            case refuse
            /// It may be used for anything (RFC 5280 §4.2.1.12).
            case admit
        }

        /// Certificates below the anchor, leaf included.
        public let maxDepth: Int
        /// user-initial-policy-set, as dotted object identifiers; empty is any-policy.
        public let policies: [String]
        /// initial-explicit-policy.
        public let explicitPolicy: Bool
        /// initial-any-policy-inhibit.
        public let inhibitAnyPolicy: Bool
        /// initial-policy-mapping-inhibit.
        public let inhibitPolicyMapping: Bool
        /// `absent_eku`.
        public let absentExtendedKeyUsage: AbsentExtendedKeyUsage
    }

    /// The name listeners refer to.
    public let name: String

    /// Where the name is written.
    public let location: SourceLocation

    /// `environment`.
    public let environment: Environment

    /// `anchors`: at least one.
    public let anchors: [FileReference]

    /// `issuers`: the only CAs that may issue callers; empty only under a generic environment, where it means any CA
    /// below an anchor.
    public let issuers: [FileReference]

    /// `path`.
    public let path: Path

    /// `revocation`.
    public let revocation: RevocationConfiguration

    /// Where its keys are written, those that are.
    public let ruleLocations: [String: SourceLocation]
}

/// `revocation` of a trust: where CRLs come from and what holds without them.
public struct RevocationConfiguration: Hashable, Sendable {
    /// Whose revocation is checked.
    public enum Check: String, Hashable, Sendable, CaseIterable {
        /// The leaf and every intermediate.
        case path
        /// The leaf alone.
        case leaf
        /// Nobody's.
        case off
    }

    /// What to do once `nextUpdate` has passed.
    public enum Stale: String, Hashable, Sendable, CaseIterable {
        /// Refuse.
        case refuse
        /// Go on for `grace`.
        case grace
    }

    /// Where one CRL comes from.
    public enum Locator: Hashable, Sendable {
        /// A file on this machine (`file:` in the configuration).
        case file(FileReference)
        /// An `http`, `https`, `ldap` or `ldaps` URL.
        case remote(url: String, location: SourceLocation)
    }

    /// `sources`: the CRLs of one CA.
    public struct Source: Hashable, Sendable {
        /// `ca`: the certificate of the CA that signs them.
        public let authority: FileReference
        /// `base`: tried in order; at least one.
        public let base: [Locator]
        /// `delta`: tried in order.
        public let delta: [Locator]
        /// Where the source is written.
        public let location: SourceLocation
    }

    /// `check`.
    public let check: Check
    /// `files`: CRLs of any CA of the path, files or folders.
    public let files: [FileReference]
    /// `sources`.
    public let sources: [Source]
    /// `refresh`: between two fetches.
    public let refresh: Duration
    /// `stale`.
    public let stale: Stale
    /// `grace`: how long after `nextUpdate`, under `stale: grace`.
    public let grace: Duration
    /// `http_proxy`: may hold a password taken from the environment; not to be logged.
    public let httpProxy: String?
    /// `timeout`: of one fetch.
    public let timeout: Duration
    /// `max_size`: bytes of one CRL.
    public let maxSize: Int
}
