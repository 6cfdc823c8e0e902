internal import Crypto
internal import DER

/// What a session ticket says of the caller it was issued to.
///
/// OpenSSL encrypts and authenticates it with the ticket key.
///
/// It holds no verdict, only what is needed to take the decision again: who, and under what. So a ticket admits nobody
/// whom a full handshake would not.
struct TicketData: Equatable {
    /// `ClientVerifier.binding` of the verifier that issued it.
    let binding: SHA256Digest
    /// The caller's certificate.
    let thumbprint: SHA256Digest
    /// The moment at which the first certificate of the path expires.
    let notAfter: Timestamp

    /// The first byte: another layout is another ticket.
    private static let version: UInt8 = 1
    private static let size = 1 + SHA256Digest.size * 2 + 8

    init(binding: SHA256Digest, thumbprint: SHA256Digest, notAfter: Timestamp) {
        self.binding = binding
        self.thumbprint = thumbprint
        self.notAfter = notAfter
    }

    /// Reads what `encoded` wrote; nil for anything else.
    init?(_ bytes: Span<UInt8>) {
        guard bytes.count == TicketData.size, bytes[0] == TicketData.version,
            let binding = SHA256Digest(bytes: bytes.extracting(1..<33)),
            let thumbprint = SHA256Digest(bytes: bytes.extracting(33..<65))
        else { return nil }
        self.binding = binding
        self.thumbprint = thumbprint
        var seconds: UInt64 = 0
        for index in 65..<73 { seconds = seconds << 8 | UInt64(bytes[index]) }
        notAfter = Timestamp(secondsSinceEpoch: Int64(bitPattern: seconds))
    }

    var encoded: [UInt8] {
        var bytes = [TicketData.version] + binding.bytes + thumbprint.bytes
        let seconds = UInt64(bitPattern: notAfter.secondsSinceEpoch)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: seconds >> UInt64(shift)))
        }
        return bytes
    }
}
