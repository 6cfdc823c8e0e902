import DER
import TestPKI
import Testing
import Trust
import X509

@Suite("Name constraints")
struct NameConstraintTests {
    /// A GeneralName, as a constraint and as a name.
    enum Name: Sendable, CustomTestStringConvertible {
        case dns(String), email(String), uri(String), ip([UInt8]), directory(String), other

        var testDescription: String { "\(self)" }

        func write(to writer: inout DERWriter) {
            switch self {
            case .email(let text): writer.ia5String(text, tag: .context(1))
            case .dns(let text): writer.ia5String(text, tag: .context(2))
            case .uri(let text): writer.ia5String(text, tag: .context(6))
            case .ip(let octets): writer.octetString(octets, tag: .context(7))
            case .directory(let organization):
                let name = NameTemplate(.france, .organization(organization))
                writer.constructed(.contextConstructed(4)) { $0.raw(name.der) }
            case .other:
                writer.constructed(.contextConstructed(0)) { other in
                    other.objectIdentifier("1.2.3.4")
                    other.constructed(.contextConstructed(0)) { $0.null() }
                }
            }
        }
    }

    static func constraints(
        permitted: [Name] = [], excluded: [Name] = [], isCritical: Bool = true
    ) -> ExtensionTemplate {
        ExtensionTemplate(.nameConstraints, isCritical: isCritical) { writer in
            writer.sequence { fields in
                for (number, names) in [(UInt8(0), permitted), (1, excluded)] where !names.isEmpty {
                    fields.constructed(.contextConstructed(number)) { subtrees in
                        for name in names { subtrees.sequence { name.write(to: &$0) } }
                    }
                }
            }
        }
    }

    static func names(_ names: [Name]) -> ExtensionTemplate {
        ExtensionTemplate(.subjectAlternativeName) { writer in
            writer.sequence { list in
                for name in names { name.write(to: &list) }
            }
        }
    }

    private func outcome(of names: [Name], under constraints: ExtensionTemplate) throws -> String {
        let root = try TestAuthority.root()
        let issuer = try root.below("Bornee") { $0.additionalExtensions = [constraints] }
        let leaf = try issuer.leaf { template in
            if !names.isEmpty { template.additionalExtensions = [Self.names(names)] }
        }
        return TrustTests.outcome(of: leaf, with: [issuer], under: try generic(anchors: [root]))
    }

    static let permitted: [(Name, Name, Bool)] = [
        (.dns("example.fr"), .dns("example.fr"), true), (.dns("example.fr"), .dns("a.b.example.fr"), true),
        (.dns("example.fr"), .dns("EXAMPLE.FR"), true), (.dns("example.fr"), .dns("notexample.fr"), false),
        (.dns("example.fr"), .dns(".example.fr"), false), (.dns("example.fr"), .dns("*.example.fr"), true),
        (.dns("a.example.fr"), .dns("*.example.fr"), false), (.dns(""), .dns("example.fr"), true),
        (.email("example.fr"), .email("a@example.fr"), true), (.email("example.fr"), .email("a@b.example.fr"), false),
        (.email(".example.fr"), .email("a@b.example.fr"), true), (.email(".example.fr"), .email("a@example.fr"), false),
        (.email("a@example.fr"), .email("a@EXAMPLE.fr"), true), (.email("a@example.fr"), .email("A@example.fr"), false),
        (.email("example.fr"), .email("a@b@example.fr"), false), (.email("example.fr"), .email("example.fr"), false),
        (.uri("example.fr"), .uri("https://example.fr/x?y"), true),
        (.uri("example.fr"), .uri("https://a@example.fr:443/"), true),
        (.uri("example.fr"), .uri("https://b.example.fr"), false),
        (.uri(".example.fr"), .uri("https://b.example.fr"), true), (.uri("example.fr"), .uri("urn:x:y"), false),
        (.uri("example.fr"), .uri("https://10.0.0.1/"), false),
        (.uri("example.fr"), .uri("https://evil.fr/#@example.fr"), false),
        (.ip([10, 0, 0, 0, 255, 0, 0, 0]), .ip([10, 1, 2, 3]), true),
        (.ip([10, 0, 0, 0, 255, 0, 0, 0]), .ip([11, 1, 2, 3]), false),
        (.ip([10, 0, 0, 0, 255, 0, 0, 0]), .ip([UInt8](repeating: 0, count: 16)), false),
        (.directory("Essai"), .directory("Essai"), true), (.directory("Essai"), .directory("ESSAI "), true),
        (.directory("Essai"), .directory("Autre"), false),
        // Another form of name is not bound.
        (.ip([10, 0, 0, 0, 255, 0, 0, 0]), .dns("example.fr"), true),
    ]

