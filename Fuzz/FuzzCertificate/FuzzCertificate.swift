import DER
import IGCSante
import X509

/// Reads any bytes as a certificate, and asks it everything that the gateway asks.
@c(LLVMFuzzerTestOneInput)
public func fuzzCertificate(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    guard let certificate = try? Certificate(der: bytes) else {
        _ = try? CertificateFile.certificates(in: bytes)
        return 0
    }
    _ = Classification.classify(certificate, issuer: certificate)
    _ = certificate.subject.rfc2253
    _ = certificate.subject.oneline
    _ = certificate.subject.matches(certificate.issuer)
    return 0
}
