import DER
import IGCSante
import Revocation
import Trust
import X509

/// Whether the chain of a certificate verifies by the files in hand, without any configuration.
///
/// Plain RFC 5280 with CRLs: what kind the certificate is of does not matter here.
struct ChainQuestion {
    /// What the path is anchored in.
    enum Anchoring {
        /// What `--anchor` names.
        case given
        /// A root of the files, of which nobody said that it is trusted.
        case root(Certificate)
        /// The highest CA in hand, which is no root.
        case partial(Certificate)
    }

    /// What came of it.
    struct Answer {
        enum Outcome {
            case verified(VerifiedPeer)
            case refused(Refusal)
        }

        let outcome: Outcome
        let anchoring: Anchoring
        /// Whether CRLs were looked into.
        let checksRevocation: Bool
    }

    /// Certificates that paths must end in; empty for whatever the files lead to.
    let anchors: [Certificate]
    /// Every certificate in hand.
    let candidates: [Certificate]
    let lists: RevocationInput
    let now: Timestamp

    /// The answer for one certificate; nil when no CA above it is in hand.
    func answer(to leaf: Certificate, chain: FoundChain, warnings: inout [String]) throws -> Answer? {
        let anchoring: Anchoring
        let trusted: [Certificate]
        if !anchors.isEmpty {
            (anchoring, trusted) = (.given, anchors)
        } else if let highest = chain.issuers.last {
            anchoring = chain.end == .root ? .root(highest) : .partial(highest)
            trusted = [highest]
        } else {
            return nil
        }
        var path = PathPolicy()
        path.purpose = .any
        path.absentExtendedKeyUsage = .admit
        path.maxDepth = 10
        let presented = candidates.filter { $0 != leaf }
        let settings = TrustSettings(
            name: "inspect", environment: .generic, anchors: trusted, intermediates: presented, path: path,
            revocation: lists.isEmpty ? .off : .path)
        let trust: TrustSnapshot
        do throws(TrustError) {
            trust = try TrustSnapshot(settings)
        } catch {
            throw UnusableInput("\(error)")
        }
        let revocation =
            lists.isEmpty ? .empty : lists.snapshot(of: trusted + presented, at: now, warnings: &warnings)
        let outcome: Answer.Outcome
        do throws(Refusal) {
            outcome = .verified(
                try PeerVerifier(trust: trust, accepted: .any)
                    .verify(leaf: leaf, presented: [], revocation: revocation, now: now))
        } catch {
            outcome = .refused(error)
        }
        return Answer(outcome: outcome, anchoring: anchoring, checksRevocation: !lists.isEmpty)
    }
}
