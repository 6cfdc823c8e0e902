public import DER

extension TestPKI {
    /// What is to be made.
    public struct Options: Sendable {
        /// The kinds of keys that leaves may have.
        public enum KeyType: String, Hashable, Sendable, CaseIterable {
            /// RSA-2048, as IGC-Santé has them.
            case rsa
            /// The curve P-256, which IGC-Santé does not issue and which costs a gateway far less.
            case p256
        }

        /// The folder, which is replaced whole.
        public var folder: String
        /// The moment that all dates are counted from.
        public var now: Timestamp
        /// How many callers for load tests; they differ in certificate and structure, and share a key.
        public var callerCount = 0
        /// How many entries of random serials the CRL of ORGANISATIONS gets besides the real ones.
        public var revocationEntryCount = 1_000
        /// The kind of the leaves' keys.
        public var keyType = KeyType.rsa
        /// How many days the good leaves are valid; none takes two or three years as IGC-Santé does for each kind.
        public var validityDays: Int?
        /// The passphrase of the PKCS#12 files.
        public var passphrase = "poterne"
        /// The modulus of the CAs' keys.
        ///
        /// Only tests that cannot wait set it below 4096.
        public var authorityKeyBits = 4_096

        /// Describes a test PKI with the usual contents.
        public init(folder: String, now: Timestamp) {
            self.folder = folder
            self.now = now
        }

        func validate() throws(TestPKIError) {
            func check(_ value: Int, _ allowed: ClosedRange<Int>, _ option: String) throws(TestPKIError) {
                guard allowed.contains(value) else { throw .outOfBounds(option: option, allowed: allowed) }
            }
            try check(callerCount, 0...Limits.callerCount, "callers")
            try check(revocationEntryCount, 0...Limits.revocationEntryCount, "crl-entries")
            try check(authorityKeyBits, 2_048...8_192, "authority key bits")
            if let validityDays { try check(validityDays, 1...Limits.validityDays, "days") }
        }
    }

    enum Limits {
        /// Names of load callers have five digits.
        static let callerCount = 99_999
        /// 175 MB of CRL; beyond it memory on a small machine runs short.
        static let revocationEntryCount = 5_000_000
        /// The CAs are valid for ten years from now, and no leaf outlives its CA.
        static let validityDays = 3_600
    }
}
