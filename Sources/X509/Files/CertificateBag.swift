import DER

/// The certificates of a PKCS#7 SignedData that signs nothing: a `.p7b` file (RFC 5652 §5.1).
enum CertificateBag {
    /// id-signedData.
    static let signedData: ObjectIdentifier = "1.2.840.113549.1.7.2"

    /// Where the certificates lie in the bytes of a ContentInfo, in encoded order.
    ///
    /// Signatures and CRLs in it are passed over: the certificates are worth what a path built from them is.
    ///
    /// - Throws: `DERError` when the bytes are not such a file.
    static func certificates(in bytes: Span<UInt8>) throws(DERError) -> [Range<Int>] {
        var file = DERCursor(all: bytes)
        let contentInfo = try file.next(.sequence, in: bytes)
        try file.expectEnd()
        var outer = contentInfo.children
        let type = try outer.next(.objectIdentifier, in: bytes)
        guard try type.objectIdentifier(in: bytes) == signedData else {
            throw .invalidObjectIdentifier(at: type.whole.lowerBound)
        }
        var content = try outer.next(.contextConstructed(0), in: bytes).children
        try outer.expectEnd()
        var fields = try content.next(.sequence, in: bytes).children
        try content.expectEnd()

        _ = try fields.next(.integer, in: bytes)
        _ = try fields.next(.set, in: bytes)
        _ = try fields.next(.sequence, in: bytes)
        guard let set = try fields.optional(.contextConstructed(0), in: bytes) else { return [] }
        var found: [Range<Int>] = []
        var cursor = set.children
        while !cursor.isAtEnd {
            let choice = try cursor.next(in: bytes)
            guard found.count < CertificateFile.Limits.maxCertificates else {
                throw .tooManyElements(at: choice.whole.lowerBound)
            }
            // The other choices are attribute certificates and formats that are no X.509.
            if choice.tag == .sequence { found.append(choice.whole) }
        }
        return found
    }
}
