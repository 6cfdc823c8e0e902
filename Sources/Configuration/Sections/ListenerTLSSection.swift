extension ListenerTLSConfiguration {
    static func read(_ section: Section?, location: SourceLocation) -> ListenerTLSConfiguration {
        let certificates = section?.required("certificates")?.someItems() ?? []
        let tls = ListenerTLSConfiguration(
            certificates: certificates.map { ServerCertificateConfiguration.read($0.section()) },
            minVersion: section?["min_version"]?.choice() ?? Defaults.minVersion,
            profile: section?["profile"].flatMap(readProfile) ?? Defaults.profile,
            sessionTickets: SessionTickets.read(section?["session_tickets"]?.section()),
            handshakeTimeout: section?["handshake_timeout"]?.duration(in: Limits.peerTimeout)
                ?? Defaults.handshakeTimeout,
            location: section?.location ?? location)
        section?.finish()
        return tls
    }

    /// `anssi`, or lists of algorithms.
    private static func readProfile(_ value: Value) -> Profile? {
        if value.node.scalar != nil {
            guard let text = value.text("anssi, or a mapping of lists"), text != "anssi" else { return .anssi }
            value.findings.unknown("profile", text, at: value.location, among: ["anssi"])
            return nil
        }
        let section = value.section()
        func names(_ key: String) -> [String] {
            guard let list = section[key] else { return [] }
            return list.distinct(list.someItems()) { item -> String? in
                // OpenSSL's lists are joined by colons and know signs and words: only names pass.
                guard let text = item.text("a name"), Grammar.isAlgorithmName(text) else {
                    item.mismatch(
                        "OpenSSL's name of one algorithm", hint: "such as ECDHE-ECDSA-AES256-GCM-SHA384 or X25519")
                    return nil
                }
                return text
            }
        }
        let profile = Profile.explicit(
            tls12Suites: names("tls12_suites"), tls13Suites: names("tls13_suites"), groups: names("groups"))
        section.finish()
        return profile
    }
}

extension ListenerTLSConfiguration.SessionTickets {
    static func read(_ section: Section?) -> ListenerTLSConfiguration.SessionTickets {
        let keysFile = section?["keys_file"]?.file()
        let inMemory = section?["in_memory"]
        let sessions = inMemory?.integer(in: Limits.sessionsInMemory)
        if keysFile != nil, let sessions, sessions > 0 {
            inMemory?.error(
                "sessions that are kept in memory cannot be resumed on the nodes that share \"keys_file\"",
                hint: "leave out one of the two")
        }
        let tickets = ListenerTLSConfiguration.SessionTickets(
            isEnabled: section?["enabled"]?.boolean() ?? Defaults.ticketsEnabled,
            lifetime: section?["lifetime"]?.duration(in: Limits.ticketLifetime) ?? Defaults.ticketLifetime,
            keysFile: keysFile,
            inMemory: keysFile == nil ? sessions ?? Defaults.sessionsInMemory : 0)
        section?.finish()
        return tickets
    }
}

extension ServerCertificateConfiguration {
    static func read(_ section: Section) -> ServerCertificateConfiguration {
        defer { section.finish() }
        let pkcs12 = section["pkcs12"]
        let source: Source
        if let pkcs12 {
            for value in [section["chain"], section["key"]] {
                guard let value else { continue }
                section.findings.error(
                    at: value.keyLocation, "\(value.key.quoted) has no effect beside pkcs12, which holds chain and key")
            }
            source = .pkcs12(pkcs12.file() ?? .unreadable)
        } else {
            let chain = section.required(
                "chain", hint: "a PEM file, leaf first; or pkcs12: with chain and key in one file")
            let key = section.required("key", hint: "the PEM file of the private key")
            source = readKey(key, chain: chain?.file() ?? .unreadable)
        }
        return ServerCertificateConfiguration(
            source: source, passphraseFile: section["key_passphrase_file"]?.file(), location: section.location)
    }

    private static func readKey(_ key: Value?, chain: FileReference) -> Source {
        guard let text = key?.text("a path"), text.hasPrefix("pkcs11:") else {
            return .files(chain: chain, key: key?.file() ?? .unreadable)
        }
        if text.contains("pin-value=") {
            key?.error(
                "secrets do not belong into the configuration",
                hint: "name a file that holds the PIN in key_passphrase_file")
        }
        return .pkcs11(chain: chain, uri: text)
    }
}

extension Grammar {
    /// A name in OpenSSL's lists of suites and groups.
    static func isAlgorithmName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isLetterOrDigit else { return false }
        return text.utf8.count <= Limits.nameSize
            && text.utf8.allSatisfy { $0.isLetterOrDigit || "-_".utf8.contains($0) }
    }
}
