public import Crypto
import DER

/// The CAs and keys behind a generated folder, for whoever wants to issue more.
public struct GeneratedPKI: Sendable {
    /// The hierarchy that the folder's `poterne.yaml` trusts.
    public let test: Hierarchy
    /// The hierarchy that `prod/poterne.yaml` trusts.
    public let production: Hierarchy
    /// The key of the callers of the test environment.
    public let callerKey: PrivateKey
    /// The number of the full CRLs; the delta's is one more.
    public let revocationListNumber: Int
}

extension TestPKI {
    /// Makes a whole test PKI in a folder, or leaves the folder as it was.
    /// - Parameter options: what is to be made, and where.
    /// - Returns: the CAs and keys, which are not in the folder.
    /// - Throws: ``TestPKIError``; the folder is then what it was before.
    @discardableResult
    public static func generate(_ options: Options) throws(TestPKIError) -> GeneratedPKI {
        try options.validate()
        var tree = try FileTree.replacing(options.folder)
        let generation = try crypto { () throws(CryptoError) in try Generation(options) }
        for file in try crypto({ () throws(CryptoError) in try generation.files() }) { try tree.write(file) }
        if options.callerCount > 0 {
            let callers = try crypto { () throws(CryptoError) in try generation.loadCallers() }
            try tree.write(crypto { () throws(CryptoError) in try callers.keyFile() })
            for batch in callers.batches {
                for file in try crypto({ () throws(CryptoError) in try callers.files(batch) }) { try tree.write(file) }
            }
        }
        for folder in ["state", "prod/state"] { try tree.makePrivateFolder(folder) }
        try tree.publish()
        return generation.pki
    }

    /// Runs what fails as Crypto does, and fails as this module does.
    private static func crypto<Success>(
        _ work: () throws(CryptoError) -> Success
    ) throws(TestPKIError) -> Success {
        do throws(CryptoError) { return try work() } catch { throw .crypto(error) }
    }
}

/// One run: every key and CA first, then the files of both environments.
struct Generation {
    let options: TestPKI.Options
    let pki: GeneratedPKI
    let test: EnvironmentIssuance
    let production: EnvironmentIssuance

    /// Keys of CAs: three for each environment, and in the test one two for strangers, one for the revoked CA and four for
    /// the ranges of cards.
    private static let authorityKeyCount = 13

    init(_ options: TestPKI.Options) throws(CryptoError) {
        self.options = options
        let now = options.now
        var keys = try KeyPool(.rsa(bits: options.authorityKeyBits), count: Self.authorityKeyCount)
        var leafKeys = try KeyPool(options.keyType == .rsa ? .rsa(bits: 2_048) : .p256, count: 4)

        let testHierarchy = try Hierarchy(
            environment: .test, now: now, keys: (keys.take(), keys.take(), keys.take()))
        let productionHierarchy = try Hierarchy(
            environment: .production, now: now, keys: (keys.take(), keys.take(), keys.take()))
        let namesakeRoot = try Hierarchy.root(.elementaire, .test, now: now, key: keys.take())
        let strangers = WrongIssuance.Strangers(
            namesake: try Hierarchy.intermediate(
                .elementaire, .organisations, .test, below: namesakeRoot, now: now, key: keys.take()),
            revoked: try Hierarchy.intermediate(
                .elementaire, .organisations, .test, suffix: "REVOQUEE", below: testHierarchy.root, now: now,
                key: keys.take()))
        let cards = try CardAuthorities(environment: .test, now: now, keys: &keys)

        let callerKey = try leafKeys.take()
        test = EnvironmentIssuance(
            hierarchy: testHierarchy, options: options, callerKey: callerKey, serverKey: try leafKeys.take(),
            strangers: strangers, cards: cards)
        production = EnvironmentIssuance(
            hierarchy: productionHierarchy, options: options, callerKey: try leafKeys.take(),
            serverKey: try leafKeys.take(), strangers: nil, cards: nil)
        pki = GeneratedPKI(
            test: testHierarchy, production: productionHierarchy, callerKey: callerKey,
            revocationListNumber: EnvironmentIssuance.revocationListNumber(on: now))
    }

    /// Every file, the load callers apart.
    func files() throws(CryptoError) -> [GeneratedFile] {
        let testCaller = try test.caller(.organisationClient)
        let productionCaller = try production.caller(.organisationClient)
        return try test.files(caller: testCaller, foreigner: productionCaller)
            + production.files(caller: productionCaller, foreigner: testCaller).map { file in
                GeneratedFile("prod/\(file.name)", file.bytes, isSecret: file.isSecret)
            } + [
                GeneratedFile("passphrase", options.passphrase + "\n", isSecret: true),
                GeneratedFile(FileTree.marker, marker),
            ]
    }

    func loadCallers() throws(CryptoError) -> LoadCallers {
        try LoadCallers(authority: pki.test.organisations, options: options)
    }

    private var marker: String {
        "Made by poterne testpki. The folder is replaced whole when it is made anew.\n"
            + "made: \(options.now.rfc3339)\n"
            + TestPKI.freshUntilLabel + "\(EnvironmentIssuance.freshUntil(from: options.now).rfc3339)\n"
    }
}

/// The CAs of the two ranges that issue for cards.
struct CardAuthorities {
    let standardRoot: CertificateAuthority
    let standard: CertificateAuthority
    let fortRoot: CertificateAuthority
    let fort: CertificateAuthority

    init(environment: TestPKI.Environment, now: Timestamp, keys: inout KeyPool) throws(CryptoError) {
        standardRoot = try Hierarchy.root(.standard, environment, now: now, key: keys.take())
        standard = try Hierarchy.intermediate(
            .standard, .personnes, environment, below: standardRoot, now: now, key: keys.take())
        fortRoot = try Hierarchy.root(.fort, environment, now: now, key: keys.take())
        fort = try Hierarchy.intermediate(.fort, .personnes, environment, below: fortRoot, now: now, key: keys.take())
    }
}
