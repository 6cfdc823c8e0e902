internal import Crypto
internal import Glibc

/// The bytes of a file with a key or a passphrase, read once into memory of their own, which is overwritten when they go.
///
/// What OpenSSL makes of them is in its own memory, and overwritten there when it is freed; what the kernel keeps of the
/// file is out of our hands.
final class SecretFile {
    private var bytes: [UInt8]

    /// Reads a regular file that nobody but its owner and its group may read.
    init(_ path: String, limit: Int = FileContents.largest) throws(FileError) {
        let file = try RegularFile(path)
        let permissions = SecretPermissions(mode: file.mode, owner: file.owner)
        guard !permissions.isOpenToOthers else {
            throw .openToOthers(path: path, mode: permissions.text)
        }
        try file.checkSize(limit)
        // Of its final size from the start: an array that grows leaves copies behind. One more, to see the end.
        bytes = [UInt8](repeating: 0, count: file.size + 1)
        var filled = 0
        while filled < bytes.count {
            let count = try file.read(into: &bytes, from: filled)
            if count == 0 { break }
            filled += count
        }
        // It has grown since it was asked for its size.
        guard filled < bytes.count else { throw .tooLarge(path: path, limit: filled - 1) }
        bytes.removeLast(bytes.count - filled)
    }

    deinit {
        overwriteSecret(&bytes)
    }

    /// Lends the bytes; whoever keeps them keeps the secret.
    func withBytes<Success, Failure: Error>(
        _ body: ([UInt8]) throws(Failure) -> Success
    ) throws(Failure) -> Success {
        try body(bytes)
    }

    /// Keeps the first line only: a passphrase is written with an editor that ends it.
    func keepFirstLine() {
        let end = bytes.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.count
        bytes.removeLast(bytes.count - end)
    }
}

/// Who may read a file with a secret in it.
struct SecretPermissions: Equatable {
    private let mode: UInt32
    private let owner: UInt32

    init(mode: UInt32, owner: UInt32) {
        self.mode = mode & 0o7777
        self.owner = owner
    }

    /// Whether anybody at all may read or change it: it is not used.
    var isOpenToOthers: Bool { mode & 0o007 != 0 || mode & 0o020 != 0 }

    /// Whether a group may read it that its owner did not have to give it to: root gives it to the gateway's group on
    /// purpose, while the gateway's own user has no need to.
    var isOpenToGroup: Bool { mode & 0o040 != 0 && owner != 0 }

    /// As `chmod` takes it.
    var text: String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
