import Crypto
import X509

/// A certificate with its key and what its holder sends along.
struct Issued: Sendable {
    /// DER, the holder's own first.
    let chain: [[UInt8]]
    let key: PrivateKey

    /// The chain in PEM, the holder's own first.
    var pem: [UInt8] { pemText(of: chain) }

    /// The content octets of the serial number of the holder's certificate.
    var serial: [UInt8]? {
        guard let leaf = chain.first, let certificate = try? Certificate(der: leaf) else { return nil }
        return certificate.serial.octets
    }

    /// `NAME.pem` and `NAME.key`.
    func files(_ name: String) throws(CryptoError) -> [GeneratedFile] {
        [GeneratedFile("\(name).pem", pem), GeneratedFile("\(name).key", try key.pem, isSecret: true)]
    }
}

/// Certificates in PEM.
func pemText(of certificates: [[UInt8]]) -> [UInt8] {
    certificates.flatMap { Array(PEM.encode(PEMBlock(label: "CERTIFICATE", bytes: $0)).utf8) }
}
