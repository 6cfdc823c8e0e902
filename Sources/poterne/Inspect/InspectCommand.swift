import ArgumentParser
import DER

/// `poterne inspect`: explains certificates.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Explain a certificate in plain words, and whether a configuration would admit it.",
        discussion: """
            Tells the kind, range and environment of each certificate, the structure and the client that it names, its \
            dates, key, purposes, policies, CRL addresses and thumbprints, and the chain of its issuers as far as they \
            are in hand. Files are PEM, DER, PKCS#7 or PKCS#12. Of several certificates in a file those that issued \
            another one are its chain. Nothing is fetched, and nothing is written.

            With --config each listener says whether it would admit the certificate, by the very decision of a \
            handshake, with the CRLs of the configuration's files and state directory; a refusal has its stable code, \
            a sentence, and what can be done. Without it, the chain is verified by the files in hand (RFC 5280; the \
            CRLs are those of --crl) whenever an issuer is among them.

            JSON: {"at", "certificates": [...], "malformed": [{"file", "message"}], "warnings": [...]}. Of each \
            certificate every member is always there, null or empty when there is nothing to say: file, kind, \
            no_kind_because, environment, range, domain, structure_id, structure_type, structure_value, structure_name, \
            department, client_name, subject, issuer, serial, not_before, not_after, validity (valid, expired, \
            not_yet_valid), days_left, key, extensions, key_usage, extended_key_usage, policies, other_names, crl_urls, \
            sha1, sha256, x5t_s256, chain, chain_is_complete, verification ({"result": "verified"|"refused", "reason", \
            "message", "remedy", ...} or null) and listeners ([{"listener", "trust", "result": \
            "admitted"|"refused"|"not_asked", "reason", "message", "remedy", "routes": [...]}]), among others. Members \
            may be added, none is renamed.

            Exit codes: 0 when nothing that was asked refuses a certificate; 1 when a listener or the verification of \
            the chain does, or a certificate is malformed; 2 when a file or the configuration cannot be used.

            Examples:
              poterne inspect caller.pem
              poterne inspect --config /etc/poterne/poterne.yaml caller.pem
              poterne inspect --anchor ACR-EL.pem --issuer ACI-EL-ORG.pem --crl crl/ caller.pem
              poterne inspect --at 2019-06-28T12:00:00Z --anchor root.pem --issuer org.pem --crl crl/ caller.pem
              poterne inspect --passphrase-file secret caller.p12
            """)

    @Option(name: .long, help: ArgumentHelp("A configuration whose listeners are asked.", valueName: "file"))
    var config: String?

    @Option(name: .long, help: ArgumentHelp("The moment, by RFC 3339; now by default.", valueName: "time"))
    var at: String?

    @Option(
        name: .long, help: ArgumentHelp("CRLs: a file, or a folder. May be given several times.", valueName: "path"))
    var crl: [String] = []

    @Option(name: .long, help: ArgumentHelp("A root to verify up to. May be given several times.", valueName: "file"))
    var anchor: [String] = []

    @Option(name: .long, help: ArgumentHelp("CAs that a chain may go through.", valueName: "file"))
    var issuer: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp("The file whose first line is the passphrase of PKCS#12 files.", valueName: "file"))
    var passphraseFile: String?

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The files with certificates; - is standard input.", valueName: "cert"))
    var certificates: [String]

    func run() throws {
        let report: Inspection.Report
        do {
            report = try Inspection(self).report()
        } catch {
            StandardError.write("poterne inspect: \(error)")
            throw ExitCode(2)
        }
        print(json ? report.json.text() : report.text)
        if report.isRefused { throw ExitCode(1) }
    }
}

extension Inspection.Report {
    /// The report for people.
    var text: String {
        var parts = certificates.map(\.text)
        parts += malformed.map { "\($0.file.printable)\n  malformed     \($0.message.printable)" }
        if !warnings.isEmpty { parts.append(warnings.map { "warning: \($0.printable)" }.joined(separator: "\n")) }
        return parts.joined(separator: "\n\n")
    }

    /// The report for scripts.
    var json: JSONText {
        .object([
            ("at", .string(now.rfc3339)),
            ("certificates", .list(certificates.map(\.json))),
            (
                "malformed",
                .list(malformed.map { .object([("file", .string($0.file)), ("message", .string($0.message))]) })
            ),
            ("warnings", .list(warnings.map(JSONText.string))),
        ])
    }
}
