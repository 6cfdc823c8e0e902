/// A made-up IGC-Santé: the same structure to the byte, under names and addresses that are nobody's.
///
/// ```swift
/// var options = TestPKI.Options(folder: "certs-test/generated", now: .now())
/// options.callerCount = 1_000
/// try TestPKI.generate(options)
/// ```
public enum TestPKI {
    /// The two hierarchies of IGC-Santé, which may never be mixed.
    public enum Environment: Hashable, Sendable, CaseIterable {
        /// For real use.
        case production
        /// For tests between real systems; its names begin with `TEST`.
        case test
    }

    /// The range of products (*gamme*), each with a root of its own.
    public enum Range: String, Hashable, Sendable, CaseIterable {
        /// Organisations, and software certificates of professionals.
        case elementaire = "ELEMENTAIRE"
        /// Authentication with cards.
        case standard = "STANDARD"
        /// Signatures with cards.
        case fort = "FORT"

        var code: String {
            switch self {
            case .elementaire: "EL"
            case .standard: "ST"
            case .fort: "FO"
            }
        }
    }

    /// Whom an intermediate CA issues for.
    public enum Domain: String, Hashable, Sendable, CaseIterable {
        /// Organisations and servers.
        case organisations = "ORGANISATIONS"
        /// Professionals.
        case personnes = "PERSONNES"

        var code: String {
            switch self {
            case .organisations: "ORG"
            case .personnes: "PP"
            }
        }
    }
}
