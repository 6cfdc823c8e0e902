import ArgumentParser
import IGCSante
import X509

/// `poterne anchors import`: makes a `trust/` folder of what was downloaded.
struct AnchorsImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a trust/ folder of downloaded CA certificates that are the official ones.",
        discussion: """
            Takes .cer, .pem and .p7b files, keeps the certificates whose SHA-256 is pinned in the program, refuses \
            every other one by name, and writes those kept below the folder as PEM. Prints a `trust:` block for the \
            configuration, with the sources of the CRLs; its paths are relative to the configuration file, so the folder \
            belongs beside it. Nothing is fetched: see `poterne anchors list` for the addresses.

            The block admits callers of ELEMENTAIRE ORGANISATIONS alone, which issues ORG AUTH_CLI and SERV SSL; the \
            other CAs that were kept are named in a comment.

            The block goes to standard output, everything else to standard error.

            Exit codes: 0 when every certificate was kept and the block is whole; 1 when one was refused, or the root or \
            the issuer of the block is missing; 2 when a file cannot be read or written.

            Examples:
              poterne anchors import Chaine_de_certification-IGC-Sante.p7b > trust.yaml
              poterne anchors import --environment test --out /etc/poterne/trust ACR-EL-TEST.cer ACI-EL-ORG-TEST.cer
            """)

    /// The hierarchies by the words of the command line.
    enum Hierarchy: String, ExpressibleByArgument, CaseIterable {
        case production, test

        var environment: IGCSante.Environment { self == .production ? .production : .test }
    }

    @Option(
        name: .long,
        help: "production or test: whose CAs are kept. Without it, the files must hold those of one only.")
    var environment: Hierarchy?

    @Option(name: .long, help: ArgumentHelp("The folder to write to.", valueName: "folder"))
    var out = "trust"

    @Argument(help: ArgumentHelp("The files that were downloaded.", valueName: "file"))
    var files: [String]

    func run() throws {
        let result: AnchorImport
        do {
            result = try AnchorImport(files, environment: environment?.environment)
            try result.write(below: out)
        } catch {
            StandardError.write("poterne anchors import: \(error)")
            throw ExitCode(2)
        }
        for authority in result.kept {
            StandardError.write("kept     \(authority.fileName): \(authority.commonName)")
        }
        for refused in result.refused { StandardError.write("refused  \(refused.printable)") }
        for missing in result.missing {
            StandardError.write("missing  \(missing.fileName): get it from \(missing.certificateURL)")
        }
        if let block = result.trustBlock(folder: out) { print(block) }
        if !result.isWhole { throw ExitCode(1) }
    }
}
