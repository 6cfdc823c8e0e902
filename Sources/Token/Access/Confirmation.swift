internal import Crypto

/// The certificate that a token is bound to (RFC 8705 §3.1).
enum Confirmation {
    /// The digest that `x5t#S256` stands for; nil when it is of neither form.
    ///
    /// - Parameters:
    ///   - text: base64url of the 32 bytes, as the RFC has it.
    ///   - acceptsHex: whether base64 of the 64 hexadecimal digits stands for them too, as in the example of the CI-SIS
    ///     document on REST; padded or not, since authorization servers that copy it differ.
    /// - Returns: the digest.
    static func digest(of text: [UInt8], acceptsHex: Bool) -> SHA256Digest? {
        if let bytes = Base64.decode(text.span, variant: .url), let digest = SHA256Digest(bytes: bytes.span) {
            return digest
        }
        guard acceptsHex else { return nil }
        let padded = text.count == 86 ? text + [0x3D, 0x3D] : text
        guard let digits = Base64.decode(padded.span), digits.count == 64,
            let bytes = Hexadecimal.decode(digits.span)
        else { return nil }
        return SHA256Digest(bytes: bytes.span)
    }
}
