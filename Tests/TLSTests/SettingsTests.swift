import COpenSSL
import Crypto
import DER
import Glibc
import TestPKI
import Testing

@testable import TLS

@Suite struct SettingsTests {
    let credentials: Credentials

    init() throws {
        credentials = try Credentials.shared.get()
    }

    private func context(_ change: (inout TLSServerSettings) -> Void) throws(TLSError) -> TLSServerContext {
        var settings = credentials.serverSettings()
        change(&settings)
        return try TLSServerContext(settings)
    }

    @Test("names that OpenSSL does not know are reported, each")
    func unknownNames() throws {
        let lists: [(TLSProfile.Algorithms, TLSError)] = [
            (
                .init(cipherSuites12: ["ECDHE-RSA-AES128-GCM-SHA256", "NOPE", "ALL", "HIGH:MEDIUM", "@SECLEVEL=0", ""]),
                .unknownAlgorithms(.cipherSuites12, names: ["NOPE", "ALL", "HIGH:MEDIUM", "@SECLEVEL=0", ""])
            ),
            (
                .init(cipherSuites13: ["TLS_AES_128_GCM_SHA256", "TLS_NOPE"]),
                .unknownAlgorithms(.cipherSuites13, names: ["TLS_NOPE"])
            ),
            (
                .init(groups: ["X25519", "P-256", "curve", "P-384:P-521"]),
                .unknownAlgorithms(.groups, names: ["curve", "P-384:P-521"])
            ),
            (
                .init(signatureAlgorithms: ["RSA+SHA256", "RSA+MD6"]),
                .unknownAlgorithms(.signatureAlgorithms, names: ["RSA+MD6"])
            ),
        ]
        for (algorithms, error) in lists {
            #expect(throws: error) { try context { $0.profile = .explicit(algorithms) } }
        }
    }

