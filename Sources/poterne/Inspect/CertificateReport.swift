import Crypto
import DER
import Gateway
import IGCSante
import X509

/// Everything that `poterne inspect` says of one certificate.
struct CertificateReport {
    let file: String
    let hasKey: Bool
    let certificate: Certificate
    let classification: Classification
    /// The official CA that it is, by the fingerprint of its bytes.
    let official: OfficialAuthority?
    let chain: FoundChain
    /// Whether the chain verifies; nil when there is nothing to verify it by.
    let verification: ChainQuestion.Answer?
    /// What the listeners of the configuration say; empty without one.
    let listeners: [AdmissionTrial.Answer]
    let now: Timestamp

    /// Whether a certificate says of itself that it is a CA's.
    var isAuthority: Bool { certificate.basicConstraints?.isAuthority ?? false }

    /// Where now lies in its validity.
    enum Validity: String {
        case valid
        case expired
        case notYetValid = "not_yet_valid"
    }

    var validity: Validity {
        if now > certificate.notAfter { return .expired }
        return now < certificate.notBefore ? .notYetValid : .valid
    }

    /// Whole days to its end, or since its end when negative.
    var daysLeft: Int {
        let seconds = certificate.notAfter.seconds(since: now)
        return Int(seconds / 86_400)
    }

    /// Whether somebody who was asked refuses it.
    var isRefused: Bool {
        if case .refused = verification?.outcome { return true }
        return listeners.contains { if case .refused = $0.verdict { true } else { false } }
    }

    /// What kind of key it has.
    var keyKind: KeyKind? {
        let bytes = certificate.der
        return try? PublicKey(subjectPublicKeyInfo: bytes.span.extracting(certificate.subjectPublicKeyInfo)).kind
    }

    /// The algorithm that it is signed with; nil for one that is not supported.
    var signatureAlgorithm: SignatureAlgorithm? {
        let identifier = certificate.signatureAlgorithm.der
        return try? SignatureAlgorithm(algorithmIdentifier: identifier.span)
    }

    /// SHA-1 of the certificate, upper-case hexadecimal as Windows and older documents of the ANS show it.
    var sha1: String {
        let bytes = certificate.der
        return Hexadecimal.encode(SHA1.digest(of: bytes.span).span, letters: .uppercase)
    }

    var sha256: SHA256Digest {
        let bytes = certificate.der
        return SHA256.digest(of: bytes.span)
    }

    /// The product category, the card and the profession, in words.
    var professionalFacts: [(label: String, value: String)] {
        var facts: [(String, String)] = []
        if let category = ProductCategory(of: certificate) {
            facts.append(("category", "0x\(Hexadecimal.encode([category.rawValue].span)): \(category.meaning)"))
        }
        if let type = integer(.cardType) {
            let names = ["CPS", "CPF", "CDE or CPE", "CDA or CPA"]
            facts.append(("card type", names.indices.contains(type) ? "\(type): \(names[type])" : "\(type)"))
        }
        if let number = text(.cardNumber) { facts.append(("card number", number)) }
        if let profession = integer(.profession) {
            facts.append(("profession", "\(profession) (nomenclature G15)"))
        }
        return facts
    }

    private func integer(_ identifier: ObjectIdentifier) -> Int? {
        guard let value = certificate.value(of: identifier) else { return nil }
        let bytes = value.span
        var cursor = DERCursor(all: bytes)
        return try? cursor.next(.integer, in: bytes).smallInteger(in: bytes)
    }

    private func text(_ identifier: ObjectIdentifier) -> String? {
        guard let value = certificate.value(of: identifier) else { return nil }
        let bytes = value.span
        var cursor = DERCursor(all: bytes)
        guard let element = try? cursor.next(.printableString, in: bytes) else { return nil }
        return String(validating: element.bytes(in: bytes), as: UTF8.self)
    }
}

extension KeyKind {
    /// The kind and its size.
    var words: String {
        switch self {
        case .rsa(let bits): "RSA, \(bits) bits"
        case .ec(let curve): "EC, \(curve)"
        case .ed25519: "Ed25519"
        case .other: "of a kind that is not supported"
        }
    }
}

extension SignatureAlgorithm {
    /// The algorithm and its digest.
    var words: String {
        switch self {
        case .rsaPKCS1(let digest): "RSA with \(digest.words)"
        case .rsaPSS(let digest, _, _): "RSA-PSS with \(digest.words)"
        case .ecdsa(let digest): "ECDSA with \(digest.words)"
        case .ed25519: "Ed25519"
        }
    }
}

extension DigestAlgorithm {
    fileprivate var words: String {
        switch self {
        case .sha1: "SHA-1 (broken)"
        case .sha256: "SHA-256"
        case .sha384: "SHA-384"
        case .sha512: "SHA-512"
        }
    }
}
