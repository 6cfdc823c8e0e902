internal import CLinux
internal import Configuration
internal import Glibc
internal import Logging

/// What the process forbids itself once it has bound, before the first caller: it reads its configuration and what that
/// names, writes its state and its logs, and does nothing else, whatever a caller may have made of it.
///
/// To be applied while there is one thread only: the kernel applies it to a thread and those that it starts.
struct Confinement {
    private let configuration: GatewayConfiguration
    private let executable: String

    init(_ configuration: GatewayConfiguration, executable: String) {
        self.configuration = configuration
        self.executable = executable
    }

    /// Applies it.
    ///
    /// - Throws: when what the configuration requires cannot be had.
    func apply(log: Logger) throws(StartupProblem) {
        if clinux_guard_memory() != 0 { log.warning("core dumps could not be forbidden: one would hold the keys") }
        _ = clinux_limit_capabilities(keptCapabilities)
        if geteuid() == 0, configuration.user == nil {
            log.warning("runs as root: name a `user` to become after binding")
        }
        try applyLandlock(log)
        guard configuration.hardening.seccomp else { return }
        let outcome = clinux_refuse_system_calls()
        guard outcome == 0 else { throw Self.problem("hardening.seccomp", outcome) }
    }

    /// Root that stays root goes on opening the files that root opens, and binding what it binds after an upgrade.
    private var keptCapabilities: UInt64 {
        guard geteuid() == 0 else { return 0 }
        let overrideAccess: UInt64 = 1 << 1
        let searchFolders: UInt64 = 1 << 2
        let bindLowPorts: UInt64 = 1 << 10
        return overrideAccess | searchFolders | bindLowPorts
    }

    // MARK: Landlock

    private func applyLandlock(_ log: Logger) throws(StartupProblem) {
        guard configuration.hardening.landlock != .off else { return }
        guard !Self.hasToken(configuration) else {
            // What a token's library opens is known to nobody but it.
            return try passOver("a key is in a PKCS#11 token", log)
        }
        let version = clinux_landlock_version()
        guard version > 0 else { return try passOver("this kernel does not have it", log) }
        let outcome = unsafe Self.restrict(to: places)
        guard outcome == 0 else {
            return try passOver(unsafe String(cString: strerror(outcome)), log)
        }
        log.info("confined by Landlock to the folders that the configuration names", metadata: ["abi": "\(version)"])
    }

    private func passOver(_ reason: String, _ log: Logger) throws(StartupProblem) {
        guard configuration.hardening.landlock == .auto else {
            throw StartupProblem(
                location: nil, message: "hardening.landlock is required, and not to be had: \(reason)", remedy: nil)
        }
        log.notice("not confined by Landlock: \(reason)")
    }

    /// Everything that is opened later: by reloads, by logs and state, by name resolution, and by an upgrade.
    private var places: [(path: String, uses: UInt32)] {
        var places: [(path: String, uses: UInt32)] = []
        let (read, execute) = (CLINUX_READ.rawValue, CLINUX_EXECUTE.rawValue)
        for path in ["/usr", "/lib", "/lib64", "/bin", Self.folder(of: executable)] { places.append((path, execute)) }
        // Wherever else the libraries of this process lie, those of the next one do too.
        for path in Self.foldersOfLibraries { places.append((path, execute)) }
        for path in ["/etc", "/run", "/proc", "/sys", "/dev"] { places.append((path, read)) }
        for path in readPaths { places += Self.reach(path).map { (path: $0, uses: read) } }
        let change = read | CLINUX_CHANGE.rawValue
        places.append((configuration.stateDirectory.path, change))
        for path in configuration.logging.files { places.append((Self.folder(of: path), change)) }
        for endpoint in configuration.listeners.map(\.address) + [configuration.admin?.address].compactMap(\.self) {
            guard case .unix(let path) = endpoint else { continue }
            places.append((Self.folder(of: path), read | CLINUX_SOCKETS.rawValue))
        }
        return places
    }

    private var readPaths: [String] {
        var paths = [configuration.file] + WatchedFiles.named(by: configuration)
        paths += configuration.listeners.compactMap { $0.tls.sessionTickets.keysFile?.path }
        paths += configuration.listeners.flatMap(\.routes).compactMap { $0.callersFile?.path }
        for issuer in configuration.tokenIssuers {
            switch issuer.keys {
            case .file(let file): paths.append(file.path)
            case .url(_, let authorities): paths += [authorities].compactMap(\.self).map(\.path)
            case .none: break
            }
        }
        paths += [configuration.expiryWebhook?.authorities].compactMap(\.self).map(\.path)
        for trust in configuration.trusts {
            paths += trust.revocation.files.map(\.path)
            for case .file(let file) in trust.revocation.sources.flatMap({ $0.base + $0.delta }) {
                paths.append(file.path)
            }
        }
        return paths
    }

    /// The folder of a file, in which another may take its place, and that of what a link leads to; of a folder also itself.
    private static func reach(_ path: String) -> [String] {
        var reached = [folder(of: path)]
        if let status = FileStatus(path), status.isFolder { reached.append(path) }
        if let target = unsafe realpath(path, nil) {
            let resolved = unsafe String(cString: target)
            unsafe free(target)
            reached.append(folder(of: resolved))
        }
        // A file in the root folder does not open everything.
        return reached.map { $0 == "/" ? path : $0 }
    }

    /// The folders of what is mapped into this process: proc(5), the sixth field of each line.
    private static var foldersOfLibraries: Set<String> {
        guard let bytes = try? FileContents.read("/proc/self/maps") else { return [] }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return Set(
            lines.compactMap { line in
                line.firstIndex(of: "/").map { folder(of: String(line[$0...])) }
            })
    }

    private static func folder(of path: String) -> String { FileStatus.folder(of: path) }

    private static func hasToken(_ configuration: GatewayConfiguration) -> Bool {
        configuration.listeners.flatMap(\.tls.certificates).contains { certificate in
            if case .pkcs11 = certificate.source { true } else { false }
        }
    }

    @unsafe
    private static func restrict(to places: [(path: String, uses: UInt32)]) -> Int32 {
        var rules = unsafe places.map { place in
            unsafe clinux_landlock_rule(path: UnsafePointer(strdup(place.path)), uses: place.uses)
        }
        defer { unsafe rules.forEach { unsafe free(UnsafeMutablePointer(mutating: $0.path)) } }
        return unsafe clinux_landlock_restrict(&rules, rules.count)
    }

    /// What to say beside a refusal that may have come of the confinement.
    static func hint(for error: String, under configuration: GatewayConfiguration) -> String? {
        guard error.contains(unsafe String(cString: strerror(EACCES))), configuration.hardening.landlock != .off else {
            return nil
        }
        return "\n  If it can be read by the gateway's user: Landlock keeps this process in the folders that its "
            + "configuration named when it started; a restart takes new ones."
    }

    private static func problem(_ what: String, _ number: Int32) -> StartupProblem {
        StartupProblem(
            location: nil, message: "\(what) cannot be applied: \(unsafe String(cString: strerror(number)))",
            remedy: nil)
    }
}
