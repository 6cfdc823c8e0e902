import ArgumentParser
import DER
import Trust

/// `poterne verify`: takes the gateway's decision about a chain, offline.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Decide offline whether a certificate may pass, as the gateway would.",
        discussion: """
            Prints `admitted`, or `refused: REASON` with a sentence, and exits 0 or 1; 2 when a file cannot be used. \
            CHAIN holds the caller's certificate first, then whatever it sends, in any order. Certificates are PEM, DER \
            or PKCS#7; CRLs are PEM or DER, base and delta, of any CA, in any order.

            --profile any is plain RFC 5280 with CRLs, without IGC-Santé's kinds: what a gateway does under \
            `environment: generic` with `accept: [ANY]`.

            Examples:
              poterne verify --trust ACR-EL.pem --issuer ACI-EL-ORG.pem --crl crl/ caller.pem
            """)

    /// The purposes by the words of the command line.
    enum Purpose: String, ExpressibleByArgument, CaseIterable {
        case client, server, any

        var policy: PathPolicy.Purpose {
            switch self {
            case .client: .client
            case .server: .server
            case .any: .any
            }
        }
    }

    /// Whose revocation, by the words of the command line.
    enum Check: String, ExpressibleByArgument, CaseIterable {
        case path, leaf, off

        var policy: RevocationCheck {
            switch self {
            case .path: .path
            case .leaf: .leaf
            case .off: .off
            }
        }
    }

    @Option(name: .long, help: ArgumentHelp("A trust anchor. May be given several times.", valueName: "file"))
    var trust: [String] = []

    @Option(name: .long, help: ArgumentHelp("A CA that may issue callers, the only ones then.", valueName: "file"))
    var issuer: [String] = []

    @Option(name: .long, help: ArgumentHelp("Certificates that paths may go through.", valueName: "file"))
    var untrusted: [String] = []

    @Option(name: .long, help: ArgumentHelp("CRLs: a file, or a folder of them.", valueName: "path"))
    var crl: [String] = []

    @Option(name: .long, help: ArgumentHelp("The moment, by RFC 3339; now by default.", valueName: "time"))
    var time: String?

    @Option(name: .long, help: "What the certificate is to be used for: client, server or any, the default.")
    var purpose: Purpose?

    @Option(
        name: .long,
        help: ArgumentHelp("The kinds accepted, separated by commas, or any.", valueName: "kinds"))
    var profile = "ORG AUTH_CLI"

    @Option(name: .long, help: "Whose revocation is checked.")
    var crlCheck = Check.path

    @Option(name: .long, help: ArgumentHelp("An acceptable certificate policy.", valueName: "oid"))
    var policy: [String] = []

    @Flag(name: .long, help: "Require that the path has an acceptable policy.")
    var explicitPolicy = false

    @Flag(name: .long, help: "Do not take policy mappings into account.")
    var inhibitMapping = false

    @Flag(name: .long, help: "Do not let anyPolicy stand for every policy.")
    var inhibitAny = false

    @Option(name: .long, help: ArgumentHelp("Intermediates at most between leaf and anchor.", valueName: "number"))
    var maxDepth: Int?

    @Flag(name: .long, help: "Print the decision as JSON.")
    var json = false

    @Argument(help: ArgumentHelp("The certificates to decide about, leaf first.", valueName: "chain"))
    var chain: String

    func run() throws {
        let report: VerificationReport
        do {
            report = try VerificationRequest(self).decide()
        } catch {
            // The one line that a script sees on standard error; usage errors have ArgumentParser's own.
            StandardError.write("poterne verify: \(error)")
            throw ExitCode(2)
        }
        print(json ? report.json.text() : report.text)
        if !report.isAdmitted { throw ExitCode(1) }
    }
}
