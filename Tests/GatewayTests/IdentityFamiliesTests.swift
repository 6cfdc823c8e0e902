import HTTP
import TestPKI
import Testing

@testable import Configuration
@testable import Gateway

@Suite("The families of identity headers")
struct IdentityFamiliesTests {
    private static let stripped = IdentityFamilies.all(with: [])

    private static func isStripped(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return stripped.contains(bytes.span)
    }

    @Test(
        "What the gateway strips no configuration may edit",
        arguments: IdentityFamilies.names + IdentityFamilies.prefixes.map { $0 + "x" })
    func strippedIsNotEdited(_ name: String) {
        #expect(Self.isStripped(name))
        #expect(FieldNames.fault(of: name, for: .request) != nil)
        #expect(FieldNames.fault(of: name.uppercased().replacing("-", with: "_"), for: .request) != nil)
    }

    @Test("What a preset writes no caller can send", arguments: IdentityConfiguration.Preset.allCases)
    func presetsAreStripped(_ preset: IdentityConfiguration.Preset) throws {
        var writer = IdentityWriter(try TestAuthority().caller(.organisation("x")))
        writer.write(.preset(preset))
        let lines = String(decoding: writer.lines, as: UTF8.self).split(separator: "\r\n")
        try #require(!lines.isEmpty)
        for line in lines { #expect(Self.isStripped(String(line.prefix { $0 != ":" }))) }
    }
}
