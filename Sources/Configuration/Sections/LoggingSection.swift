extension LoggingConfiguration {
    static func read(_ section: Section?) -> LoggingConfiguration {
        let access = section?["access"]?.section()
        let audit = section?["audit"]?.section()
        let logging = LoggingConfiguration(
            level: section?["level"]?.choice() ?? Defaults.level,
            destination: section?["path"].flatMap(Destination.read),
            facility: section?["facility"]?.choice() ?? Defaults.facility,
            identifier: section?["identifier"].flatMap(readIdentifier) ?? Defaults.identifier,
            access: Access(
                destination: access?["path"].flatMap(Destination.read) ?? Defaults.accessDestination,
                format: access?["format"]?.choice() ?? Defaults.accessFormat),
            audit: Audit(
                destination: audit?["path"].flatMap(Destination.read) ?? Defaults.auditDestination,
                isChained: audit?["chain"]?.boolean() ?? false,
                maxRate: audit?["max_rate"].map(readRate) ?? .some(Defaults.auditRate)))
        if logging.audit.isChained, let chain = audit?["chain"] {
            // The lines of another log between its own would break the chain, and a pipe has no end to go on from.
            if logging.audit.destination.path == nil {
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
    /// RFC 5424 §6: an APP-NAME.
    private static func readIdentifier(_ value: Value) -> String? {
        guard let text = value.text("a name") else { return nil }
        guard !text.isEmpty, text.utf8.count <= 48, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            value.mismatch("a name of up to 48 printable characters of ASCII, without blanks")
            return nil
        }
        return text
    }

    /// A number, or `off`: nil, as a value of its own.
    private static func readRate(_ value: Value) -> Int? {
        value.isWord("off") ? nil : value.integer(in: Limits.auditRate, or: "off") ?? Defaults.auditRate
    }
}

extension LoggingConfiguration.Destination {
    /// The file's path; nil for what is no file.
    var path: String? {
        if case .file(let file) = self { file.path } else { nil }
    }

    /// A path, `-`, or one of the system's logs, with another socket than its own if one is named.
    static func read(_ value: Value) -> LoggingConfiguration.Destination? {
        if value.isWord("-") { return .standardOutput }
        if value.isWord("syslog") { return .syslog(path: Defaults.syslogSocket) }
        if value.isWord("journald") { return .journal(path: Defaults.journalSocket) }
        guard let text = value.text("a path") else { return nil }
        for (scheme, make) in [("syslog:", Self.syslog(path:)), ("journald:", Self.journal(path:))]
        where text.hasPrefix(scheme) {
            let path = value.context.resolve(String(text.dropFirst(scheme.utf8.count)))
            // unix(7): 108 bytes, a zero among them.
            guard !path.hasSuffix("/"), path.utf8.count < 108 else {
                value.mismatch("\(scheme)PATH, of up to 107 bytes")
                return nil
            }
            return make(path)
        }
        return value.file().map(Self.file)
    }
}
