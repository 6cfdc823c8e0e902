/// A configuration to be written, in the pieces that tests change.
///
/// Lists are lines of YAML, put where they belong; paths are below the folder of the certificates.
struct Setup {
    /// Where certificates and CRLs are.
    var folder: String
    var environment = "test"
    var anchors = ["trust/root.pem"]
    var issuers = ["trust/organisations.pem"]
    /// The CRL files; none at all leaves `files` out.
    var revocationLists: [String]? = ["crl/root.crl", "crl/organisations.crl", "crl/organisations-delta.crl"]
    /// More of `revocation`.
    var revocation: [String] = []

    var mode = "required"
    var accept = ["ORG AUTH_CLI"]
    /// More of `client_certificate`.
    var clientCertificate: [String] = []
    var certificates = ["{chain: server/fullchain.pem, key: server/key.pem}"]
    /// More of `tls`.
    var tls: [String] = []
    /// `http`.
    var http: [String] = []
    /// More of the listener.
    var listener: [String] = []
    /// Each a flow mapping.
    var routes: [String]
    /// `upstreams`.
    var upstreams: [String] = []
    /// The names of the listeners, which differ in nothing else.
    var listeners = ["api"]
    var workers = 2
    var stateDirectory = "state"
    /// Where the audit log is, and more of `logging.audit`, with a comma before it.
    var auditPath = "audit.log"
    var audit = ""
    /// More of the top level.
    var top: [String] = []

    /// Routes everything to an upstream on a port of this machine.
    init(folder: String = TestCertificates.folder, upstream port: UInt16, identity: String = "[igc-sante]") {
        self.folder = folder
        routes = ["{path: /, upstream: app, identity: \(identity)}"]
        upstreams = ["app: {servers: [{address: \"127.0.0.1:\(port)\"}]}"]
    }

    /// Answers everything itself.
    init(folder: String = TestCertificates.folder) {
        self.folder = folder
        routes = ["{path: /, respond: {status: 200, body: ok}}"]
    }

    /// Answers everything itself, and the operator at `admin.sock` in a folder.
    init(adminIn folder: TestFolder) {
        self.init()
        top = ["admin: {address: \"unix:\(folder["admin.sock"])\"}"]
    }

    /// The whole file.
    ///
    /// Logs go to `access.log` and `audit.log`, state to `state`.
    var yaml: String {
        var lines = ["workers: \(workers)", "state_directory: \(stateDirectory)"] + top
        if mode != "none" {
            lines += ["trust:", "  igc-sante:", "    environment: \(environment)"]
            lines += ["    anchors: [\(paths(anchors))]", "    issuers: [\(paths(issuers))]", "    revocation:"]
            if let revocationLists { lines.append("      files: [\(paths(revocationLists))]") }
            lines += revocation.map { "      " + $0 }
        }
        lines.append("listeners:")
        for name in listeners { lines += listenerLines(name) }
        if !upstreams.isEmpty { lines += ["upstreams:"] + upstreams.map { "  " + $0 } }
        lines += ["logging:", "  level: debug", "  access: {path: access.log, format: json}"]
        lines += ["  audit: {path: \(auditPath)\(audit)}"]
        return lines.joined(separator: "\n") + "\n"
    }

    private func listenerLines(_ name: String) -> [String] {
        var lines = ["  - name: \(name)", "    address: \"127.0.0.1:0\""]
        lines += listener.map { "    " + $0 }
        lines += ["    tls:", "      certificates:"] + certificates.map { "        - " + absolute($0) }
        lines += tls.map { "      " + $0 }
        lines += ["    client_certificate:", "      mode: \(mode)"]
        if mode != "none" { lines += ["      trust: igc-sante", "      accept: [\(accept.joined(separator: ", "))]"] }
        lines += clientCertificate.map { "      " + $0 }
        if !http.isEmpty { lines += ["    http:"] + http.map { "      " + $0 } }
        return lines + ["    routes:"] + routes.map { "      - " + $0 }
    }

    private func paths(_ names: [String]) -> String {
        names.map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }.joined(separator: ", ")
    }

    /// A flow mapping with its relative paths made absolute.
    private func absolute(_ mapping: String) -> String {
        ["chain: ", "key: ", "pkcs12: ", "key_passphrase_file: "].reduce(mapping) { text, key in
            text.replacing(key, with: "\(key)\(folder)/").replacing("\(key)\(folder)//", with: "\(key)/")
                // What is quoted is no path.
                .replacing("\(key)\(folder)/\"", with: "\(key)\"")
        }
    }
}
