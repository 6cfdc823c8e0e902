internal import Configuration
internal import DER
internal import Trust
internal import X509

/// Reads the certificates that a trust names.
enum TrustFiles {
    /// What the trust comes to.
    static func snapshot(of trust: TrustConfiguration) throws(StartupProblem) -> TrustSnapshot {
        var settings = TrustSettings(
            name: trust.name, environment: TrustEnvironment(trust.environment),
            anchors: try certificates(in: trust.anchors), issuers: try certificates(in: trust.issuers))
        settings.path = try PathPolicy(trust)
        settings.revocation = RevocationCheck(trust.revocation.check)
        do {
            return try TrustSnapshot(settings)
        } catch {
            throw StartupProblem(location: trust.location, message: error.description, remedy: nil)
        }
    }

    /// The certificates of some files; each file has one at least.
    static func certificates(in files: [FileReference]) throws(StartupProblem) -> [Certificate] {
        var certificates: [Certificate] = []
        for file in files { certificates.append(contentsOf: try self.certificates(in: file)) }
        return certificates
    }

    static func certificates(in file: FileReference) throws(StartupProblem) -> [Certificate] {
        let bytes: [UInt8]
        do {
            bytes = try FileContents.read(file.path)
        } catch {
            throw StartupProblem(location: file.location, message: error.description, remedy: nil)
        }
        do {
            return try CertificateFile.certificates(in: bytes)
        } catch {
            throw StartupProblem(
                location: file.location, message: "\(file.path): \(error)",
                remedy: "Give a certificate in PEM, DER or PKCS#7.")
        }
    }
}

extension TrustEnvironment {
    init(_ environment: TrustConfiguration.Environment) {
        switch environment {
        case .production: self = .production
        case .test: self = .test
        case .generic: self = .generic
        }
    }
}

extension RevocationCheck {
    init(_ check: RevocationConfiguration.Check) {
        switch check {
        case .path: self = .path
        case .leaf: self = .leaf
        case .off: self = .off
        }
    }
}

extension PathPolicy {
    init(_ trust: TrustConfiguration) throws(StartupProblem) {
        self.init()
        // The configuration counts the leaf, Trust the CAs between leaf and anchor.
        maxDepth = max(0, trust.path.maxDepth - 1)
        requiresExplicitPolicy = trust.path.explicitPolicy
        inhibitsPolicyMapping = trust.path.inhibitPolicyMapping
        inhibitsAnyPolicy = trust.path.inhibitAnyPolicy
        absentExtendedKeyUsage = trust.path.absentExtendedKeyUsage == .admit ? .admit : .refuse
        var policies: Set<ObjectIdentifier> = []
        for text in trust.path.policies {
            guard let policy = ObjectIdentifier(dotted: text) else {
                throw StartupProblem(
                    location: trust.location, message: "\(text) is not an object identifier", remedy: nil)
            }
            policies.insert(policy)
        }
        self.policies = policies
    }
}
