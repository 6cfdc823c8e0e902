import Crypto
import DER

/// Callers for load tests: each with its own certificate and structure, all with one key.
struct LoadCallers {
    let authority: CertificateAuthority
    let options: TestPKI.Options

    private static let batch = 1_000

    private let key: PrivateKey
    private let publicKeyInfo: [UInt8]

    init(authority: CertificateAuthority, options: TestPKI.Options) throws(CryptoError) {
        self.authority = authority
        self.options = options
        key = try PrivateKey.generate(options.keyType == .rsa ? .rsa(bits: 2_048) : .p256)
        publicKeyInfo = try key.publicKeyInfo
    }

    /// The numbers of the callers, in parts small enough to be held in memory before they are written.
    var batches: [ClosedRange<Int>] {
        stride(from: 1, through: options.callerCount, by: Self.batch).map { start in
            start...min(start + Self.batch - 1, options.callerCount)
        }
    }

    /// The key that all of them share.
    func keyFile() throws(CryptoError) -> GeneratedFile {
        GeneratedFile("load/client.key", try key.pem, isSecret: true)
    }

    /// The certificates with these numbers, made on every core.
    func files(_ numbers: ClosedRange<Int>) throws(CryptoError) -> [GeneratedFile] {
        let issuer = pemText(of: [authority.certificate])
        return try onEveryCore(count: numbers.count) { [authority, options, publicKeyInfo] index throws(CryptoError) in
            let number = numbers.lowerBound + index
            let leaf = try authority.issue(Self.template(number, options), publicKeyInfo: publicKeyInfo)
            return GeneratedFile("load/client-\(padded(number, 5)).pem", pemText(of: [leaf]) + issuer)
        }
    }

    private static func template(_ number: Int, _ options: TestPKI.Options) -> LeafTemplate {
        LeafTemplate(
            .organisationClient, environment: .test,
            subject: .organisation(
                "CHARGE-\(padded(number, 5))", structure: "399999999\(padded(number, 6))",
                organization: "STRUCTURE FICTIVE \(padded(number, 5))", department: "Paris (75)"),
            from: options.now.adding(days: -1), days: options.validityDays.map { $0 + 1 })
    }
}

/// A number with zeros before it.
private func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
