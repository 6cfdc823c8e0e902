import TLS
import Testing

extension Integration {
    @Suite("The server's own identity")
    struct ServerIdentityTests {
        @Test("a PKCS#12 file as the ANS platform delivers it serves")
        func pkcs12() throws {
            var setup = Setup()
            setup.certificates = ["{pkcs12: server/serv-ssl.p12, key_passphrase_file: passphrase}"]
            let gateway = try Gateway(setup)
            let call = try Curl(gateway, host: "api.poterne.example")
            #expect(call.status == 200, "\(call.errors)")
        }

        @Test("a PKCS#12 file under RC2-40 is refused with the way to convert it")
        func oldPKCS12() throws {
            let folder = try TestFolder()
            let server = "\(TestCertificates.folder)/server"
            let made = try run(
                "openssl",
                [
                    "pkcs12", "-export", "-legacy", "-certpbe", "PBE-SHA1-RC2-40", "-in", "\(server)/fullchain.pem",
                    "-inkey", "\(server)/key.pem", "-passout", "pass:poterne", "-out", folder["old.p12"],
                ])
            try #require(made.exitCode == 0, "\(made.errors)")
            var setup = Setup()
            setup.certificates = [
                "{pkcs12: \(folder["old.p12"]), key_passphrase_file: \(TestCertificates.folder)/passphrase}"
            ]
            let refusal = #expect(throws: Gateway.CannotServe.self) { try Gateway(setup) }
            #expect(refusal?.log.contains("RC2-40") == true)
            #expect(refusal?.log.contains("openssl pkcs12") == true, "\(refusal?.log ?? "")")
        }

        @Test("the name that the caller asks for chooses the certificate", arguments: ["-tls1_2", "-tls1_3"])
        func serverName(_ version: String) throws {
            let authority = try OwnAuthority()
            try authority.issueCaller("demo")
            for host in ["one.poterne.example", "two.poterne.example"] {
                try authority.issueServer("server/\(host)", key: "server/\(host).key", hosts: [host])
            }
            var setup = authority.setup()
            setup.certificates = ["one", "two"].map { name in
                "{chain: server/\(name).poterne.example.pem, key: server/\(name).poterne.example.key}"
            }
            let gateway = try Gateway(setup)
            for (name, shown) in [
                ("one.poterne.example", "one"), ("two.poterne.example", "two"), ("TWO.poterne.EXAMPLE", "two"),
                ("other.poterne.example", "one"), (nil, "one"),
            ] {
                let host = "\(shown).poterne.example"
                let client = try SClient(
                    gateway, as: "callers/demo", version: version,
                    request: "GET / HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n", name: name)
                #expect(client.output.contains("CN = \(host)\n"), "\(name ?? "no name")")
                #expect(client.output.contains("Verify return code: 0 (ok)"), "\(name ?? "no name")")
            }
        }

        @Test("a request for a host of another certificate on the same connection is misdirected: 421")
        func misdirected() throws {
            let gateway = try Gateway(Setup())
            let caller = try gateway.caller()
            let answer = try caller.exchange("GET", "/", fields: [Field(name: "Host", value: "other.example")])
            #expect(answer.status == 421)
            #expect(try caller.exchange("GET", "/").status == 200)
        }
    }
}
