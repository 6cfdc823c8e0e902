import COpenSSL
import Crypto
import Testing

@testable import TLS

@Suite struct HandshakeTests {
    let credentials: Credentials

    init() throws {
        credentials = try Credentials.shared.get()
    }

    @Test("both sides agree on the facts", arguments: TLSVersion.allCases, Delivery.allCases)
    func facts(version: TLSVersion, delivery: Delivery) throws {
        let conversation = try Conversation(
            delivery, server: credentials.serverSettings(protocols: ["h2", "http/1.1"]),
            client: credentials.clientSettings(version, identity: credentials.client, protocols: ["http/1.1", "h2"]))
        let outcomes = conversation.handshake()
        let facts = try #require(try outcomes.server?.get())
        #expect(facts.version == version)
        #expect(facts.group == "X25519")
        #expect(facts.serverName == "localhost")
        #expect(facts.applicationProtocol == "h2")
        #expect(!facts.isResumed)
        #expect(
            facts.cipherSuite
                == (version == .tls13 ? "TLS_AES_256_GCM_SHA384" : "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"))
        let seen = try #require(try outcomes.client?.get())
        #expect(seen.applicationProtocol == "h2" && seen.cipherSuite == facts.cipherSuite)
        #expect(conversation.server.peerCertificates() == credentials.client.chain)
        #expect(conversation.client.peerCertificates() == credentials.server.chain)
    }

    @Test("the digest of the leaf is that of its DER")
    func leafDigest() throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(),
            client: credentials.clientSettings(.tls13, identity: credentials.client))
        #expect(conversation.clientVerdict() == nil)
        let leaf = credentials.client.chain[0]
        let digest = SHA256.digest(of: leaf.span)
        #expect(conversation.delegate.verifiedDigests == [digest])
    }

    @Test(
        "what the delegate leaves in OpenSSL's error queue is not taken for a failure", arguments: TLSVersion.allCases)
    func leftErrors(version: TLSVersion) throws {
        let conversation = try Conversation(
            .byteByByte, server: credentials.serverSettings(),
            client: credentials.clientSettings(version, identity: credentials.client))
        conversation.delegate.aside = {
            let garbage: [UInt8] = [1, 2, 3]
            _ = unsafe garbage.withUnsafeBufferPointer { buffer in
                var position = buffer.baseAddress
                return unsafe d2i_X509(nil, &position, buffer.count)
            }
        }
        #expect(conversation.clientVerdict() == nil)
        #expect(conversation.delegate.verifiedChains.count == 1)
    }

    @Test("where a certificate is optional none is needed", arguments: TLSVersion.allCases)
    func optional(version: TLSVersion) throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(clientCertificate: .optional),
            client: credentials.clientSettings(version, identity: nil))
        #expect(conversation.clientVerdict() == nil)
        #expect(conversation.delegate.verifiedChains.isEmpty)
        #expect(conversation.server.peerCertificates().isEmpty)
    }

    @Test("where a certificate is optional a bad one is refused", arguments: TLSVersion.allCases)
    func optionalButBad(version: TLSVersion) throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(clientCertificate: .optional),
            client: credentials.clientSettings(version, identity: credentials.client))
        conversation.delegate.verification = .refuse(.certificateRevoked)
        #expect(conversation.clientVerdict() == .alertReceived(.certificateRevoked))
    }

    @Test("where no certificate is wanted none is sent", arguments: TLSVersion.allCases)
    func none(version: TLSVersion) throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(clientCertificate: .none),
            client: credentials.clientSettings(version, identity: credentials.client))
        #expect(conversation.clientVerdict() == nil)
        #expect(conversation.delegate.verifiedChains.isEmpty)
        #expect(conversation.server.peerCertificates().isEmpty)
    }

    @Test("the names of the accepted authorities are sent", arguments: TLSVersion.allCases)
    func authorityNames(version: TLSVersion) throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(),
            client: credentials.clientSettings(version, identity: credentials.client))
        _ = conversation.handshake()
        #expect(authorityNames(receivedBy: conversation.client) == [credentials.intermediateName])
    }

    @Test("a client whose protocols are all unknown is told so", arguments: TLSVersion.allCases)
    func unknownProtocol(version: TLSVersion) throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(protocols: ["h2"]),
            client: credentials.clientSettings(version, identity: credentials.client, protocols: ["spdy/3", "h"]))
        #expect(conversation.clientVerdict() == .alertReceived(.noApplicationProtocol))
    }

    @Test("a client without ALPN, or a server without it, agrees on none", arguments: [[], ["h2"]])
    func noProtocol(serverProtocols: [String]) throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(protocols: serverProtocols),
            client: credentials.clientSettings(
                .tls13, identity: credentials.client, protocols: serverProtocols.isEmpty ? ["h2"] : []))
        let facts = try #require(try conversation.handshake().server?.get())
        #expect(facts.applicationProtocol == nil)
    }

    @Test("the server that is asked for must be the one that answers", arguments: TLSVersion.allCases)
    func wrongName(version: TLSVersion) throws {
        for (name, error) in [
            ("elsewhere.example", X509_V_ERR_HOSTNAME_MISMATCH), ("127.0.0.2", X509_V_ERR_IP_ADDRESS_MISMATCH),
        ] {
            let conversation = try Conversation(
                server: credentials.serverSettings(),
                client: credentials.clientSettings(version, identity: credentials.client), name: name)
            #expect(conversation.handshake().client == .failure(.serverNotTrusted(verification: Int(error))))
        }
    }

    @Test("a server is known by its address, and the address is not sent as a name")
    func address() throws {
        let conversation = try Conversation(
            server: credentials.serverSettings(),
            client: credentials.clientSettings(.tls13, identity: credentials.client), name: "127.0.0.1")
        let facts = try #require(try conversation.handshake().server?.get())
        #expect(facts.serverName == nil)
    }

    @Test(
        "a name that no host can have is not connected to", arguments: ["", String(repeating: "a", count: 256), "a\0b"])
    func impossibleName(name: String) throws {
        #expect(throws: TLSError.invalidServerName) {
            try Conversation(
                server: credentials.serverSettings(),
                client: credentials.clientSettings(.tls13, identity: credentials.client), name: name)
        }
    }

    @Test("an anchor need not be a root", arguments: TLSVersion.allCases)
    func intermediateAnchor(version: TLSVersion) throws {
        var settings = credentials.clientSettings(version, identity: credentials.client)
        settings.trust = .anchors([credentials.intermediate])
        #expect(try Conversation(server: credentials.serverSettings(), client: settings).clientVerdict() == nil)
    }

    private func authorityNames(receivedBy connection: borrowing TLSConnection) -> [[UInt8]] {
        guard let names = unsafe SSL_get0_peer_CA_list(connection.ssl) else { return [] }
        return unsafe (0..<poterne_sk_X509_NAME_num(names)).map { index in
            let name = unsafe poterne_sk_X509_NAME_value(names, index)
            let length = unsafe Int(i2d_X509_NAME(name, nil))
            return unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
                var position = buffer.baseAddress
                count = unsafe Int(i2d_X509_NAME(name, &position))
            }
        }
    }
}
