import IGCSante
import Testing
import Trust

@Suite("Patterns of access rules")
struct AccessPatternTests {
    @Test(
        "Structures by identifier, prefix, register and company",
        arguments: [
            ("10B0221636", "10B0221636", true), ("10B0221636", "10B0221637", false), ("3*", "318751275100020", true),
            ("3*", "10B0221636", false), ("*", "10B0221636", true), ("type:SIRET", "318751275100020", true),
            ("type:FINESS", "318751275100020", false), ("siren:187512751", "318751275100020", true),
            ("siren:187512751", "2187512751", true), ("siren:187512751", "318751275200020", false),
            // The same digits in another register are another identifier.
            ("siren:187512751", "1187512751", false),
        ])
    func structures(pattern: String, identifier: String, matches: Bool) throws {
        #expect(try #require(StructurePattern(pattern)).matches(StructureIdentifier(identifier)) == matches)
    }

    @Test("What is no pattern is refused", arguments: ["", "1*2", "**", "type:SIREX", "siren:12", "siren:12345678A"])
    func malformed(pattern: String) {
        #expect(StructurePattern(pattern) == nil)
    }

    @Test(
        "Names with any number of stars",
        arguments: [
            ("INSI-AUTO", "INSI-AUTO", true), ("INSI-AUTO", "INSI-AUTO ", false), ("INSI-AUTO", "insi-auto", false),
            ("INSI-*", "INSI-", true), ("INSI-*", "INSI", false), ("*", "", true), ("*-prod", "sas-prod", true),
            ("*-prod", "sas-prod-2", false), ("sas-*-prod", "sas-a-b-prod", true), ("a*b*c", "abbbc", true),
            ("a*b*c", "acb", false), ("**", "x", true), ("a*a", "a", false), ("é*", "éa", true),
        ])
    func names(pattern: String, name: String, matches: Bool) throws {
        #expect(try #require(NamePattern(pattern)).matches(name) == matches)
    }
}
