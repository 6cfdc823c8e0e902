import Revocation

/// Reads any bytes as a CRL, or as a file of several.
@c(LLVMFuzzerTestOneInput)
public func fuzzRevocationList(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    _ = try? CertificateRevocationList(der: bytes, maximumSize: 1 << 20)
    let keeper = RevocationKeeper(RevocationSettings(authorities: []))
    _ = keeper.offer(bytes, at: .now())
    return 0
}
