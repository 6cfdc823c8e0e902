extension GatewayConfiguration {
    /// Reads the file at a path, with `${NAME}` taken from an environment.
    public static func load(
        path: String, environment: [String: String]
    ) throws(ConfigurationErrors) -> GatewayConfiguration {
        try parse("", file: path, environment: environment)
    }

    /// Reads a text as if it were the file at a path; relative paths resolve against the path's folder.
    public static func parse(
        _ text: String, file: String, environment: [String: String]
    ) throws(ConfigurationErrors) -> GatewayConfiguration {
        throw ConfigurationErrors(
            file: file, diagnostics: [Diagnostic(.error, at: .start, "is not read by this build")], text: text)
    }
}
