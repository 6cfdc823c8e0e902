/// Where the gateway that runs by a configuration file is asked.
///
/// A gateway goes on by the configuration it took while its file is being edited: whoever asks it needs two values, and
/// a fault elsewhere in the file must not stand between them.
public struct GatewayWhereabouts: Sendable {
    /// `admin.address`; nil when there is none, or none that can be read.
    public let admin: Endpoint?

    /// `state_directory`; nil when the file has errors and does not clearly say it.
    public let stateDirectory: String?

    /// What is wrong with the file; nil when it can be read as a whole.
    public let errors: ConfigurationErrors?

    /// Reads the file at a path, with `${NAME}` taken from an environment.
    public init(path: String, environment: [String: String]) {
        do throws(ConfigurationErrors) {
            self.init(try GatewayConfiguration.load(path: path, environment: environment))
        } catch {
            self.init(error, environment: environment)
        }
    }

    private init(_ configuration: GatewayConfiguration) {
        admin = configuration.admin?.address
        stateDirectory = configuration.stateDirectory.path
        errors = nil
    }

    /// What can be made out in a file with errors.
    init(_ errors: ConfigurationErrors, environment: [String: String]) {
        // The default is not assumed here: the key may be there and misspelt, and another gateway be meant.
        admin = Self.value("admin", of: errors, environment)?.section()["address"]?.endpoint(.address)
        stateDirectory = Self.value("state_directory", of: errors, environment)?.file()?.path
        self.errors = errors
    }

    /// The value of a key of the root, cut out of a text that may not even be YAML elsewhere.
    private static func value(
        _ key: String, of errors: ConfigurationErrors, _ environment: [String: String]
    ) -> Value? {
        guard errors.text.utf8.count <= Limits.fileSize else { return nil }
        var kept = String.UnicodeScalarView()
        var isWanted = false
        for line in SourceLines.split(errors.text) {
            if let first = line.first, first != " ", first != "#" {
                isWanted = line.starts(with: "\(key):".unicodeScalars)
            }
            if isWanted { kept += line + ["\n"] }
        }
        let findings = Findings()
        var composer = YAMLComposer(findings: findings)
        // A key that stands there twice, say, tells nobody which is meant.
        guard !kept.isEmpty, let root = composer.compose(String(kept), environment: environment), !findings.hasErrors
        else { return nil }
        let folder = GatewayConfiguration.folder(of: errors.file)
        let context = ReadingContext(findings: findings, unsupported: .current, folder: folder)
        return Section(root, path: "", context: context)[key]
    }
}
