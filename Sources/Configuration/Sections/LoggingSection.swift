extension LoggingConfiguration {
    static func read(_ section: Section?) -> LoggingConfiguration {
        let access = section?["access"]?.section()
        let audit = section?["audit"]?.section()
        let logging = LoggingConfiguration(
            level: section?["level"]?.choice() ?? Defaults.level,
            access: Access(
                destination: access?["path"].flatMap(Destination.read) ?? Defaults.accessDestination,
                format: access?["format"]?.choice() ?? Defaults.accessFormat),
            audit: audit?["path"].flatMap(Destination.read) ?? Defaults.auditDestination)
        access?.finish()
        audit?.finish()
        section?.finish()
        return logging
    }
}

extension LoggingConfiguration.Destination {
    /// A path, or `-`.
    static func read(_ value: Value) -> LoggingConfiguration.Destination? {
        value.isWord("-") ? .standardOutput : value.file().map(Self.file)
    }
}
