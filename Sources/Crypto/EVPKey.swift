import COpenSSL

/// Owns one reference to an `EVP_PKEY`.
///
/// Sendable, because a key is not changed after it was made here: OpenSSL 3.0 counts its references atomically and guards
/// its caches of exported keys with its own lock, so any number of threads may sign and verify with it.
@safe
final class EVPKey: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over one reference.
    init(owning pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    // Frees the private part with OPENSSL_clear_free when it was the last reference.
    deinit { unsafe EVP_PKEY_free(pointer) }

    var kind: KeyKind {
        switch unsafe EVP_PKEY_get_base_id(pointer) {
        case EVP_PKEY_RSA, EVP_PKEY_RSA_PSS:
            hasSmallExponent ? .rsa(bits: Int(unsafe EVP_PKEY_get_bits(pointer))) : .other
        case EVP_PKEY_EC: curve.map(KeyKind.ec(curve:)) ?? .other
        case EVP_PKEY_ED25519: .ed25519
        default: .other
        }
    }

    /// Whether an RSA key's public exponent is none that was chosen to make verifying as dear as signing.
    private var hasSmallExponent: Bool {
        var exponent: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(pointer, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1 else { return false }
        defer { unsafe BN_free(exponent) }
        return unsafe BN_num_bits(exponent) <= Int32(Limits.rsaExponentBits)
    }

    /// The name of the curve, of keys that name it: a curve given by explicit parameters is none we know
    /// (RFC 5480 §2.1.1, CVE-2020-0601).
    private var curve: String? {
        guard text(of: OSSL_PKEY_PARAM_EC_ENCODING) == "named_curve" else { return nil }
        return text(of: OSSL_PKEY_PARAM_GROUP_NAME)
    }

    private func text(of parameter: String) -> String? {
        var bytes = [CChar](repeating: 0, count: 64)
        var length = 0
        guard unsafe EVP_PKEY_get_utf8_string_param(pointer, parameter, &bytes, bytes.count, &length) == 1 else {
            return nil
        }
        return String(decoding: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// What a key is, and how large.
public enum KeyKind: Hashable, Sendable {
    /// RSA, with the length of its modulus.
    case rsa(bits: Int)
    /// An elliptic curve by OpenSSL's name of it, such as `prime256v1`.
    case ec(curve: String)
    /// Ed25519.
    case ed25519
    /// Anything else, with which no signature is verified here.
    case other
}
