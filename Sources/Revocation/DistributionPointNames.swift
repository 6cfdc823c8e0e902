internal import Crypto
internal import DER

/// The names of a distribution point, each as the digest of its encoded GeneralName: they are only ever compared.
struct DistributionPointNames: Hashable, Sendable {
    private(set) var digests: [SHA256Digest] = []

    /// No name.
    init() {}

    /// Reads the content of `distributionPoint [0]`: a `DistributionPointName` of RFC 5280 §4.2.1.13.
    ///
    /// A name relative to the CRL's issuer becomes the full directory name that it stands for.
    init(_ element: DERElement, relativeTo issuer: [UInt8], in bytes: Span<UInt8>) throws(CRLError) {
        var choice = element.children
        let name = try choice.takeAny(in: bytes)
        try choice.requireEnd()
        switch name.tag {
        case .contextConstructed(0):
            var names = name.children
            while !names.isAtEnd {
                try append(bytes.extracting(names.takeAny(in: bytes).whole))
            }
        case .contextConstructed(1):
            let full = try DistributionPointNames.directoryName(
                issuer, followedBy: bytes.copy(of: name.content))
            try append(full.span)
        default:
            throw .malformed(
                .unexpectedTag(expected: .contextConstructed(0), found: name.tag, at: name.whole.lowerBound))
        }
        guard !digests.isEmpty else { throw .malformed(.missing(.contextConstructed(0), at: name.content.lowerBound)) }
    }

    /// The single name of a directory entry: what RFC 5280 §6.3.3 assumes of a certificate without distribution points.
    init(directoryName issuer: [UInt8]) {
        var writer = DERWriter()
        writer.element(.contextConstructed(4), issuer)
        digests = [SHA256.digest(of: writer.bytes.span)]
    }

    /// Whether a name is in both.
    func share(aNameWith other: DistributionPointNames) -> Bool {
        digests.contains { other.digests.contains($0) }
    }

    private mutating func append(_ name: Span<UInt8>) throws(CRLError) {
        guard digests.count < RevocationLimits.distributionPointNames else {
            throw .tooManyExtensions(limit: RevocationLimits.distributionPointNames)
        }
        digests.append(SHA256.digest(of: name))
    }

    /// A `directoryName [4]` of the issuer's RDNs and one more.
    private static func directoryName(
        _ issuer: [UInt8], followedBy attributes: [UInt8]
    ) throws(CRLError) -> [UInt8] {
        let span = issuer.span
        var cursor = DERCursor(all: span)
        let relativeNames = try cursor.take(.sequence, in: span).content
        var writer = DERWriter()
        writer.constructed(.contextConstructed(4)) { name in
            name.sequence { names in
                names.raw(span.copy(of: relativeNames))
                names.element(.set, attributes)
            }
        }
        return writer.bytes
    }
}
