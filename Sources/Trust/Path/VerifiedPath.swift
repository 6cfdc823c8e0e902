internal import DER
internal import X509

/// A path that RFC 5280 §6.1 holds for valid: leaf first, anchor last.
///
/// Only `PathSearch` makes one.
struct VerifiedPath {
    let certificates: [Certificate]
    let leaf: Certificate
    let earliestNotAfter: Timestamp
    let latestNotBefore: Timestamp

    init(leaf: Certificate, above: [Authority]) {
        self.leaf = leaf
        certificates = [leaf] + above.map(\.certificate)
        // The anchor counts: an operator who lets a root expire means it.
        earliestNotAfter = certificates.reduce(leaf.notAfter) { min($0, $1.notAfter) }
        latestNotBefore = certificates.reduce(leaf.notBefore) { max($0, $1.notBefore) }
    }

    /// The CA that issued the leaf.
    var issuer: Certificate { certificates.count > 1 ? certificates[1] : leaf }
}
