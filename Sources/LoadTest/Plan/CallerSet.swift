internal import Crypto
public import TLS
internal import X509

/// The certificates that callers show, by what should become of them.
public struct CallerSet: Sendable {
    /// Those that are admitted, shown in rotation.
    public var admitted: [TLSIdentity]
    /// Those that are revoked.
    public var revoked: [TLSIdentity]
    /// Those of a kind that is not accepted.
    public var wrongKind: [TLSIdentity]

    /// Puts the certificates together.
    public init(admitted: [TLSIdentity], revoked: [TLSIdentity] = [], wrongKind: [TLSIdentity] = []) {
        self.admitted = admitted
        self.revoked = revoked
        self.wrongKind = wrongKind
    }

    /// The identities of a file, or of a folder whose `.pem` files share a key.
    ///
    /// - Parameters:
    ///   - path: a PEM file of a certificate and its issuers, or a folder of such files.
    ///   - keyPath: the key of all of them; if not given, `client.key` of the folder, or what stands beside the file
    ///     with the ending `.key`.
    ///   - limit: how many are read of a folder.
    /// - Returns: each certificate with its issuers and the key.
    /// - Throws: which file cannot be used.
    public static func identities(
        at path: String, key keyPath: String? = nil, limit: Int = .max
    ) throws(LoadError) -> [TLSIdentity] {
        let files: [String]
        let keyFile: String
        if let names = SystemFile.names(inFolder: path) {
            files = names.filter { $0.hasSuffix(".pem") }.sorted().prefix(limit).map { "\(path)/\($0)" }
            keyFile = keyPath ?? "\(path)/client.key"
        } else {
            // Whoever gave a path wants to hear of it, not of a key that would stand beside it.
            _ = try SystemFile.contents(of: path)
            files = [path]
            keyFile = keyPath ?? (path.hasSuffix(".pem") ? String(path.dropLast(4)) : path) + ".key"
        }
        guard !files.isEmpty else { throw .noCallers(path) }
        let key = try privateKey(keyFile)
        var identities: [TLSIdentity] = []
        identities.reserveCapacity(files.count)
        for file in files {
            let bytes = try SystemFile.contents(of: file)
            do throws(CertificateFileError) {
                identities.append(TLSIdentity(chain: try CertificateFile.encodedCertificates(in: bytes), key: key))
            } catch {
                throw .unusableFile(path: file, reason: error.description)
            }
        }
        return identities
    }

    private static func privateKey(_ path: String) throws(LoadError) -> PrivateKey {
        let bytes = try SystemFile.contents(of: path)
        do throws(CryptoError) {
            return try PrivateKey(pem: bytes.span)
        } catch {
            throw .unusableFile(path: path, reason: error.description)
        }
    }

    /// The identities that thread `index` of `count` shows: every `count`-th, or all where there are too few.
    func share(of index: Int, among count: Int) -> CallerSet {
        func part(_ all: [TLSIdentity]) -> [TLSIdentity] {
            guard all.count >= count else { return all }
            return stride(from: index, to: all.count, by: count).map { all[$0] }
        }
        return CallerSet(admitted: part(admitted), revoked: part(revoked), wrongKind: part(wrongKind))
    }
}
