import DER
import Foundation
import Glibc
import IGCSante
import Revocation
import Synchronization
import TestPKI
import Trust
import X509

/// A whole made-up IGC-Santé, made once for all tests of this process in a folder that is removed when it ends.
struct GeneratedPKI: Sendable {
    let folder: String
    let now: Timestamp

    static var shared: GeneratedPKI {
        get throws { try made.get() }
    }

    private static let made = Result { try GeneratedPKI() }

    private init() throws {
        now = .now()
        var template = Array("/tmp/poterne-trust-XXXXXX".utf8CString)
        guard let parent = unsafe mkdtemp(&template) else { throw UnreadableFile(path: "/tmp") }
        let path = unsafe String(cString: parent)
        folder = path + "/pki"
        var options = TestPKI.Options(folder: folder, now: now)
        options.revocationEntryCount = 10
        // The certificates of this folder are checked, not their CAs' keys: shorter ones are made sooner.
        options.authorityKeyBits = 2_048
        try TestPKI.generate(options)
        GeneratedPKI.path.withLock { $0 = path }
        atexit { GeneratedPKI.removeFolder() }
    }

    private static let path = Mutex("")

    private static func removeFolder() {
        let path = path.withLock { $0 }
        guard path.hasPrefix("/tmp/poterne-trust-") else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    func certificates(_ file: String, of environment: IGCSante.Environment) throws -> [Certificate] {
        let root = environment == .production ? folder + "/prod" : folder
        return try TrustTests.certificates(in: "\(root)/\(file).pem")
    }

    func trust(_ environment: IGCSante.Environment, issuers: [String] = ["trust/organisations"]) throws -> TrustSnapshot
    {
        let settings = TrustSettings(
            name: "igc-sante", environment: environment == .production ? .production : .test,
            anchors: try certificates("trust/root", of: environment),
            issuers: try issuers.flatMap { try certificates($0, of: environment) })
        return try TrustSnapshot(settings)
    }

    func revocation(_ environment: IGCSante.Environment) throws -> RevocationSnapshot {
        let root = environment == .production ? folder + "/prod" : folder
        let authorities = try ["trust/root", "trust/organisations"].flatMap {
            try certificates($0, of: environment)
        }
        let keeper = RevocationKeeper(
            RevocationSettings(authorities: authorities.map { RevocationAuthority(certificate: $0) }))
        for name in ["root", "organisations", "organisations-delta"] {
            _ = keeper.offer(try read("\(root)/crl/\(name).crl"), at: now)
        }
        return keeper.snapshot
    }

    /// What becomes of the caller in a file, under the trust of an environment.
    func outcome(
        _ file: String, in environment: IGCSante.Environment, accepted: AcceptedKinds = .only([.orgAuthCli]),
        isAlone: Bool = false
    ) throws -> String {
        let chain = try certificates(file, of: environment)
        guard let leaf = chain.first else { return "empty" }
        let verifier = PeerVerifier(trust: try trust(environment), accepted: accepted)
        let snapshot = try revocation(environment)
        do throws(Refusal) {
            _ = try verifier.verify(
                leaf: leaf, presented: isAlone ? [] : Array(chain.dropFirst()), revocation: snapshot, now: now)
            return "admitted"
        } catch {
            return error.code
        }
    }
}
