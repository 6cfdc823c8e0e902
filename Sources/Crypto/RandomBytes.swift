import COpenSSL

/// Bytes from the generator of the cryptographic library, seeded by the kernel.
///
/// The corresponding C function is `RAND_bytes`.
/// - Parameter count: how many, not negative.
/// - Returns: as many bytes.
/// - Throws: ``CryptoError/library(function:code:)`` if the generator could not be seeded.
public func randomBytes(_ count: Int) throws(CryptoError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: max(0, count))
    try fillWithRandomBytes(&bytes)
    return bytes
}

/// Overwrites an array with bytes from the generator of the cryptographic library.
/// - Parameter bytes: what is overwritten, of any length below 2 GiB.
/// - Throws: ``CryptoError/library(function:code:)`` if the generator could not be seeded.
public func fillWithRandomBytes(_ bytes: inout [UInt8]) throws(CryptoError) {
    guard let count = Int32(exactly: bytes.count) else {
        throw .tooLarge(bytes: bytes.count, limit: Int(Int32.max))
    }
    try ErrorQueue.around { () throws(CryptoError) in
        guard unsafe RAND_bytes(&bytes, count) == 1 else {
            throw .library(function: "RAND_bytes", code: ErrorQueue.cause)
        }
    }
}
