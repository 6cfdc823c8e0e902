public import DER

/// Why a file holds no certificates that can be read.
public enum CertificateFileError: Error, Hashable, Sendable {
    /// The file is larger than `PEM.Limits.maxSize`.
    case tooLarge(count: Int)
    /// There is no certificate in the file; `labels` are the PEM blocks that it holds instead.
    case noCertificate(labels: [String])
    /// There are more certificates than `CertificateFile.Limits.maxCertificates`.
    case tooManyCertificates
    /// The PEM is malformed.
    case pem(PEMError)
    /// The PKCS#7 is malformed, or is in BER.
    case pkcs7(DERError)
    /// A certificate is malformed; the first has position 1.
    case certificate(position: Int, CertificateError)
}

extension CertificateFileError: CustomStringConvertible {
    /// A sentence for an operator.
    public var description: String {
        switch self {
        case .tooLarge(let count): "\(count) bytes are more than a certificate file may have"
        case .noCertificate(let labels) where labels.isEmpty: "there is no certificate in the file"
        case .noCertificate(let labels):
            "there is no certificate in the file, only \(labels.joined(separator: ", "))"
        case .tooManyCertificates: "the file holds more than \(CertificateFile.Limits.maxCertificates) certificates"
        case .pem(let error): "\(error)"
        case .pkcs7(let error): "not a PKCS#7 file in DER: \(error)"
        case .certificate(let position, let error): "certificate \(position): \(error)"
        }
    }
}

/// The files that certificates come in: PEM with one or several, DER with one, PKCS#7 (`.p7b`) in either.
public enum CertificateFile {
    /// The bounds of a file an operator gives.
    public enum Limits {
        /// Certificates of one file.
        public static var maxCertificates: Int { 10_000 }
    }

    /// The certificates of a file, in its order; what else a PEM file holds, such as a key, is passed over.
    ///
    /// - Throws: `CertificateFileError`, also when there is none.
    public static func certificates(in file: [UInt8]) throws(CertificateFileError) -> [Certificate] {
        var certificates: [Certificate] = []
        for der in try encodedCertificates(in: file) {
            do throws(CertificateError) {
                certificates.append(try Certificate(der: der))
            } catch {
                throw .certificate(position: certificates.count + 1, error)
            }
        }
        guard !certificates.isEmpty else { throw .noCertificate(labels: []) }
        return certificates
    }

    /// The certificates of a file, in its order and not yet read, for whoever goes on when one of them is malformed.
    ///
    /// - Throws: `CertificateFileError`, also when there is none.
    public static func encodedCertificates(in file: [UInt8]) throws(CertificateFileError) -> [[UInt8]] {
        guard file.count <= PEM.Limits.maxSize else { throw .tooLarge(count: file.count) }
        let encoded: [[UInt8]]
        // A certificate takes more than 127 octets, so its length begins above ASCII; a text may well begin with "0".
        if file.count > 1, file[0] == DERTag.sequence.rawValue, file[1] >= 0x80 {
            encoded = try certificates(ofDER: file)
        } else {
            encoded = try certificates(ofPEM: file)
        }
        guard encoded.count <= Limits.maxCertificates else { throw .tooManyCertificates }
        return encoded
    }

    private static func certificates(ofPEM text: [UInt8]) throws(CertificateFileError) -> [[UInt8]] {
        let blocks: [PEMBlock]
        do throws(PEMError) {
            blocks = try PEM.blocks(in: text)
        } catch {
            throw .pem(error)
        }
        var certificates: [[UInt8]] = []
        for block in blocks {
            switch block.label {
            case "CERTIFICATE", "X509 CERTIFICATE": certificates.append(block.bytes)
            case "PKCS7", "CMS": certificates += try bag(block.bytes)
            default: continue
            }
        }
        guard !certificates.isEmpty else { throw .noCertificate(labels: blocks.map(\.label)) }
        return certificates
    }

    private static func certificates(ofDER bytes: [UInt8]) throws(CertificateFileError) -> [[UInt8]] {
        var cursor = DERCursor(all: bytes.span)
        // A certificate begins with what is signed, a PKCS#7 file with the kind of its content.
        let outer: DERElement? = try? cursor.next(.sequence, in: bytes.span)
        guard outer?.children.peek(in: bytes.span) == .objectIdentifier else { return [bytes] }
        return try bag(bytes)
    }

    private static func bag(_ bytes: [UInt8]) throws(CertificateFileError) -> [[UInt8]] {
        do throws(DERError) {
            return try CertificateBag.certificates(in: bytes.span).map { Array(bytes[$0]) }
        } catch {
            throw .pkcs7(error)
        }
    }
}
