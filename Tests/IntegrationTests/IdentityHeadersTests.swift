import Foundation
import TLS
import Testing

extension Integration {
    @Suite("Identity headers")
    struct IdentityHeadersTests {
        /// What openssl says of the caller's certificate.
        struct Facts {
            let subject: String
            let issuer: String
            let serial: String
            let sha1: String
            let sha256: String
            let notAfter: String
            let pem: String
            let der: [UInt8]
            let issuerDER: [UInt8]

            init() throws {
                let folder = TestCertificates.folder
                let file = "\(folder)/callers/org-auth-cli.pem"
                func ask(_ arguments: String...) throws -> String {
                    let all = ["x509", "-in", file, "-noout", "-nameopt", "RFC2253"] + arguments
                    let line = try run("openssl", all).text.trimmingCharacters(in: .newlines)
                    return line.split(separator: "=", maxSplits: 1).last.map(String.init) ?? ""
                }
                subject = try ask("-subject")
                issuer = try ask("-issuer")
                serial = try ask("-serial")
                sha1 = try ask("-fingerprint", "-sha1").replacing(":", with: "").lowercased()
                sha256 = try ask("-fingerprint", "-sha256").replacing(":", with: "").lowercased()
                notAfter = try ask("-enddate", "-dateopt", "iso_8601").replacing(" ", with: "T")
                pem = try run("openssl", ["x509", "-in", file]).text
                der = try certificates(of: file)[0]
                issuerDER = try certificates(of: "\(folder)/trust/organisations.pem")[0]
            }

            var escapedPEM: String {
                let plain = CharacterSet(
                    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
                return pem.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
            }

            func sequence(_ bytes: [UInt8]) -> String { ":\(Data(bytes).base64EncodedString()):" }
        }

        private func fields(of preset: String) throws -> [Field] {
            let upstream = try Upstream()
            let gateway = try Gateway(Setup(upstream: upstream.port, identity: "[\(preset)]"))
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
            let all = try #require(upstream.requests.first).fields
            // The identity is written last, so it is everything behind the last field of another kind.
            let via = try #require(all.lastIndex { $0.name == "Via" })
            return Array(all[(via + 1)...])
        }

        @Test("igc-sante writes one field for each fact")
        func igcSante() throws {
            let facts = try Facts()
            #expect(
                try fields(of: "igc-sante") == [
                    Field(name: "X-IGC-Sante-Kind", value: "ORG AUTH_CLI"),
                    Field(name: "X-IGC-Sante-Structure-Id", value: "10B0999901"),
                    Field(name: "X-IGC-Sante-Structure-Id-Type", value: "FINESS"),
                    Field(name: "X-IGC-Sante-Structure-Id-Value", value: "0B0999901"),
                    Field(name: "X-IGC-Sante-Structure-Name", value: "CENTRE DE SANTE FICTIF 99901"),
                    Field(name: "X-IGC-Sante-Client-Name", value: "POTERNE-DEMO"),
                    Field(name: "X-IGC-Sante-Department", value: "Rh%C3%B4ne (69)"),
                    Field(name: "X-IGC-Sante-Range", value: "ELEMENTAIRE"),
                    Field(name: "X-IGC-Sante-Environment", value: "test"),
                    Field(name: "X-IGC-Sante-Serial", value: facts.serial),
                    Field(name: "X-IGC-Sante-Thumbprint", value: facts.sha256),
                    Field(name: "X-IGC-Sante-Not-After", value: facts.notAfter),
                ])
        }

        @Test("rfc9440 writes the certificate, and the validated path without its anchor")
        func rfc9440() throws {
            let facts = try Facts()
            #expect(
                try fields(of: "rfc9440") == [
                    Field(name: "Client-Cert", value: facts.sequence(facts.der)),
                    Field(name: "Client-Cert-Chain", value: facts.sequence(facts.issuerDER)),
                ])
        }

        @Test("nginx writes what its recipes do, in its encodings")
        func nginx() throws {
            let facts = try Facts()
            #expect(
                try fields(of: "nginx") == [
                    Field(name: "X-SSL-Client-Verify", value: "SUCCESS"),
                    Field(name: "X-SSL-Client-S-DN", value: facts.subject),
                    Field(name: "X-SSL-Client-I-DN", value: facts.issuer),
                    Field(name: "X-SSL-Client-Serial", value: facts.serial),
                    Field(name: "X-SSL-Client-Fingerprint", value: facts.sha1),
                    Field(name: "X-SSL-Client-Cert", value: facts.escapedPEM),
                ])
        }

        @Test("xfcc writes Envoy's element")
        func xfcc() throws {
            let facts = try Facts()
            let subject = facts.subject.replacing("\\", with: "\\\\")
            #expect(
                try fields(of: "xfcc") == [
                    Field(
                        name: "X-Forwarded-Client-Cert",
                        value: "Hash=\(facts.sha256);Cert=\"\(facts.escapedPEM)\";Subject=\"\(subject)\"")
                ])
        }

        @Test("ans writes what the ANS API gateway is sent")
        func ans() throws {
            let facts = try Facts()
            let fields = try fields(of: "ans")
            #expect(fields.map(\.name) == ["SSL_CLIENT_CERT", "SSL_CLIENT_S_DN"])
            let line = facts.pem.trimmingCharacters(in: .newlines).replacing("\n", with: " ")
            #expect(fields.first?.value.trimmingCharacters(in: .whitespaces) == line)
            #expect(fields.last?.value == facts.subject)
        }

        @Test("a header of one's own is written with what its placeholders stand for")
        func custom() throws {
            let facts = try Facts()
            let fields = try fields(
                of: "{custom: [{name: X-Caller, value: \"{structure_id}/{client_name}/{serial}\"}]}")
            #expect(fields == [Field(name: "X-Caller", value: "10B0999901/POTERNE-DEMO/\(facts.serial)")])
        }

        @Test("several presets stand one after the other")
        func several() throws {
            let names = try fields(of: "igc-sante, rfc9440, nginx, xfcc, ans").map(\.name)
            #expect(names.count == 12 + 2 + 6 + 1 + 2)
            #expect(Set(names).count == names.count)
        }

        @Test("a route without identity tells nothing")
        func none() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.routes = ["{path: /, upstream: app}"]
            let gateway = try Gateway(setup)
            #expect(try gateway.caller().exchange("GET", "/").status == 200)
            let last = try #require(upstream.requests.first?.fields.last)
            #expect(last.name == "Via")
        }

        @Test("each caller of one upstream connection is told by its own certificate")
        func notMixed() throws {
            let upstream = try Upstream()
            var setup = Setup(upstream: upstream.port)
            setup.workers = 1
            let gateway = try Gateway(setup)
            let first = try gateway.caller()
            let key = "\(TestCertificates.folder)/load/client.key"
            let others = try (1...3).map { number in
                let identity = try TLSIdentity(
                    chain: certificates(of: "\(TestCertificates.folder)/load/client-0000\(number).pem"),
                    keyFile: key)
                return try Caller(port: gateway.port, as: identity)
            }
            for round in 0..<3 {
                for caller in [first] + others { #expect(try caller.exchange("GET", "/\(round)").status == 200) }
            }
            #expect(upstream.visits.count == 1)
            let names = upstream.requests.compactMap { $0.fields["X-IGC-Sante-Serial"] }
            #expect(names.count == 12)
            #expect(Set(names).count == 4)
            #expect(Array(names[0..<4]) == Array(names[4..<8]))
            #expect(Array(names[0..<4]) == Array(names[8..<12]))
        }
    }
}