    @Test("A name must lie within what is permitted", arguments: permitted)
    func permits(base: Name, name: Name, isWithin: Bool) throws {
        #expect(
            try outcome(of: [name], under: Self.constraints(permitted: [base]))
                == (isWithin ? "admitted" : "name_constraint"))
    }

    static let excluded: [(Name, Name, Bool)] = [
        (.dns("example.fr"), .dns("example.fr"), true), (.dns("example.fr"), .dns("a.example.fr"), true),
        (.dns("example.fr"), .dns("example.com"), false), (.dns("a.example.fr"), .dns("*.example.fr"), true),
        (.dns("b.a.example.fr"), .dns("*.example.fr"), false), (.dns("example.fr"), .dns("..example.com"), true),
        (.email("example.fr"), .email("a@example.fr"), true), (.email("example.fr"), .email("a@b@c"), true),
        (.uri("example.fr"), .uri("https://example.fr"), true), (.uri("example.fr"), .uri("https://10.0.0.1"), true),
        (.ip([10, 0, 0, 0, 255, 0, 0, 0]), .ip([10, 1, 2, 3]), true),
        (.directory("Essai"), .directory("Autre"), true),  // the subject itself is of Essai
        (.other, .other, true), (.other, .dns("example.fr"), false),
    ]

    @Test("A name must not lie within what is excluded", arguments: excluded)
    func excludes(base: Name, name: Name, isWithin: Bool) throws {
        #expect(
            try outcome(of: [name], under: Self.constraints(excluded: [base]))
                == (isWithin ? "name_constraint" : "admitted"))
    }

    @Test(
        "Constraints that could not be compared with anything are refused",
        arguments: [
            .dns(".example.fr"), .dns("*.example.fr"), .email("a@b@c.fr"), .email("a@"), .uri("https://x"),
            .ip([10, 0, 0, 0, 255, 0, 255, 0]),
        ] as [Name])
    func malformed(base: Name) throws {
        #expect(try outcome(of: [], under: Self.constraints(permitted: [base])) == "profile_violation")
    }

    @Test("What is excluded wins over what is permitted")
    func both() throws {
        let constraints = Self.constraints(permitted: [.dns("example.fr")], excluded: [.dns("example.fr")])
        #expect(try outcome(of: [.dns("example.fr")], under: constraints) == "name_constraint")
    }

    @Test("Every name is looked at, not the first alone")
    func second() throws {
        let constraints = Self.constraints(permitted: [.dns("example.fr")])
        #expect(try outcome(of: [.dns("example.fr"), .dns("example.com")], under: constraints) == "name_constraint")
    }

    @Test("An address in the subject is bound as one among the alternative names is")
    func subjectAddress() throws {
        let root = try TestAuthority.root()
        let issuer = try root.below("Bornee") {
            $0.additionalExtensions = [Self.constraints(permitted: [.email("example.fr")])]
        }
        for (address, expected) in [("a@example.fr", "admitted"), ("a@example.com", "name_constraint")] {
            let leaf = try issuer.leaf {
                $0.subject = NameTemplate(.france, .init(.emailAddress, address))
            }
            #expect(TrustTests.outcome(of: leaf, with: [issuer], under: try generic(anchors: [root])) == expected)
        }
    }

    @Test("Each CA can only narrow what the one above permits")
    func narrowing() throws {
        let root = try TestAuthority.root {
            $0.additionalExtensions = [Self.constraints(permitted: [.dns("a.fr"), .dns("b.fr")])]
        }
        let issuer = try root.below("Bornee") {
            $0.additionalExtensions = [Self.constraints(permitted: [.dns("b.fr"), .dns("c.fr")])]
        }
        let trust = try generic(anchors: [root])
        for (host, expected) in [("a.fr", "name_constraint"), ("b.fr", "admitted"), ("c.fr", "name_constraint")] {
            let leaf = try issuer.leaf { $0.additionalExtensions = [Self.names([.dns(host)])] }
            #expect(TrustTests.outcome(of: leaf, with: [issuer], under: trust) == expected)
        }
    }

    @Test("A self-issued intermediate is not bound, a self-issued leaf is")
    func selfIssued() throws {
        let root = try TestAuthority.root {
            $0.additionalExtensions = [Self.constraints(permitted: [.dns("example.fr")])]
        }
        let again = try root.below("Racine") { $0.additionalExtensions = [Self.names([.dns("autre.fr")])] }
        let other = try root.below("Autre") { $0.additionalExtensions = [Self.names([.dns("autre.fr")])] }
        let trust = try generic(anchors: [root])
        #expect(TrustTests.outcome(of: try again.leaf(), with: [again], under: trust) == "admitted")
        #expect(TrustTests.outcome(of: try other.leaf(), with: [other], under: trust) == "name_constraint")
        let leaf = try root.leaf("Racine") { $0.additionalExtensions = [Self.names([.dns("autre.fr")])] }
        #expect(TrustTests.outcome(of: leaf, under: trust) == "name_constraint")
    }

    @Test("Constraints that are not critical, or on a leaf, are refused")
    func misplaced() throws {
        let loose = Self.constraints(permitted: [.dns("example.fr")], isCritical: false)
        #expect(try outcome(of: [], under: loose) == "profile_violation")
        let root = try TestAuthority.root()
        let leaf = try root.leaf { $0.additionalExtensions = [Self.constraints(permitted: [.dns("example.fr")])] }
        #expect(TrustTests.outcome(of: leaf, under: try generic(anchors: [root])) == "profile_violation")
    }

    @Test("Names times constraints are paid from the budget")
    func budget() throws {
        let root = try TestAuthority.root {
            $0.additionalExtensions = [Self.constraints(excluded: (0..<200).map { .dns("h\($0).fr") })]
        }
        let leaf = try root.leaf { $0.additionalExtensions = [Self.names((0..<600).map { .dns("n\($0).fr") })] }
        let trust = try generic(anchors: [root])
        #expect(TrustTests.outcome(of: leaf, under: trust) == "admitted")
        let tight = try generic(anchors: [root]) { $0.path.budget.nameComparisons = 100_000 }
        #expect(TrustTests.outcome(of: leaf, under: tight) == "budget_exceeded")
    }
}
