import X509

/// What the name of a CA tells in words, for hierarchies that are shaped like IGC-Santé and are not it.
struct AuthorityWords {
    let range: CertificateRange?
    let domain: CertificateDomain?
    /// Test when the name begins so; nil otherwise, for the absence of a word says nothing.
    let environment: Environment?

    init(_ name: DistinguishedName) {
        let words = name.values(of: .commonName).flatMap { $0.split(separator: " ") }.map(String.init)
        range = AuthorityWords.only(CertificateRange.self, among: words)
        domain = AuthorityWords.only(CertificateDomain.self, among: words)
        environment = words.first == "TEST" ? .test : nil
    }

    /// The case that a word names, when the words name exactly one.
    private static func only<Case: CaseIterable & RawRepresentable & Hashable>(
        _: Case.Type, among words: [String]
    ) -> Case? where Case.RawValue == String {
        let named = Set(words.compactMap { Case(rawValue: $0) })
        return named.count == 1 ? named.first : nil
    }
}
