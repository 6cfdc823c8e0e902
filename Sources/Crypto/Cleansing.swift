internal import COpenSSL

/// Overwrites a secret that is not needed any more, where it stands.
///
/// Only the array's own memory: whoever holds another reference to it, or has copied it, has what was there.
///
/// The corresponding C function is `OPENSSL_cleanse`, which no optimisation leaves out.
public func overwriteSecret(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
}
