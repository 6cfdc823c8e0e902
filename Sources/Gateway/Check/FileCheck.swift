internal import Configuration
internal import Glibc

/// Whether files and folders are such that the gateway's user, and nobody else, can do with them what it must.
struct FileCheck {
    private let record: CheckRecord
    private let configuration: GatewayConfiguration
    private let user: ActingUser

    init(record: CheckRecord, configuration: GatewayConfiguration) {
        self.record = record
        self.configuration = configuration
        user = ActingUser(configuration.user)
    }

    func check() {
        if user.isMissing {
            record.error(
                nil, "there is no user \(configuration.user ?? "")",
                mend: "Create it (useradd --system), or change `user`.")
        }
        checkSecrets()
        checkStateDirectory()
        for destination in [
            configuration.logging.destination,
            configuration.logging.access.format == .off ? nil : configuration.logging.access.destination,
            configuration.logging.audit.destination,
        ] {
            switch destination {
            case .file(let file): checkLog(file)
            case .syslog(let path), .journal(let path): checkSocket(path)
            case .standardOutput, nil: break
            }
        }
    }

    /// The system's log is there to be connected to.
    private func checkSocket(_ path: String) {
        guard FileStatus(path) == nil else { return }
        record.error(
            nil, "nobody listens on \(path), where a log is to go",
            mend: "Start the daemon of the log, or name its socket: syslog:PATH or journald:PATH.")
    }

    /// Keys and passphrases are read by whoever may read the file.
    private func checkSecrets() {
        var secrets: [FileReference] = []
        for listener in configuration.listeners {
            for certificate in listener.tls.certificates {
                switch certificate.source {
                case .files(_, let key): secrets.append(key)
                case .pkcs12(let file): secrets.append(file)
                case .pkcs11: break
                }
                secrets += [certificate.passphraseFile].compactMap(\.self)
            }
            secrets += [listener.tls.sessionTickets.keysFile].compactMap(\.self)
        }
        for upstream in configuration.upstreams {
            guard let own = upstream.tls?.clientCertificate else { continue }
            secrets += [own.key, own.passphraseFile].compactMap(\.self)
        }
        for file in secrets {
            guard let status = FileStatus(file.path) else { continue }
            let permissions = SecretPermissions(mode: status.permissions, owner: status.owner)
            if permissions.isOpenToOthers {
                let problem = FileError.openToOthers(path: file.path, mode: permissions.text)
                record.error(file.location, problem.description, mend: problem.remedy)
            } else if permissions.isOpenToGroup {
                record.warning(
                    file.location, "\(file.path) may be read by its group (mode \(permissions.text))",
                    mend: "chmod 0400 \(file.path), or make root its owner.")
            }
        }
    }

    private func checkStateDirectory() {
        let folder = configuration.stateDirectory
        guard let status = FileStatus(folder.path) else {
            let above = FileStatus.folder(of: folder.path)
            if let parent = FileStatus(above), parent.isFolder, user.mayWrite(above, parent) {
                record.ok(folder.location, "the state directory \(folder.path) will be made")
            } else {
                record.warning(
                    folder.location, "the state directory \(folder.path) is not there, and cannot be made",
                    mend:
                        "install -d -m 0700 -o \(user.name) \(folder.path); without it a start without network has no CRL."
                )
            }
            return
        }
        if !status.isFolder {
            record.error(folder.location, "\(folder.path) is not a folder", mend: "Name a folder in `state_directory`.")
        } else if !user.mayWrite(folder.path, status) {
            record.warning(
                folder.location, "the state directory \(folder.path) cannot be written by \(user.name)",
                mend: "chown \(user.name) \(folder.path); without it no CRL is kept for a start without network.")
        } else if status.permissions & 0o022 != 0 {
            record.warning(
                folder.location,
                "the state directory \(folder.path) can be written by others (mode \(status.modeText))",
                mend: "chmod 0700 \(folder.path)")
        } else {
            record.ok(folder.location, "the state directory \(folder.path) can be written")
        }
    }

    private func checkLog(_ file: FileReference) {
        if let status = FileStatus(file.path) {
            if status.isFolder {
                record.error(file.location, "\(file.path) is a folder", mend: "Name a file.")
            } else if user.mayWrite(file.path, status) {
                record.ok(file.location, "\(file.path) can be written")
            } else {
                record.error(
                    file.location, "\(file.path) cannot be written by \(user.name)",
                    mend: "chown \(user.name) \(file.path)")
            }
            return
        }
        let above = FileStatus.folder(of: file.path)
        guard let parent = FileStatus(above), parent.isFolder else {
            record.error(
                file.location, "there is no folder \(above) for \(file.path)",
                mend: "install -d -o \(user.name) \(above)")
            return
        }
        if user.mayWrite(above, parent) {
            record.ok(file.location, "\(file.path) can be made")
        } else {
            record.error(
                file.location, "\(file.path) cannot be made by \(user.name)", mend: "chown \(user.name) \(above)")
        }
    }
}
