import DER
import IGCSante
import Revocation
import Trust
import X509

/// Why the command line or a file of it cannot be used.
struct UnusableInput: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What `poterne verify` was asked, with its files read.
struct VerificationRequest {
    private let chain: CertificateInput
    private let trust: CertificateInput
    private let issuers: CertificateInput
    private let intermediates: CertificateInput
    private let revocationLists: RevocationInput
    private let check: RevocationCheck
    private let now: Timestamp
    private let accepted: AcceptedKinds
    private let path: PathPolicy

    /// Reads everything that a command line names.
    init(_ command: VerifyCommand) throws {
        guard !command.trust.isEmpty || !command.issuer.isEmpty else {
            throw UnusableInput("--trust names the trust anchors; give one at least")
        }
        chain = try CertificateInput([command.chain])
        trust = try CertificateInput(command.trust)
        issuers = try CertificateInput(command.issuer)
        intermediates = try CertificateInput(command.untrusted)
        check = command.crlCheck.policy
        accepted = try VerificationRequest.kinds(command.profile)
        if let text = command.time {
            guard let moment = Timestamp(rfc3339: text) else {
                throw UnusableInput("--time \(text) is not a time such as 2019-06-28T12:00:00Z")
            }
            now = moment
        } else {
            now = .now()
        }

        var path = PathPolicy()
        let isPlain = accepted == .any
        path.purpose = command.purpose?.policy ?? .any
        // RFC 5280 §4.2.1.12: without the extension a key is for every purpose.
        path.absentExtendedKeyUsage = isPlain ? .admit : .refuse
        path.maxDepth = command.maxDepth ?? (isPlain ? VerificationRequest.plainDepth : path.maxDepth)
        path.requiresExplicitPolicy = command.explicitPolicy
        path.inhibitsPolicyMapping = command.inhibitMapping
        path.inhibitsAnyPolicy = command.inhibitAny
        for text in command.policy {
            guard let policy = ObjectIdentifier(dotted: text) else {
                throw UnusableInput("--policy \(text) is not an object identifier")
            }
            path.policies.insert(policy)
        }
        // More is refused by name; the caller of a command may ask for any number.
        path.maxDepth = min(path.maxDepth, Limits.maxDepth)
        self.path = path

        revocationLists = try RevocationInput(command.crl)
    }

    /// Intermediates when nothing is said, for conformance suites: their trees are deeper than any in use.
    private static let plainDepth = 10

    /// Takes the decision.
    func decide() throws -> VerificationReport {
        var warnings = [chain, trust, issuers, intermediates].flatMap(\.warnings)
        guard let first = chain.encoded.first else { throw UnusableInput("there is no certificate in the chain") }
        let leaf: Certificate
        do throws(CertificateError) {
            leaf = try Certificate(der: first)
        } catch {
            return VerificationReport(refusal: .malformedCertificate(error), leaf: nil, warnings: warnings)
        }
        if trust.certificates.isEmpty, let malformed = trust.malformed {
            return VerificationReport(refusal: .malformedCertificate(malformed), leaf: leaf, warnings: warnings)
        }

        let presented = chain.certificates.filter { $0 != leaf }
        var settings = TrustSettings(
            name: "verify", environment: environment(for: leaf), anchors: trust.certificates,
            issuers: issuers.certificates, intermediates: intermediates.certificates, path: path, revocation: check)
        settings.requiresIssuers = false
        let snapshot: TrustSnapshot
        do throws(TrustError) {
            snapshot = try TrustSnapshot(settings)
        } catch {
            throw UnusableInput("\(error)")
        }
        let authorities = trust.certificates + issuers.certificates + intermediates.certificates + presented
        let revocation =
            check == .off ? .empty : revocationLists.snapshot(of: authorities, at: now, warnings: &warnings)
        do throws(Refusal) {
            let peer = try PeerVerifier(trust: snapshot, accepted: accepted)
                .verify(leaf: leaf, presented: presented, revocation: revocation, now: now)
            return VerificationReport(peer: peer, warnings: warnings)
        } catch {
            return VerificationReport(refusal: error, leaf: leaf, warnings: warnings)
        }
    }

    /// Which half of IGC-Santé the anchors belong to; what the leaf says where their names tell nothing.
    private func environment(for leaf: Certificate) -> TrustEnvironment {
        guard accepted != .any else { return .generic }
        let told = trust.certificates.lazy.compactMap { Classification.classify($0, issuer: $0).environment }.first
        switch told ?? Classification.classify(leaf, issuer: nil).environment {
        case .test: return .test
        case .production, nil: return .production
        }
    }

    private static func kinds(_ profile: String) throws -> AcceptedKinds {
        if profile.lowercased() == "any" { return .any }
        var kinds: Set<CertificateKind> = []
        for name in profile.split(separator: ",") {
            let name = name.trimmingSpaces.uppercased()
            guard let kind = CertificateKind(rawValue: name) else {
                let known = CertificateKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw UnusableInput("--profile: \(name) is no kind of certificate; there are \(known), and any")
            }
            kinds.insert(kind)
        }
        guard !kinds.isEmpty else { throw UnusableInput("--profile names no kind of certificate") }
        return .only(kinds)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        drop { $0 == " " }.reversed().drop { $0 == " " }.reversed().reduce(into: "") { $0.append($1) }
    }
}
