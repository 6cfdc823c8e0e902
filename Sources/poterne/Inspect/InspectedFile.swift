import Crypto
import DER
import X509

/// One file that `poterne inspect` was given: the certificates in it, whatever its form.
struct InspectedFile {
    /// One certificate of it.
    enum Entry {
        case certificate(Certificate)
        /// What is in a certificate's place and is none.
        case malformed(CertificateError)
    }

    let path: String
    let entries: [Entry]
    /// Whether the file holds a private key too.
    let hasKey: Bool

    /// Those that can be read.
    var certificates: [Certificate] {
        entries.compactMap { if case .certificate(let certificate) = $0 { certificate } else { nil } }
    }

    /// Reads PEM, DER, PKCS#7 or PKCS#12, told apart by their bytes.
    init(_ path: String, passphrase: [UInt8]?) throws {
        self.path = path
        let bytes = try InspectedFile.bytes(of: path)
        let encoded: [[UInt8]]
        do {
            if InspectedFile.isPKCS12(bytes) {
                encoded = try PKCS12.read(bytes.span, passphrase: passphrase ?? []).certificates
                hasKey = true
            } else {
                encoded = try CertificateFile.encodedCertificates(in: bytes)
                hasKey = (try? PEM.blocks(in: bytes))?.contains { $0.label.hasSuffix("PRIVATE KEY") } ?? false
            }
        } catch CryptoError.wrongPassphrase where passphrase == nil {
            throw UnusableInput("\(path): it needs a passphrase: name the file that holds it with --passphrase-file")
        } catch {
            throw UnusableInput("\(path): \(error)")
        }
        entries = encoded.map { der in
            do throws(CertificateError) {
                return .certificate(try Certificate(der: der))
            } catch {
                return .malformed(error)
            }
        }
    }

    /// Whether bytes begin as a PFX does: a SEQUENCE whose first element is the INTEGER 3 (RFC 7292 §4).
    private static func isPKCS12(_ file: [UInt8]) -> Bool {
        let bytes = file.span
        var cursor = DERCursor(all: bytes)
        guard let outer = try? cursor.next(.sequence, in: bytes) else { return false }
        var fields = outer.children
        guard let version = try? fields.next(.integer, in: bytes) else { return false }
        return (try? version.smallInteger(in: bytes)) == 3
    }

    /// The first line of a passphrase file.
    static func passphrase(in path: String?) throws -> [UInt8]? {
        guard let path else { return nil }
        return Array(try bytes(of: path).prefix { $0 != 0x0A && $0 != 0x0D })
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        do {
            return try InputFile.read(path)
        } catch {
            throw UnusableInput("\(error)")
        }
    }
}
