extension GatewayConfiguration {
    /// Reads the file at a path, with `${NAME}` taken from an environment.
    ///
    /// - Throws: everything that is wrong with the file, not only the first thing.
    public static func load(
        path: String, environment: [String: String]
    ) throws(ConfigurationErrors) -> GatewayConfiguration {
        let text = try ConfigurationFile.text(at: path)
        return try parse(text, file: path, environment: environment)
    }

    /// Reads a text as if it were the file at a path; relative paths resolve against the path's folder.
    ///
    /// - Throws: everything that is wrong with the text, not only the first thing.
    public static func parse(
        _ text: String, file: String, environment: [String: String]
    ) throws(ConfigurationErrors) -> GatewayConfiguration {
        try parse(text, file: file, environment: environment, unsupported: .current)
    }

    static func parse(
        _ text: String, file: String, environment: [String: String], unsupported: UnsupportedKeys
    ) throws(ConfigurationErrors) -> GatewayConfiguration {
        let findings = Findings()
        // A byte order mark is not part of the first line's columns.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        var configuration: GatewayConfiguration?
        if text.utf8.count > Limits.fileSize {
            findings.error(at: .start, ConfigurationFile.Fault.tooLarge(limit: Limits.fileSize).description)
        } else {
            var composer = YAMLComposer(findings: findings)
            if let root = composer.compose(text, environment: environment) {
                let context = ReadingContext(findings: findings, unsupported: unsupported, folder: folder(of: file))
                configuration = GatewayConfiguration.read(Section(root, path: "", context: context), file: file)
            }
        }
        let diagnostics = findings.sorted()
        guard let configuration, !findings.hasErrors else {
            throw ConfigurationErrors(file: file, diagnostics: diagnostics, text: text)
        }
        return configuration.with(warnings: diagnostics)
    }

    /// The folder of a file, with a `/` at its end; empty for one in the current folder.
    static func folder(of file: String) -> String {
        file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
    }
}
