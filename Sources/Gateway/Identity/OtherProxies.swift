internal import Crypto
internal import DER
internal import IGCSante
internal import Trust
internal import X509

/// The headers by which Traefik tells who calls (`PassTLSClientCert` of Traefik 3, with everything that it can tell).
///
/// Only the caller's own certificate is told, as Traefik does of a caller that sends it alone.
enum TraefikHeaders {
    /// `X-Forwarded-Tls-Client-Cert`: the PEM without its first and last line and without line ends.
    static func certificate(of peer: VerifiedPeer) -> String {
        Base64.encode(peer.leafDER.span)
    }

    /// `X-Forwarded-Tls-Client-Cert-Info`: fields parted by semicolons, their values between quotes, all of it escaped as
    /// Go's `url.QueryEscape` does.
    static func info(of peer: VerifiedPeer) -> String {
        var fields: [(String, String)] = []
        let leaf = peer.leaf
        // An issuer has no OU there.
        fields.append(("Subject", name(leaf.subject, of: ["DC", "C", "ST", "L", "O", "OU", "SN", "CN"])))
        fields.append(("Issuer", name(leaf.issuer, of: ["DC", "C", "ST", "L", "O", "SN", "CN"])))
        fields.append(("SerialNumber", Decimals.text(of: leaf.serial.octets)))
        fields.append(("NB", "\(leaf.notBefore.secondsSinceEpoch)"))
        fields.append(("NA", "\(leaf.notAfter.secondsSinceEpoch)"))
        fields.append(("SAN", (leaf.subjectAlternativeNames ?? []).compactMap(text).joined(separator: ",")))
        let told = fields.filter { !$0.1.isEmpty }.map { "\($0.0)=\"\($0.1)\"" }
        return IdentityEncoding.queryEscaped(told.joined(separator: ";"))
    }

    private static func name(_ name: DistinguishedName, of types: [String]) -> String {
        types.flatMap { type -> [String] in
            guard let attribute = attributes[type] else { return [] }
            return name.values(of: attribute).filter { !$0.isEmpty }.map { "\(type)=\(unambiguous($0))" }
        }.joined(separator: ",")
    }

    private static var attributes: [String: ObjectIdentifier] {
        [
            "DC": "0.9.2342.19200300.100.1.25", "C": "2.5.4.6", "ST": "2.5.4.8", "L": "2.5.4.7", "O": "2.5.4.10",
            "OU": "2.5.4.11", "SN": "2.5.4.5", "CN": "2.5.4.3",
        ]
    }

    /// A value in which nothing looks like the end of it, or like another field.
    ///
    /// Traefik writes values as they are, so a CN `x,OU=…` would be read as a second OU: its separators are escaped once
    /// more here. Nearly no certificate has any of them.
    private static func unambiguous(_ value: String) -> String {
        IdentityEncoding.escaping(value) { byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\""), UInt8(ascii: "="), UInt8(ascii: "%"): false
            default: true
            }
        }
    }

    private static func text(_ name: GeneralName) -> String? {
        switch name {
        case .dns(let text), .email(let text), .uri(let text): unambiguous(text)
        default: nil
        }
    }
}

/// The headers of an AWS application load balancer whose mutual TLS is in the mode `verify`.
enum LoadBalancerHeaders {
    /// `X-Amzn-Mtls-Clientcert-Leaf`: the PEM, URL-encoded but for `+`, `=` and `/`.
    static func leaf(of peer: VerifiedPeer) -> String {
        IdentityEncoding.escapedPEM(peer.leafDER, keeping: Array("+=/".utf8))
    }

    /// `X-Amzn-Mtls-Clientcert-Validity`.
    static func validity(of peer: VerifiedPeer) -> String {
        "NotBefore=\(peer.leaf.notBefore.rfc3339);NotAfter=\(peer.leaf.notAfter.rfc3339)"
    }
}

/// Large numbers in decimal.
enum Decimals {
    /// The digits of a number given by its octets, the most significant first.
    static func text(of octets: [UInt8]) -> String {
        // Digits, the least significant first; serial numbers have 20 octets at most.
        var digits: [UInt8] = [0]
        for octet in octets {
            var carry = Int(octet)
            for index in digits.indices {
                let value = Int(digits[index]) * 256 + carry
                digits[index] = UInt8(value % 10)
                carry = value / 10
            }
            while carry > 0 {
                digits.append(UInt8(carry % 10))
                carry /= 10
            }
        }
        return String(decoding: digits.reversed().map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    }
}
