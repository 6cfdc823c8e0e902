import Crypto
import IGCSante
import X509

/// Downloaded CA certificates, held against the pinned fingerprints.
struct AnchorImport {
    /// The official ones, each once, roots before their intermediates.
    let kept: [OfficialAuthority]
    /// The others, each by its name and why.
    let refused: [String]
    private let certificates: [OfficialAuthority: Certificate]
    private let environment: IGCSante.Environment?

    /// Reads files.
    ///
    /// - Throws: `UnusableInput` for one that cannot be read, or when nothing tells the environment.
    init(_ files: [String], environment chosen: IGCSante.Environment?) throws {
        var found: [OfficialAuthority: Certificate] = [:]
        var refused: [String] = []
        for file in files {
            let input = try InspectedFile(file, passphrase: nil)
            for entry in input.entries {
                switch entry {
                case .malformed(let error): refused.append("\(file): \(error)")
                case .certificate(let certificate):
                    let bytes = certificate.der
                    let digest = SHA256.digest(of: bytes.span)
                    if let authority = OfficialAuthority.matching(sha256: digest.bytes) {
                        found[authority] = certificate
                    } else {
                        refused.append(
                            "\(certificate.subject.rfc2253) (\(file)): " + AnchorImport.reason(certificate, digest))
                    }
                }
            }
        }
        let environments = Set(found.keys.map(\.environment))
        guard chosen != nil || environments.count <= 1 else {
            throw UnusableInput("the files hold CAs of production and of test: choose with --environment")
        }
        let environment = chosen ?? environments.first
        for authority in OfficialAuthority.all where found[authority] != nil && authority.environment != environment {
            found[authority] = nil
            refused.append("\(authority.commonName): it is of \(authority.environment)")
        }
        certificates = found
        kept = OfficialAuthority.all.filter { found[$0] != nil }
        self.refused = refused
        self.environment = environment
    }

    /// Why a certificate is none of the official ones: one that only has the name is worth a warning.
    private static func reason(_ certificate: Certificate, _ digest: SHA256Digest) -> String {
        let names = certificate.subject.values(of: .commonName)
        if let authority = OfficialAuthority.all.first(where: { [$0.commonName] == names }) {
            return
                "it has the name of \(authority.fileName) and not its fingerprint (SHA-256 \(digest)): do not trust it"
        }
        return certificate.basicConstraints?.isAuthority == true
            ? "it is no CA of IGC-Santé that is known (SHA-256 \(digest))" : "it is not a CA's certificate"
    }

    /// Writes the certificates as PEM, one a file.
    func write(below folder: String) throws {
        guard !kept.isEmpty else { return }
        try OutputFile.makeFolder(folder)
        for authority in kept {
            guard let certificate = certificates[authority] else { continue }
            try OutputFile.write(
                PEM.encode(PEMBlock(label: "CERTIFICATE", bytes: certificate.der)),
                to: "\(folder)/\(authority.fileName).pem")
        }
    }

    /// The CA that issues callers, and its root: what a trust is made of.
    private var needed: [OfficialAuthority] {
        OfficialAuthority.all.filter { authority in
            authority.environment == environment && authority.range == .elementary
                && (authority.role == .root || authority.domain == .organisations)
        }
    }

    /// What a trust needs and is not there.
    var missing: [OfficialAuthority] { needed.filter { certificates[$0] == nil } }

    /// Whether everything was kept, and a trust can be made of it.
    var isWhole: Bool { !kept.isEmpty && refused.isEmpty && missing.isEmpty }

    /// The `trust:` block of a configuration; nil when the root or the issuer is missing.
    func trustBlock(folder: String) -> String? {
        guard let environment, !kept.isEmpty, missing.isEmpty else { return nil }
        func path(_ authority: OfficialAuthority) -> String { "\"\(folder)/\(authority.fileName).pem\"" }
        let anchors = needed.filter { $0.role == .root }
        let issuers = needed.filter { $0.role == .intermediate }
        var lines = [
            "trust:",
            "  igc-sante:",
            "    environment: \(environment)",
            "    anchors: [\(anchors.map(path).joined(separator: ", "))]",
            "    issuers: [\(issuers.map(path).joined(separator: ", "))]",
        ]
        let others = kept.filter { !needed.contains($0) }
        if !others.isEmpty {
            lines.append(
                "    # kept as well, and not part of this trust: "
                    + others.map { "\($0.fileName)" }.joined(separator: ", "))
        }
        lines += ["    revocation:", "      check: path", "      sources:"]
        for authority in issuers + anchors {
            lines += ["        - ca: \(path(authority))", "          base:"]
            lines += [authority.crlURL, authority.ldapCRLURL].map { "            - \"\($0)\"" }
            if let delta = authority.ldapDeltaURL { lines += ["          delta:", "            - \"\(delta)\""] }
        }
        lines += ["      refresh: 1h", "      stale: refuse"]
        return lines.joined(separator: "\n")
    }
}
