import TestPKI
import Testing
import Trust
import X509

@testable import Configuration
@testable import Gateway

/// The presets as such are held to the byte by `IdentityExampleTests`; here are the callers that nobody hopes for.
@Suite("Identity headers of strange callers")
struct IdentityWriterTests {
    private static let authority = Result { try TestAuthority() }

    private static func peer(_ name: String, structure: String? = nil) throws -> VerifiedPeer {
        let subject =
            structure.map {
                NameTemplate(.france, .organization("Essai"), .organizationalUnit($0), .commonName(name))
            } ?? NameTemplate(.france, .commonName(name))
        return try authority.get().caller(subject)
    }

    private static func lines(_ peer: VerifiedPeer, _ item: IdentityConfiguration) -> [String] {
        var writer = IdentityWriter(peer)
        writer.write(item)
        let text = String(decoding: writer.lines, as: UTF8.self)
        #expect(text.isEmpty || text.hasSuffix("\r\n"))
        return text.split(separator: "\r\n").map(String.init)
    }

    private static func custom(_ name: String, _ pieces: CustomIdentityHeader.Piece...) -> IdentityConfiguration {
        .custom([CustomIdentityHeader(name: name, value: pieces, location: .start)])
    }

    @Test(
        "No name breaks out of its line",
        arguments: ["a\r\nX-IGC-Sante-Kind: ORG AUTH_CLI", "a\nb", "a\0b", "\r\n\r\nGET / HTTP/1.1", "é\"\\,;\u{7F}"],
        IdentityConfiguration.Preset.allCases)
    func lineBreaks(_ name: String, _ preset: IdentityConfiguration.Preset) throws {
        let peer = try Self.peer(name)
        var writer = IdentityWriter(peer)
        writer.write(.preset(preset))
        writer.write(Self.custom("X-Caller", .text("n="), .placeholder(.clientName), .placeholder(.subjectDN)))
        let bytes = writer.lines
        let ends = bytes.indices.filter { bytes[$0] == 0x0A }
        // Every line feed ends a line that begins with one of our names, and nothing else is out of ASCII's print.
        #expect(bytes.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0D || $0 == 0x0A })
        #expect(ends.allSatisfy { $0 > 0 && bytes[$0 - 1] == 0x0D })
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\r\n") {
            let written = [
                "X-IGC-Sante-", "Client-Cert", "X-Forwarded-Client-Cert", "X-SSL-Client-", "SSL_CLIENT_",
                "X-Forwarded-Tls-Client-Cert", "X-Amzn-Mtls-Clientcert-",
            ]
            #expect((written + ["X-Caller: "]).contains { line.hasPrefix($0) })
        }
        #expect(bytes.count(where: { $0 == 0x0D }) == ends.count)
    }

    @Test("Accents are percent-encoded, and so is the percent sign itself")
    func percentEncoding() throws {
        let lines = Self.lines(try Self.peer("Télé 100%"), .preset(.igcSante))
        #expect(lines.contains("X-IGC-Sante-Client-Name: T%C3%A9l%C3%A9 100%25"))
    }

    @Test("Quotes and backslashes of a subject are escaped within Envoy's quotes")
    func xfccQuotes() throws {
        let line = try #require(Self.lines(try Self.peer(#"a"b\c"#), .preset(.xfcc)).first)
        #expect(line.hasSuffix(#";Subject="CN=a\\\"b\\\\c,C=FR""#))
    }

    @Test("What a certificate does not say is not written, rather than written empty")
    func absentFacts() throws {
        let lines = Self.lines(try Self.peer("x"), .preset(.igcSante))
        #expect(
            lines.map { String($0.prefix { $0 != ":" }) } == [
                "X-IGC-Sante-Client-Name", "X-IGC-Sante-Serial", "X-IGC-Sante-Thumbprint", "X-IGC-Sante-Not-After",
            ])
    }

    @Test("A chain that is an anchor and a leaf has no Client-Cert-Chain, as RFC 9440 §2.3 leaves out the anchor")
    func emptyChain() throws {
        #expect(Self.lines(try Self.peer("x"), .preset(.rfc9440)).count == 1)
    }

    @Test("A header of the operator's own is left out when every placeholder in it is empty")
    func custom() throws {
        let peer = try Self.peer("x")
        #expect(Self.lines(peer, Self.custom("X-A", .text("fixed"))) == ["X-A: fixed"])
        #expect(
            Self.lines(peer, Self.custom("X-A", .text("serial="), .placeholder(.serial))) == ["X-A: serial=0ABC"])
        #expect(Self.lines(peer, Self.custom("X-A", .text("k="), .placeholder(.kind))) == [])
        #expect(
            Self.lines(peer, Self.custom("X-A", .placeholder(.kind), .text("/"), .placeholder(.clientName)))
                == ["X-A: /x"])
    }

    @Test("Every placeholder that a certificate of any PKI can fill is filled")
    func placeholders() throws {
        let peer = try Self.peer("x")
        let ofIGCSante: Set<IdentityPlaceholder> = [
            .kind, .structureID, .structureType, .structureValue, .structureName, .department, .range, .environment,
            .clientID, .structureSIREN, .structureHolder, .structureRank,
        ]
        for placeholder in IdentityPlaceholder.allCases {
            let lines = Self.lines(peer, Self.custom("X-A", .placeholder(placeholder)))
            #expect(lines.isEmpty == ofIGCSante.contains(placeholder), "\(placeholder)")
        }
    }

    @Test("Distinct lists are rendered once each, and their numbers tell them apart")
    func renderings() throws {
        var renderings = IdentityRenderings()
        let nginx = renderings.number(of: [.preset(.nginx)], enrolment: nil)
        let ours = renderings.number(of: [.preset(.igcSante), .preset(.rfc9440)], enrolment: nil)
        let again = renderings.number(of: [.preset(.nginx)], enrolment: nil)
        let none = renderings.number(of: [], enrolment: nil)
        #expect([nginx, ours, again, none] == [0, 1, 0, nil])
        #expect(renderings.lists.count == 2)
        let rendered = renderings.render(try Self.peer("x"), in: [], edition: 0)
        #expect(String(decoding: rendered.lines(of: 0), as: UTF8.self).hasPrefix("X-SSL-Client-Verify: SUCCESS\r\n"))
        #expect(String(decoding: rendered.lines(of: 1), as: UTF8.self).hasPrefix("X-IGC-Sante-Client-Name: x\r\n"))
        #expect(rendered.lines(of: 2) == [])
        #expect(rendered.lines(of: -1) == [])
    }
}

