/// How near the end of a certificate or a CRL is.
enum ExpiryLevel: String, Sendable, CaseIterable {
    /// Far.
    case fine
    /// Within what the configuration's `expiry_warning` says.
    case soon
    /// Past.
    case expired

    /// Seconds in a day.
    static var day: Int64 { 86_400 }

    /// Judges by the seconds left and by how many of them count as near.
    init(left: Int64, threshold: Int64) {
        self = left < 0 ? .expired : left <= threshold ? .soon : .fine
    }
}
