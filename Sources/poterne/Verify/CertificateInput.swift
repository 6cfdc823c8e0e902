import DER
import X509

/// The certificates of the files that one option names; those that break RFC 5280's rules are set aside with a warning.
///
/// A bad certificate among many is what the gateway meets, and what is decided about: it is not the command line that is
/// wrong then. A file without any certificate is.
struct CertificateInput {
    /// As in the files, in order.
    let encoded: [[UInt8]]
    /// Those that can be read, in order.
    let certificates: [Certificate]
    /// What is wrong with the first that cannot.
    let malformed: CertificateError?
    let warnings: [String]

    init(_ paths: [String]) throws {
        var encoded: [[UInt8]] = []
        var certificates: [Certificate] = []
        var malformed: CertificateError?
        var warnings: [String] = []
        for path in paths {
            let found: [[UInt8]]
            do {
                found = try CertificateFile.encodedCertificates(in: try InputFile.read(path))
            } catch let fault as InputFile.Fault {
                throw UnusableInput("\(fault)")
            } catch {
                throw UnusableInput("\(path): \(error)")
            }
            for der in found {
                guard CertificateInput.looksLikeCertificate(der) else {
                    throw UnusableInput("\(path): what is in it is not a certificate")
                }
                encoded.append(der)
                do throws(CertificateError) {
                    certificates.append(try Certificate(der: der))
                } catch {
                    malformed = malformed ?? error
                    warnings.append("\(path): \(error)")
                }
            }
        }
        self.encoded = encoded
        self.certificates = certificates
        self.malformed = malformed
        self.warnings = warnings
    }

    /// Whether bytes have the outline of a certificate: something signed, an algorithm, a signature.
    private static func looksLikeCertificate(_ der: [UInt8]) -> Bool {
        let bytes = der.span
        var file = DERCursor(all: bytes)
        guard let outer = try? file.next(.sequence, in: bytes) else { return false }
        var parts = outer.children
        for tag in [DERTag.sequence, .sequence, .bitString] {
            guard (try? parts.next(tag, in: bytes)) != nil else { return false }
        }
        return true
    }
}
