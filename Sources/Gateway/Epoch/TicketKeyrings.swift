internal import Configuration
internal import Crypto
internal import TLS

/// The ticket keys and remembered sessions of a process: they outlive reloads, or every reload would end every session.
///
/// A listener has keys of its own, in memory, or those of a file that several nodes share. Only with its own does it
/// remember sessions, which other nodes could not resume. Belongs to the control thread.
final class TicketKeyrings {
    private var own: [String: TicketKeyring] = [:]
    private var remembered: [String: SessionStore] = [:]
    private var shared: [String: (keyring: TicketKeyring, digest: [UInt8])] = [:]

    /// More than three keys of 80 bytes is no key file.
    private static let largestFile = 4096

    /// The keys of a listener.
    func keyring(for listener: ListenerConfiguration) throws(StartupProblem) -> TicketKeyring {
        let file = listener.tls.sessionTickets.keysFile
        do {
            guard let file else { return try ownKeyring(of: listener.name) }
            try read(file.path)
            if let keyring = shared[file.path]?.keyring { return keyring }
            throw TLSError.invalidTicketKeys(bytes: 0)
        } catch {
            throw StartupProblem(location: file?.location ?? listener.location, message: "\(error)", remedy: nil)
        }
    }

    /// Where a listener's sessions are remembered; nil where all are sealed into tickets.
    func sessions(for listener: ListenerConfiguration) -> SessionStore? {
        let wanted = listener.tls.sessionTickets.inMemory
        guard wanted > 0 else {
            remembered[listener.name] = nil
            return nil
        }
        let store = SessionStore(capacity: wanted)
        if let known = remembered[listener.name], known.capacity == store.capacity { return known }
        remembered[listener.name] = store
        return store
    }

    private func ownKeyring(of listener: String) throws(TLSError) -> TicketKeyring {
        if let keyring = own[listener] { return keyring }
        let keyring = try TicketKeyring()
        own[listener] = keyring
        return keyring
    }

    /// Takes the keys of a file as they are now; what is no key file changes nothing.
    private func read(_ path: String) throws {
        try SecretFile(path, limit: Self.largestFile).withBytes { bytes in
            // Not the bytes themselves: they are keys.
            let digest = SHA256.digest(of: bytes.span).bytes
            guard let known = shared[path] else {
                shared[path] = (try TicketKeyring(fileBytes: bytes.span), digest)
                return
            }
            guard known.digest != digest else { return }
            try known.keyring.reload(fileBytes: bytes.span)
            shared[path] = (known.keyring, digest)
        }
    }

    /// Makes new current keys, where they are this process's own.
    func rotate() {
        for keyring in own.values { try? keyring.rotate() }
    }

    /// Looks whether a shared file has changed; returns what went wrong, in words.
    func refresh() -> [String] {
        shared.keys.sorted().compactMap { path in
            do {
                try read(path)
                return nil
            } catch {
                return "\(path): \(error); the ticket keys in use stay"
            }
        }
    }
}
