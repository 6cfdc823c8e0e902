import ArgumentParser
import DER
import TestPKI

/// `poterne testpki`: makes the made-up IGC-Santé that development and tests run with.
struct TestPKICommand: ParsableCommand {
    /// The folder that is made when none is named.
    static let folder = "certs-test/generated"

    static let configuration = CommandConfiguration(
        commandName: "testpki",
        abstract: "Make a test PKI: a made-up IGC-Santé with every kind of certificate, right and wrong.",
        discussion: """
            The certificates are built like those of IGC-Santé to the encoded byte, under CA names that cannot be \
            mistaken for the real ones. The folder is written beside its place and then takes it whole; only a folder \
            that was made by this command is ever replaced.

            What is made, below the folder:
              trust/            root.pem, organisations.pem, personnes.pem and the other CAs
              server/           fullchain.pem, key.pem, serv-ssl.p12: for localhost and api.poterne.example
              callers/          org-auth-cli.{pem,key,p12}, which is admitted, and one of every other kind
              wrong/            one caller for each reason to be refused
              crl/              root.crl, organisations.crl, organisations-delta.crl, personnes.crl (DER)
              load/             client-00001.pem … with one client.key
              prod/             the same for the hierarchy like production
              passphrase        of the PKCS#12 files
              poterne.yaml      a configuration that serves them

            certs-test/README.md of the project says what each file proves. The CRLs are valid for six days, as the \
            real ones: make the folder anew after that. It takes about half a minute, for the RSA-4096 keys of the CAs.

            Examples:
              poterne testpki
              poterne testpki --callers 1000 --out /tmp/pki
            """)

    @Option(name: .long, help: ArgumentHelp("The folder to make.", valueName: "folder"))
    var out = folder

    @Option(name: .long, help: "How many callers for load tests, up to 99999; they share a key.")
    var callers = 0

    @Option(name: .long, help: "How many more entries the CRL of ORGANISATIONS gets, up to 5000000.")
    var crlEntries = 1_000

    /// The kinds of keys by the words of the command line.
    enum KeyType: String, ExpressibleByArgument, CaseIterable {
        case rsa, p256

        var made: TestPKI.Options.KeyType { self == .rsa ? .rsa : .p256 }
    }

    @Option(name: .long, help: "The keys of servers and callers: rsa (2048 bits, as IGC-Santé) or p256.")
    var keyType = KeyType.rsa

    @Option(
        name: .long,
        help: "How many days the good certificates are valid; two to three years by kind if it is not given.")
    var days: Int?

    @Option(name: .long, help: "The passphrase of the PKCS#12 files.")
    var p12Passphrase = "poterne"

    func run() throws {
        var options = TestPKI.Options(folder: out, now: .now())
        options.callerCount = callers
        options.revocationEntryCount = crlEntries
        options.keyType = keyType.made
        options.validityDays = days
        options.passphrase = p12Passphrase
        try TestPKI.generate(options)
        print("Test PKI made in \(out): try callers/org-auth-cli.pem, and what is in wrong/.")
    }
}
