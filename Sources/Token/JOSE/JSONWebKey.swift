internal import Crypto
internal import DER

/// A public key that tokens are signed with, read from a JWK (RFC 7517).
public struct JSONWebKey: Sendable {
    /// `kid`.
    let identifier: [UInt8]?
    /// `alg`, where the key is for one algorithm only.
    let algorithm: JWSAlgorithm?
    let key: PublicKey

    /// Why a member of a key set is not used.
    public enum Unusable: Error, Hashable, Sendable {
        /// It is no object, or lacks what its kind of key has.
        case malformed
        /// A kind of key, a curve or an algorithm with which nothing is verified here, a symmetric key above all.
        case unsupported
        /// `use` or `key_ops` say that it is for something else.
        case otherUse
        /// The numbers are no key, or too small a one.
        case badKey
        /// It holds the private half, which has no business in a published set: whoever has read it can sign.
        case privateKey
    }

    /// Reads one member of a key set.
    init(_ value: JSONValue) throws(Unusable) {
        guard let object = value.object else { throw .malformed }
        if let use = object["use"], !use.isString("sig") { throw .otherUse }
        if let operations = object["key_ops"] {
            guard case .array(let names) = operations, names.contains(where: { $0.isString("verify") }) else {
                throw .otherUse
            }
        }
        switch object["kid"] {
        case .none: identifier = nil
        case .string(let bytes) where bytes.count <= Limits.keyIdentifier: identifier = bytes
        case .some: throw .malformed
        }
        switch object["alg"] {
        case .none: algorithm = nil
        case .string(let name):
            guard let known = JWSAlgorithm(name) else { throw .unsupported }
            algorithm = known
        case .some: throw .malformed
        }
        let info = try Self.publicKeyInfo(of: object)
        guard object["d"] == nil else { throw .privateKey }
        guard let key = try? PublicKey(subjectPublicKeyInfo: info.span),
            JWSAlgorithm.allCases.contains(where: { $0.fits(key.kind) }), algorithm?.fits(key.kind) != false
        else { throw .badKey }
        self.key = key
    }

    /// Whether it may have made a signature with the algorithm.
    func fits(_ wanted: JWSAlgorithm) -> Bool {
        (algorithm == nil || algorithm == wanted) && wanted.fits(key.kind)
    }

    /// The key as a DER `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7), the form in which keys are taken in.
    private static func publicKeyInfo(of object: JSONObject) throws(Unusable) -> [UInt8] {
        guard let type = object["kty"] else { throw .malformed }
        if type.isString("RSA") {
            var key = DERWriter()
            let modulus = try bytes("n", of: object)
            let exponent = try bytes("e", of: object)
            key.sequence { (key: inout DERWriter) in
                key.integer(magnitude: modulus)
                key.integer(magnitude: exponent)
            }
            return wrap(key.bytes, algorithm: "1.2.840.113549.1.1.1") { $0.null() }
        }
        if type.isString("EC") {
            guard object["crv"]?.isString("P-256") == true else { throw .unsupported }
            // RFC 7518 §6.2.1.2: of the full size, zeros in front included.
            let point = try bytes("x", of: object, count: 32) + bytes("y", of: object, count: 32)
            return wrap([0x04] + point, algorithm: "1.2.840.10045.2.1") {
                $0.objectIdentifier("1.2.840.10045.3.1.7")
            }
        }
        if type.isString("OKP") {
            guard object["crv"]?.isString("Ed25519") == true else { throw .unsupported }
            return wrap(try bytes("x", of: object, count: 32), algorithm: "1.3.101.112") { _ in }
        }
        throw .unsupported
    }

    private static func bytes(
        _ name: StaticString, of object: JSONObject, count: Int? = nil
    ) throws(Unusable) -> [UInt8] {
        guard let text = object[name]?.string, let bytes = Base64.decode(text.span, variant: .url), !bytes.isEmpty,
            count == nil || bytes.count == count
        else { throw .malformed }
        return bytes
    }

    private static func wrap(
        _ key: [UInt8], algorithm: DER.ObjectIdentifier, parameters: (inout DERWriter) -> Void
    ) -> [UInt8] {
        var writer = DERWriter()
        writer.sequence { (writer: inout DERWriter) in
            writer.sequence { (writer: inout DERWriter) in
                writer.objectIdentifier(algorithm)
                parameters(&writer)
            }
            writer.bitString(key)
        }
        return writer.bytes
    }
}

extension JSONWebKey.Unusable: CustomStringConvertible {
    /// A few words for an operator.
    public var description: String {
        switch self {
        case .malformed: "it is malformed"
        case .unsupported: "no token is verified with its kind"
        case .otherUse: "it is for another use"
        case .badKey: "it is no key, or too small a one"
        case .privateKey: "it holds the private half, so whoever has read it can sign: the issuer has to replace it"
        }
    }
}
