import Crypto
import DER
import TestPKI
import Testing
import X509

/// Containers written by hand, in orders in which no tool writes them.
@Suite("The order of certificates in PKCS#12")
struct PKCS12OrderTests {
    static let now = Timestamp(secondsSinceEpoch: 1_780_000_000)

    /// An unencrypted PFX without MAC (RFC 7292 §4) with these bags in this order.
    private func container(key: [UInt8]?, certificates: [[UInt8]]) -> [UInt8] {
        var bags = DERWriter()
        bags.sequence { safe in
            for certificate in certificates {
                safe.sequence { bag in
                    bag.objectIdentifier("1.2.840.113549.1.12.10.1.3")
                    bag.constructed(.contextConstructed(0)) { value in
                        value.sequence { inner in
                            inner.objectIdentifier("1.2.840.113549.1.9.22.1")
                            inner.constructed(.contextConstructed(0)) { $0.octetString(certificate) }
                        }
                    }
                }
            }
            if let key {
                safe.sequence { bag in
                    bag.objectIdentifier("1.2.840.113549.1.12.10.1.1")
                    bag.constructed(.contextConstructed(0)) { $0.raw(key) }
                }
            }
        }
        var authenticated = DERWriter()
        authenticated.sequence { $0.sequence { writeData(bags.bytes, to: &$0) } }
        var writer = DERWriter()
        writer.sequence { pfx in
            pfx.integer(3)
            pfx.sequence { writeData(authenticated.bytes, to: &$0) }
        }
        return writer.bytes
    }

    private func writeData(_ bytes: [UInt8], to writer: inout DERWriter) {
        writer.objectIdentifier("1.2.840.113549.1.7.1")
        writer.constructed(.contextConstructed(0)) { $0.octetString(bytes) }
    }

    private func read(_ bytes: [UInt8]) throws -> PKCS12.Contents { try PKCS12.read(bytes.span, passphrase: []) }

    private struct Material {
        let key: [UInt8]
        let chain: [[UInt8]]
    }

    private func material() throws -> Material {
        let hierarchy = try Hierarchy(
            environment: .test, now: Self.now,
            keys: (PrivateKey.generate(.p256), PrivateKey.generate(.p256), PrivateKey.generate(.p256)))
        let key = try PrivateKey.generate(.p256)
        let leaf = try hierarchy.organisations.issue(
            LeafTemplate(.server, environment: .test, from: Self.now), to: key)
        let block = try #require(PEM.blocks(in: key.pem).first)
        return Material(
            key: block.bytes, chain: [leaf, hierarchy.organisations.certificate, hierarchy.root.certificate])
    }

    @Test("The key's own certificate comes out first and its issuers behind it, whatever the order was")
    func order() throws {
        let material = try material()
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let made = container(key: material.key, certificates: order.map { material.chain[$0] })
            #expect(try read(made).certificates == material.chain, "\(order)")
        }
    }

    @Test("A container that lacks the key or its certificate says which")
    func lacking() throws {
        let material = try material()
        let withoutKey = container(key: nil, certificates: material.chain)
        #expect(throws: CryptoError.pkcs12WithoutKey) { try read(withoutKey) }
        let withoutLeaf = container(key: material.key, certificates: Array(material.chain.dropFirst()))
        #expect(throws: CryptoError.pkcs12WithoutMatchingCertificate) { try read(withoutLeaf) }
    }
}
