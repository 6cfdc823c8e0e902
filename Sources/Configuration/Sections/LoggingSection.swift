extension LoggingConfiguration {
    static func read(_ section: Section?) -> LoggingConfiguration {
        let access = section?["access"]?.section()
        let audit = section?["audit"]?.section()
        let logging = LoggingConfiguration(
            level: section?["level"]?.choice() ?? Defaults.level,
            access: Access(
                destination: access?["path"].flatMap(Destination.read) ?? Defaults.accessDestination,
                format: access?["format"]?.choice() ?? Defaults.accessFormat),
            audit: Audit(
                destination: audit?["path"].flatMap(Destination.read) ?? Defaults.auditDestination,
                isChained: audit?["chain"]?.boolean() ?? false,
                maxRate: audit?["max_rate"].map(readRate) ?? .some(Defaults.auditRate)))
        if logging.audit.isChained, let chain = audit?["chain"] {
            // The lines of another log between its own would break the chain, and a pipe has no end to go on from.
            if logging.audit.destination == .standardOutput {
                chain.error("\"chain\" needs a file", hint: "audit: {path: /var/log/poterne/audit.log, chain: true}")
            } else if logging.access.format != .off,
                logging.access.destination.path == logging.audit.destination.path
            {
                chain.error("\"chain\" needs a file that the access log does not write to")
            }
        }
        access?.finish()
        audit?.finish()
        section?.finish()
        return logging
    }
}

extension LoggingConfiguration {
    /// A number, or `off`: nil, as a value of its own.
    private static func readRate(_ value: Value) -> Int? {
        value.isWord("off") ? nil : value.integer(in: Limits.auditRate, or: "off") ?? Defaults.auditRate
    }
}

extension LoggingConfiguration.Destination {
    /// The file's path; nil for standard output.
    var path: String? {
        if case .file(let file) = self { file.path } else { nil }
    }

    /// A path, or `-`.
    static func read(_ value: Value) -> LoggingConfiguration.Destination? {
        value.isWord("-") ? .standardOutput : value.file().map(Self.file)
    }
}
