extension TrustConfiguration {
    /// One entry of `trust`, under its name.
    static func read(_ value: Value) -> TrustConfiguration {
        let section = value.section()
        let environment: Environment? = section.required(
            "environment", hint: "production or test for IGC-Santé, generic for another PKI")?.choice()
        let anchors = section.required("anchors")?.someFiles() ?? []
        let issuersAreOptional = environment == .generic
        let issuersValue =
            issuersAreOptional
            ? section["issuers"] : section.required("issuers", hint: "the CAs that may issue callers: ACI-EL-ORG, ...")
        let issuers = (issuersAreOptional ? issuersValue?.files() : issuersValue?.someFiles()) ?? []
        let trust = TrustConfiguration(
            name: value.key,
            location: value.keyLocation,
            environment: environment ?? .production,
            anchors: anchors,
            issuers: issuers,
            path: Path.read(section["path"]?.section()),
            revocation: RevocationConfiguration.read(
                section["revocation"]?.section(), trust: value.key, location: value.keyLocation,
                findings: section.findings),
            ruleLocations: section.locations(of: ["environment", "anchors", "issuers", "path", "revocation"]))
        section.finish()
        return trust
    }
}

extension TrustConfiguration.Path {
    static func read(_ section: Section?) -> TrustConfiguration.Path {
        let policies = section?["policies"].map { value in
            value.distinct(value.items()) { item -> String? in
                guard let text = item.text("an object identifier") else { return nil }
                guard Grammar.isObjectIdentifier(text) else {
                    item.mismatch("an object identifier", hint: "dotted decimal: 1.2.250.1.213.1.3.1.1")
                    return nil
                }
                return text
            }
        }
        let path = TrustConfiguration.Path(
            maxDepth: section?["max_depth"]?.integer(in: Limits.depth) ?? Defaults.maxDepth,
            policies: policies ?? [],
            explicitPolicy: section?["explicit_policy"]?.boolean() ?? false,
            inhibitAnyPolicy: section?["inhibit_any_policy"]?.boolean() ?? false,
            inhibitPolicyMapping: section?["inhibit_policy_mapping"]?.boolean() ?? false,
            absentExtendedKeyUsage: section?["absent_eku"]?.choice() ?? Defaults.absentExtendedKeyUsage)
        section?.finish()
        return path
    }
}

extension RevocationConfiguration {
    /// `revocation`, which a trust may leave out only to learn that it needs CRLs.
    static func read(
        _ section: Section?, trust: String, location: SourceLocation, findings: Findings
    ) -> RevocationConfiguration {
        let check: Check = section?["check"]?.choice() ?? Defaults.check
        let files = section?["files"]?.files() ?? []
        let sources = section?["sources"]?.items().map { Source.read($0.section()) } ?? []
        if check == .off {
            findings.warning(
                at: section?.location(of: "check") ?? location,
                "revoked certificates pass under the trust \(trust.quoted)",
                hint: "check: path looks every certificate of the path up in its CRL")
        } else if section?.isRefused != true, section?.has("files") != true, section?.has("sources") != true {
            findings.error(
                at: section?.location ?? location,
                "the trust \(trust.quoted) checks revocation but has no CRL to look into",
                hint: "give files: or sources: (or, knowing what it means, check: off)")
        }
        let stale: Stale = section?["stale"]?.choice() ?? Defaults.stale
        let grace = section?["grace"]?.duration(in: Limits.grace)
        if grace != nil, stale == .refuse, let section {
            findings.warning(at: section.location(of: "grace"), "grace has no effect unless stale is grace")
        }
        let revocation = RevocationConfiguration(
            check: check, files: files, sources: sources,
            refresh: section?["refresh"]?.duration(in: Limits.refresh) ?? Defaults.refresh,
            stale: stale, grace: grace ?? Defaults.grace,
            httpProxy: section?["http_proxy"].flatMap { $0.url(schemes: ["http", "https", "socks5", "socks5h"]) },
            timeout: section?["timeout"]?.duration(in: Limits.peerTimeout) ?? Defaults.fetchTimeout,
            maxSize: section?["max_size"]?.size(in: Limits.crlSize) ?? Defaults.crlSize)
        section?.finish()
        return revocation
    }
}

extension RevocationConfiguration.Source {
    static func read(_ section: Section) -> RevocationConfiguration.Source {
        let source = RevocationConfiguration.Source(
            authority: section.required("ca")?.file() ?? .unreadable,
            base: section.required("base")?.someItems().compactMap { $0.locator() } ?? [],
            delta: section["delta"]?.items().compactMap { $0.locator() } ?? [],
            location: section.location)
        section.finish()
        return source
    }
}

extension FileReference {
    /// Stands in for a path that was reported.
    static let unreadable = FileReference(path: "", location: .start)
}

extension Value {
    /// A list of paths, none twice.
    func files() -> [FileReference] { files(items()) }

    /// A list of paths that has at least one.
    func someFiles() -> [FileReference] { files(someItems()) }

    private func files(_ items: [Value]) -> [FileReference] {
        distinct(items) { $0.text("a path") }.compactMap { written in
            let location = items.first { $0.isWord(written) }?.location ?? location
            return FileReference(path: context.resolve(written), location: location)
        }
    }

    /// Where a CRL comes from: `file:` and a path, or a URL.
    fileprivate func locator() -> RevocationConfiguration.Locator? {
        guard let text = text("a URL") else { return nil }
        if text.hasPrefix("file:") {
            var path = text.dropFirst(5)
            // RFC 8089 §2: file:///path, of this machine.
            if path.hasPrefix("///") { path = path.dropFirst(2) }
            guard !path.isEmpty, !path.hasPrefix("//") else {
                mismatch("file:PATH")
                return nil
            }
            return .file(FileReference(path: context.resolve(String(path)), location: location))
        }
        return url(schemes: ["http", "https", "ldap", "ldaps"], others: ["file"]).map {
            .remote(url: $0, location: location)
        }
    }

    /// A URL of one of some schemes.
    ///
    /// A password in it may come from the environment, never from the file.
    func url(schemes: [String], others: [String] = []) -> String? {
        let names = schemes + others
        guard let text = text("a URL") else { return nil }
        guard let colon = text.firstRange(of: "://"), !text[..<colon.lowerBound].isEmpty else {
            mismatch("a URL", hint: "it begins with one of " + names.map { "\($0):" }.joined(separator: ", "))
            return nil
        }
        let scheme = text[..<colon.lowerBound].lowercased()
        guard schemes.contains(scheme) else {
            findings.unknown("URL scheme", scheme, at: location, among: names)
            return nil
        }
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: " ") }) else {
            error("\(key.quoted): a URL holds no spaces", hint: "write %20")
            return nil
        }
        let authority = text[colon.upperBound...].prefix { !"/?#".contains($0) }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard !host.isEmpty, !host.hasPrefix(":") else {
            mismatch("a URL with a host")
            return nil
        }
        if let user = authority.lastIndex(of: "@"), authority[..<user].contains(":"), node.scalar?.hasVariable != true {
            error(
                "\(key.quoted): secrets do not belong into the configuration",
                hint: "take the password from the environment: http://${NAME}:${SECRET}@host:3128")
            return nil
        }
        return text
    }
}
