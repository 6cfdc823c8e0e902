extension Certificate {
    /// The bounds within which certificates are read.
    ///
    /// A peer chooses what it presents, and every element read costs memory or time before any signature is checked.
    public enum Limits {
        /// Bytes of one certificate: real ones of this PKI have 2 KiB, and OpenSSL takes 100 KiB for a whole chain.
        public static var maxSize: Int { 64 * 1024 }
        /// Extensions of one certificate; duplicates are sought among them pairwise.
        public static var maxExtensions: Int { 64 }
        /// RDNs of one name.
        public static var maxRelativeNames: Int { 64 }
        /// Attributes of one RDN.
        public static var maxAttributes: Int { 16 }
        /// Names of one alternative name, or of one distribution point.
        public static var maxGeneralNames: Int { 1024 }
        /// Permitted, or excluded, subtrees: the work of checking is names times subtrees.
        public static var maxSubtrees: Int { 256 }
        /// Policies of one certificate: the policy tree grows with their product along the path (CVE-2023-0464).
        public static var maxPolicies: Int { 64 }
        /// Policy mappings of one certificate, for the same reason.
        public static var maxPolicyMappings: Int { 64 }
        /// Qualifiers of one policy.
        public static var maxPolicyQualifiers: Int { 16 }
        /// Purposes of an extended key usage.
        public static var maxKeyPurposes: Int { 64 }
        /// Distribution points of one extension.
        public static var maxDistributionPoints: Int { 32 }
        /// Access descriptions of an authority information access.
        public static var maxAccessDescriptions: Int { 32 }
    }
}