@Suite("Encodings of identity headers")
struct IdentityEncodingTests {
    @Test(
        "Text is percent-encoded where it is not printable ASCII",
        arguments: [
            ("", ""), ("ORG AUTH_CLI", "ORG AUTH_CLI"), ("é", "%C3%A9"), ("%41", "%2541"), ("\r\n", "%0D%0A"),
            ("\0\u{7F}", "%00%7F"), ("~!", "~!"), ("😀", "%F0%9F%98%80"),
        ])
    func percent(_ text: String, _ encoded: String) {
        #expect(IdentityEncoding.percentEncoded(text) == encoded)
    }

    // `A`…`Z`, digits, `-._~` stay (RFC 3986 §2.3): nginx's $ssl_client_escaped_cert.
    @Test("A PEM is escaped but for the unreserved characters")
    func escapedPEM() {
        let text = IdentityEncoding.escapedPEM([0xFB, 0xEF, 0xFF])
        #expect(text == "-----BEGIN%20CERTIFICATE-----%0A%2B%2B%2F%2F%0A-----END%20CERTIFICATE-----%0A")
    }

    @Test("A PEM on one line has spaces for line ends and none at its end")
    func singleLine() {
        #expect(
            IdentityEncoding.singleLinePEM([0xFB, 0xEF, 0xFF])
                == "-----BEGIN CERTIFICATE----- ++// -----END CERTIFICATE-----")
    }

    @Test("A byte sequence is base64 between colons (RFC 8941 §3.3.5)")
    func byteSequence() {
        #expect(IdentityEncoding.byteSequence([]) == "::")
        #expect(IdentityEncoding.byteSequence([0x61]) == ":YQ==:")
    }
}