    @Test("a cipher suite of TLS 1.3 is none of TLS 1.2")
    func suiteOfOtherVersion() throws {
        #expect(throws: TLSError.unknownAlgorithms(.cipherSuites12, names: ["TLS_AES_128_GCM_SHA256"])) {
            try context { $0.profile = .explicit(.init(cipherSuites12: ["TLS_AES_128_GCM_SHA256"])) }
        }
    }

    @Test("an explicit profile without names is the usual one")
    func emptyProfile() throws {
        #expect(TLSProfile.explicit(.init()).algorithms == TLSProfile.anssi.algorithms)
        _ = try context { $0.profile = .explicit(.init()) }
    }

    @Test("only what the ANSSI guide recommends is spoken")
    func anssi() throws {
        let context = try context { _ in }
        let ciphers = unsafe SSL_CTX_get_ciphers(context.handle.pointer)
        let names = unsafe (0..<poterne_sk_SSL_CIPHER_num(ciphers)).compactMap { index in
            unsafe SSL_CIPHER_get_name(poterne_sk_SSL_CIPHER_value(ciphers, index)).map { unsafe String(cString: $0) }
        }
        #expect(
            Set(names) == Set(TLSProfile.anssi.algorithms.cipherSuites12 + TLSProfile.anssi.algorithms.cipherSuites13))
        #expect(names.count == 9)
        #expect(unsafe SSL_CTX_get_security_level(context.handle.pointer) == 2)
        let options = unsafe SSL_CTX_get_options(context.handle.pointer)
        for option in [poterne_SSL_OP_NO_RENEGOTIATION(), poterne_SSL_OP_NO_COMPRESSION()] {
            #expect(options & option != 0)
        }
        #expect(options & poterne_SSL_OP_IGNORE_UNEXPECTED_EOF() == 0)
    }

    @Test(
        "a client that offers nothing of it is refused",
        arguments: [
            "AES256-GCM-SHA384", "AES128-SHA", "ECDHE-RSA-AES256-SHA384", "ECDHE-RSA-AES128-SHA",
            "DHE-RSA-AES256-GCM-SHA384",
        ])
    func obsoleteSuite(name: String) throws {
        var settings = credentials.clientSettings(.tls12, identity: credentials.client)
        settings.profile = .explicit(.init(cipherSuites12: [name]))
        let conversation = try Conversation(server: credentials.serverSettings(), client: settings)
        #expect(conversation.clientVerdict() == .alertReceived(.handshakeFailure))
    }

    @Test(
        "ClientHellos of older versions are refused",
        arguments: [([3, 0], .handshakeFailure), ([3, 1], .protocolVersion), ([3, 2], .protocolVersion)]
            as [([UInt8], TLSAlert)])
    func obsoleteVersion(version: [UInt8], alert: TLSAlert) throws {
        // client_version, random, no session id, one suite, no compression.
        let hello = version + [UInt8](repeating: 1, count: 32) + [0, 0, 2, 0xc0, 0x13, 1, 0]
        let message = [1, 0, 0, UInt8(hello.count)] + hello
        let record = [22, 3, 1, 0, UInt8(message.count)] + message
        let wire = try Wire(.atOnce)
        let delegate = Delegate()
        var server = try TLSConnection(
            server: TLSServerContext(credentials.serverSettings()), descriptor: wire.server, delegate: delegate)
        #expect(sendAll(record, to: wire.client))
        do throws(TLSError) {
            _ = try server.handshake()
            Issue.record("accepted")
        } catch {
            guard case .protocolViolation(_, alertSent: alert) = error else {
                Issue.record("\(error)")
                return
            }
        }
        // The alert in clear: type, version, length, level, description.
        let answer = receive(from: wire.client)
        #expect(answer.count == 7 && answer.first == 21 && answer.suffix(2) == [2, alert.rawValue])
    }

    @Test("a client cannot renegotiate")
    func renegotiation() throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(),
            client: credentials.clientSettings(.tls12, identity: credentials.client))
        #expect(conversation.clientVerdict() == nil)
        // The client's own option would keep it from asking.
        unsafe SSL_clear_options(conversation.client.ssl, poterne_SSL_OP_NO_RENEGOTIATION())
        #expect(unsafe SSL_renegotiate(conversation.client.ssl) == 1)
        #expect(unsafe SSL_do_handshake(conversation.client.ssl) <= 0)
        _ = try? Conversation.read(&conversation.server)
        #expect(conversation.delegate.verifiedChains.count == 1)
        #expect(conversation.delegate.requestedNames.count == 1)
        #expect(unsafe SSL_do_handshake(conversation.client.ssl) <= 0)
    }

    @Test("settings that cannot be used are reported")
    func unusableSettings() throws {
        let credentials = self.credentials
        #expect(throws: TLSError.invalidSessionIDContext(bytes: 0)) { try context { $0.sessionIDContext = [] } }
        #expect(throws: TLSError.invalidSessionIDContext(bytes: 33)) {
            try context { $0.sessionIDContext = Array(repeating: 1, count: 33) }
        }
        #expect(throws: TLSError.noCertificate) { try context { $0.identity.chain = [] } }
        #expect(throws: TLSError.invalidAuthorityName(index: 1)) {
            try context { $0.clientAuthorityNames.append([1, 2, 3]) }
        }
        #expect(throws: TLSError.invalidAuthorityName(index: 0)) {
            try context { $0.clientAuthorityNames = [credentials.intermediateName + [0]] }
        }
        #expect(throws: TLSError.invalidApplicationProtocol("")) { try context { $0.applicationProtocols = [""] } }
        let long = String(repeating: "x", count: 256)
        #expect(throws: TLSError.invalidApplicationProtocol(long)) { try context { $0.applicationProtocols = [long] } }
        #expect(throws: TLSError.noCertificate) { try TLSClientContext(TLSClientSettings(trust: .anchors([]))) }
    }

    @Test("a certificate that cannot be used is named")
    func unusableCertificate() throws {
        let credentials = self.credentials
        for (chain, bad) in [
            ([[1, 2, 3]], 0), ([credentials.server.chain[0] + [0]], 0),
            ([credentials.server.chain[0], credentials.intermediate, []], 2),
        ] {
            do throws(TLSError) {
                _ = try context { $0.identity.chain = chain }
                Issue.record("accepted")
            } catch {
                guard case .unusableCertificate(index: bad, _) = error else {
                    Issue.record("\(error)")
                    return
                }
            }
        }
    }

    @Test("a server's key may not be too short for the security level")
    func shortKey() throws {
        let key = try PrivateKey.generate(.rsa(bits: 1024))
        let now = Timestamp.now()
        let template = LeafTemplate(
            subject: NameTemplate(.commonName("short")), notBefore: now, notAfter: now.adding(seconds: 60))
        let certificate = try template.selfSigned(with: key)
        do throws(TLSError) {
            _ = try context { $0.identity = TLSIdentity(chain: [certificate], key: key) }
            Issue.record("accepted")
        } catch {
            guard case .unusableCertificate(index: 0, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test("one ticket is given, or none at all without keys, and no early data is taken")
    func tickets() throws {
        let without = try context { _ in }
        let keyring = try TicketKeyring()
        let with = try context { $0.tickets = keyring }
        #expect(unsafe SSL_CTX_get_num_tickets(without.handle.pointer) == 0)
        #expect(unsafe SSL_CTX_get_num_tickets(with.handle.pointer) == 1)
        #expect(unsafe SSL_CTX_get_max_early_data(with.handle.pointer) == 0)
    }

    @Test("a key that is not the certificate's is refused")
    func wrongKey() throws {
        let key = credentials.client.key
        do throws(TLSError) {
            _ = try context { $0.identity.key = key }
            Issue.record("accepted")
        } catch {
            guard case .unusableKey = error else {
                Issue.record("\(error)")
                return
            }
            #expect(error.fault == .local)
        }
    }

    @Test("each error says whose fault it is, in words of its own")
    func errors() {
        let errors: [(TLSError, TLSError.Fault)] = [
            (.alertReceived(.unknownCA), .peer), (.certificateRefused(alertSent: .unknownCA), .peer),
            (.certificateMissing(alertSent: .certificateRequired), .peer), (.serverNotTrusted(verification: 10), .peer),
            (.protocolViolation(code: 0, alertSent: .decodeError), .peer),
            (.protocolViolation(code: 0, alertSent: nil), .peer),
            (.protocolViolation(code: 0, alertSent: .internalError), .local), (.truncated, .network),
            (.system(errno: ECONNRESET), .network), (.system(errno: ENOMEM), .local), (.outOfTurn, .local),
            (.unusableCertificate(index: 0, code: 0), .local), (.noCertificate, .local),
            (.unusableKey(code: 0), .local),
            (.unknownAlgorithms(.groups, names: ["x"]), .local), (.invalidApplicationProtocol("x"), .local),
            (.invalidAuthorityName(index: 0), .local), (.invalidSessionIDContext(bytes: 0), .local),
            (.invalidServerName, .local), (.invalidTicketKeys(bytes: 1), .local),
            (.library(function: "f", code: 0), .local),
        ]
        for (error, fault) in errors { #expect(error.fault == fault) }
        #expect(Set(errors.map(\.0.description)).count == errors.count)
        #expect(Set(TLSAlert.allCases.map(\.description)).count == TLSAlert.allCases.count)
    }
}
