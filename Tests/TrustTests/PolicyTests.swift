import DER
import TestPKI
import Testing
import Trust
import X509

@Suite("Certificate policies")
struct PolicyTests {
    static let a: ObjectIdentifier = "1.2.3.1"
    static let b: ObjectIdentifier = "1.2.3.2"
    static let c: ObjectIdentifier = "1.2.3.3"

    /// A path of one intermediate, and what is asked of its policies.
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var issuer: [ObjectIdentifier] = [PolicyTests.a]
        var leaf: ObjectIdentifier? = PolicyTests.a
        var issuerExtensions: [ExtensionTemplate] = []
        var wanted: Set<ObjectIdentifier> = []
        var isExplicit = true
        var inhibitsAny = false
        var inhibitsMapping = false
        var expected: String

        init(_ description: String, _ expected: String, _ change: (inout Case) -> Void = { _ in }) {
            testDescription = description
            self.expected = expected
            change(&self)
        }
    }

    static func mapping(_ pairs: [(ObjectIdentifier, ObjectIdentifier)]) -> ExtensionTemplate {
        ExtensionTemplate(.policyMappings, isCritical: true) { writer in
            writer.sequence { list in
                for (from, to) in pairs {
                    list.sequence {
                        $0.objectIdentifier(from)
                        $0.objectIdentifier(to)
                    }
                }
            }
        }
    }

    static func constraints(explicit: Int? = nil, mapping: Int? = nil) -> ExtensionTemplate {
        ExtensionTemplate(.policyConstraints, isCritical: true) { writer in
            writer.sequence { fields in
                if let explicit { fields.integer(explicit, tag: .context(0)) }
                if let mapping { fields.integer(mapping, tag: .context(1)) }
            }
        }
    }

    static func inhibitAny(_ count: Int) -> ExtensionTemplate {
        ExtensionTemplate(.inhibitAnyPolicy, isCritical: true) { $0.integer(count) }
    }

    static let cases: [Case] = [
        Case("the same policy throughout", "admitted"),
        Case("the wanted policy", "admitted") { $0.wanted = [a, b] },
        Case("another policy wanted", "policy_not_accepted") { $0.wanted = [b] },
        Case("another policy wanted, and none required", "admitted") {
            $0.wanted = [b]
            $0.isExplicit = false
        },
        Case("a leaf without policies", "policy_not_accepted") { $0.leaf = nil },
        Case("a leaf without policies, and none required", "admitted") {
            $0.leaf = nil
            $0.isExplicit = false
        },
        Case("a CA without policies", "policy_not_accepted") { $0.issuer = [] },
        Case("a leaf with another policy", "policy_not_accepted") { $0.leaf = b },
        Case("a CA of any policy", "admitted") {
            $0.issuer = [.anyPolicy]
            $0.wanted = [a]
        },
        Case("a leaf of any policy", "admitted") {
            $0.leaf = .anyPolicy
            $0.wanted = [a]
        },
        Case("any policy inhibited at the start", "policy_not_accepted") {
            $0.issuer = [.anyPolicy]
            $0.inhibitsAny = true
        },
        Case("any policy inhibited by the CA below it", "policy_not_accepted") {
            $0.issuerExtensions = [inhibitAny(0)]
            $0.leaf = .anyPolicy
        },
        Case("a CA that requires a policy", "policy_not_accepted") {
            $0.isExplicit = false
            $0.issuerExtensions = [constraints(explicit: 0)]
            $0.leaf = nil
        },
        Case("a CA that requires a policy further below", "admitted") {
            $0.isExplicit = false
            $0.issuerExtensions = [constraints(explicit: 2)]
            $0.leaf = nil
        },
        Case("a mapped policy", "admitted") {
            $0.issuerExtensions = [mapping([(a, b)])]
            $0.leaf = b
            $0.wanted = [a]
        },
        Case("a mapped policy by its name below", "policy_not_accepted") {
            $0.issuerExtensions = [mapping([(a, b)])]
            $0.leaf = b
            $0.wanted = [b]
        },
        Case("what was mapped away", "policy_not_accepted") {
            $0.issuerExtensions = [mapping([(a, b)])]
            $0.leaf = a
        },
        Case("a policy mapped to two", "admitted") {
            $0.issuerExtensions = [mapping([(a, b), (a, c)])]
            $0.leaf = c
            $0.wanted = [a]
        },
        Case("mapping inhibited at the start", "policy_not_accepted") {
            $0.issuerExtensions = [mapping([(a, b)])]
            $0.leaf = b
            $0.inhibitsMapping = true
        },
        Case("a policy mapped under any policy", "admitted") {
            $0.issuer = [.anyPolicy]
            $0.issuerExtensions = [mapping([(a, b)])]
            $0.leaf = b
            $0.wanted = [a]
        },
        Case("any policy mapped", "profile_violation") {
            $0.issuer = [.anyPolicy]
            $0.issuerExtensions = [mapping([(.anyPolicy, b)])]
        },
    ]

    @Test("Policies are processed by RFC 5280 and RFC 9618", arguments: cases)
    func policies(one: Case) throws {
        let root = try TestAuthority.root()
        let issuer = try root.below("Organisations") {
            $0.policies = one.issuer
            $0.additionalExtensions = one.issuerExtensions
        }
        let leaf = try issuer.leaf { $0.policy = one.leaf }
        let trust = try generic(anchors: [root]) {
            $0.path.policies = one.wanted
            $0.path.requiresExplicitPolicy = one.isExplicit
            $0.path.inhibitsAnyPolicy = one.inhibitsAny
            $0.path.inhibitsPolicyMapping = one.inhibitsMapping
        }
        #expect(outcome(of: leaf, with: [issuer], under: trust) == one.expected)
    }

    @Test("Mappings that would double a tree at each level stay a graph (CVE-2023-0464)")
    func explosion() throws {
        let root = try TestAuthority.root()
        var above = root
        var sent: [TestAuthority] = []
        let pair = Self.mapping([(Self.a, Self.a), (Self.a, Self.b), (Self.b, Self.a), (Self.b, Self.b)])
        for level in 0..<24 {
            above = try above.below("Niveau \(level)", key: TestKeys.leaf) {
                $0.policies = [Self.a, Self.b]
                $0.additionalExtensions = [pair]
            }
            sent.append(above)
        }
        let leaf = try above.leaf { $0.policy = Self.b }
        let trust = try generic(anchors: [root]) {
            $0.path.maxDepth = 32
            $0.path.requiresExplicitPolicy = true
        }
        #expect(outcome(of: leaf, with: sent, under: trust) == "admitted")
    }
}
