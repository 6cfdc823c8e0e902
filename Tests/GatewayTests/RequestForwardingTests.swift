import Configuration
import EventLoop
import HTTP
import Testing

@testable import Gateway

@Suite("What an upstream gets of a request")
struct RequestForwardingTests {
    private static let forwarding = RequestForwarding(families: IdentityFamilies.all(with: ["X-Our-Caller"]))

    private static let identifiers = RequestForwarding.Identifiers(
        requestID: Array("id-1".utf8), traceparent: Array("trace-1".utf8))

    /// What the gateway writes of itself behind what passed.
    private static let written = [
        "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "X-Request-Id", "traceparent", "Via",
    ]

    private static func forward(
        _ head: RequestHead, along route: Route = route("/"), path: String = "/", pathChanged: Bool = false,
        from address: SocketAddress = .v4(0xC000_0201, port: 40_000), isSecure: Bool = true
    ) -> RequestHead {
        var head = head
        let origin = RenderedOrigin(address: address, isSecure: isSecure)
        forwarding.apply(
            to: &head, from: origin, as: identifiers, along: route, path: Array(path.utf8), pathChanged: pathChanged)
        return head
    }

    /// The names that passed, of a request with these lines.
    private static func passed(_ lines: String...) throws -> [String] {
        var head = try requestHead("GET / HTTP/1.1", "Host: api.example.fr")
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            let name = try #require(FieldName(String(parts[0])))
            head.fields.append(name: name, value: Array(parts[1].utf8.dropFirst()).span)
        }
        let names = forward(head).fields.names
        #expect(Array(names.suffix(written.count)) == written)
        return Array(names.dropLast(written.count))
    }

    // RFC 9110 §7.6.1: "Intermediaries MUST parse a received Connection header field before a message is forwarded and,
    // for each connection-option in this field, remove any header or trailer field(s) from the message with the same
    // name as the connection-option, and then remove the Connection header field itself".
    @Test("What concerns the caller's connection stays behind, and what Connection names")
    func hopByHop() throws {
        #expect(
            try Self.passed(
                "Connection: keep-alive, X-Hop", "X-Hop: 1", "Keep-Alive: timeout=5", "TE: trailers", "Upgrade: h2c",
                "Proxy-Connection: keep-alive", "Proxy-Authorization: Basic eA==", "X-End: 1", "Accept: */*")
                == ["Host", "X-End", "Accept"])
    }

    @Test("Connection removes nothing that the upstream must see")
    func hostileNominations() throws {
        #expect(
            try Self.passed(
                "Connection: Host, Authorization, Cookie, X-Forwarded-For, X-IGC-Sante-Kind, Client-Cert",
                "Authorization: Bearer x", "Cookie: a=b")
                == ["Host", "Authorization", "Cookie"])
    }

    @Test(
        "A field that claims an identity goes, however it is spelled",
        arguments: [
            "X-IGC-Sante-Kind", "x-igc-sante-kind", "X_IGC_SANTE_KIND", "X.IGC.Sante.Kind", "x-igc_sante.anything-else",
            "Client-Cert", "client_cert", "CLIENT.CERT", "Client-Cert-Chain", "X-Client-Cert", "X_ClientCert",
            "X-Forwarded-Client-Cert", "X_Forwarded_Client_Cert", "X-Forwarded-Tls-Client-Cert-Info",
            "X-Amzn-Mtls-Clientcert-Serial-Number", "X-SSL-Client-S-DN", "X_SSL_CLIENT_VERIFY", "SSL_CLIENT_CERT",
            "ssl-client-s-dn", "SSL_SERVER_NAME", "X-ARR-ClientCert", "X-Remote-User", "Remote_User",
            "X-Forwarded-User", "X-Client-DN", "X_Client_Verify", "Poterne-Caller", "X-Poterne-Caller",
            "X-Our-Caller", "x_our_caller",
        ])
    func identity(_ name: String) throws {
        #expect(try Self.passed("\(name): forged", "X-End: 1") == ["Host", "X-End"])
    }

    @Test(
        "A field that only looks like an identity passes",
        arguments: ["X-IGC-Santes", "Client-Certs", "X-SSL", "SSL", "Certificate", "User-Agent", "X-Remote-Users"])
    func neighbours(_ name: String) throws {
        #expect(try Self.passed("\(name): 1") == ["Host", name])
    }

    @Test("Where the request came from is the gateway's word, and the caller's is dropped")
    func origin() throws {
        let head = Self.forward(
            try requestHead(
                "GET /x HTTP/1.1", "Host: api.example.fr:8443", "X-Forwarded-For: 10.0.0.1",
                "X-Forwarded-Proto: http", "X-Forwarded-Host: evil", "X-Forwarded-Port: 1", "X-Real-IP: 10.0.0.1",
                "Forwarded: for=10.0.0.1", "X-Request-Id: theirs", "traceparent: theirs"))
        #expect(
            head.fields.texts == [
                "Host: api.example.fr:8443", "X-Forwarded-For: 192.0.2.1", "X-Forwarded-Proto: https",
                "X-Forwarded-Host: api.example.fr:8443",
                "Forwarded: for=192.0.2.1;host=\"api.example.fr:8443\";proto=https", "X-Request-Id: id-1",
                "traceparent: trace-1", "Via: 1.1 poterne",
            ])
    }

    @Test(
        "What says where a request came from, or what it asked for, goes however it is spelled",
        arguments: [
            "X_Forwarded_For", "x.forwarded.host", "X-Forwarded-Prefix", "X_Real_IP", "x_request_id", "TraceParent",
            "X-Original-URL", "X_Rewrite_URL", "Proxy",
        ])
    func hearsay(_ name: String) throws {
        #expect(try Self.passed("\(name): forged", "X-End: 1") == ["Host", "X-End"])
        let bytes = Array(name.utf8)
        let isTold = Self.forwarding.claimsIdentity(bytes.span)
        #expect(isTold, "nor may a trailer say it")
    }

    // RFC 7239 §6: an IPv6 address is enclosed in square brackets and quoted; "unknown" is for what has none.
    @Test("An IPv6 peer and a Unix peer are written as RFC 7239 says")
    func otherAddresses() throws {
        let head = try requestHead("GET / HTTP/1.1", "Host: a")
        let six = Self.forward(head, from: .v6(high: 0x2001_0DB8 << 32, low: 1, scope: 0, port: 1), isSecure: false)
        #expect(six.fields.texts.contains("X-Forwarded-For: 2001:db8::1"))
        #expect(six.fields.texts.contains("Forwarded: for=\"[2001:db8::1]\";host=\"a\";proto=http"))
        let local = Self.forward(head, from: .unix(""))
        #expect(local.fields.texts.contains("X-Forwarded-For: unix"))
        #expect(local.fields.texts.contains("Forwarded: for=unknown;host=\"a\";proto=https"))
    }

    @Test("A Via that came stays before the gateway's own")
    func via() throws {
        let head = Self.forward(try requestHead("GET / HTTP/1.0", "Via: 1.1 other"))
        #expect(head.fields.texts.filter { $0.hasPrefix("Via") } == ["Via: 1.1 other", "Via: 1.0 poterne"])
    }

    @Test(
        "The target is what the rules were asked about",
        arguments: [
            // target sent, normalised path if it differs, strip_prefix, target forwarded
            ("/x?a=1", nil, "", "/x?a=1"), ("/a/../x?a=%2F", "/x", "", "/x?a=%2F"), ("/x?", "/x", "", "/x?"),
            ("/api/x", nil, "/api", "/x"), ("/api?q", nil, "/api", "/?q"), ("/api/", nil, "/api/", "/"),
            ("/api", nil, "/other", "/api"), ("/v1//x", nil, "/v1", "//x"), ("/%61pi/x", "/api/x", "/api", "/x"),
        ] as [(String, String?, String, String)])
    func targets(_ sent: String, _ normalised: String?, _ strip: String, _ forwarded: String) throws {
        let path = normalised ?? String(sent.prefix { $0 != "?" })
        let head = Self.forward(
            try requestHead("GET \(sent) HTTP/1.1", "Host: a"), along: route("/", stripPrefix: strip), path: path,
            pathChanged: normalised != nil)
        #expect(String(decoding: head.fields.arena[head.target], as: UTF8.self) == forwarded)
    }

    @Test("OPTIONS * stays as it is")
    func asterisk() throws {
        let head = Self.forward(try requestHead("OPTIONS * HTTP/1.1", "Host: a"), along: route("/", stripPrefix: "/"))
        #expect(String(decoding: head.fields.arena[head.target], as: UTF8.self) == "*")
    }

    @Test("The route's edits come last: what it removes goes in every spelling, what it sets replaces")
    func edits() throws {
        let edits = FieldEdits(remove: ["X-Debug"], setting: [("X-Tenant", "ours"), ("X-New", "1")])
        let head = Self.forward(
            try requestHead(
                "GET / HTTP/1.1", "Host: a", "X_Debug: 1", "x-debug: 2", "X-Tenant: theirs", "x_tenant: theirs"),
            along: route("/", requestEdits: edits))
        #expect(head.fields.texts.filter { $0.lowercased().contains("debug") } == [])
        #expect(head.fields.texts.suffix(2) == ["X-Tenant: ours", "X-New: 1"])
        #expect(!head.fields.texts.contains { $0.contains("theirs") })
    }

    @Test(
        "A trailer that claims an identity is told by the same families",
        arguments: ["client_cert", "X-IGC-Sante-Kind"])
    func trailers(_ name: String) {
        let bytes = Array(name.utf8)
        let isTold = Self.forwarding.claimsIdentity(bytes.span)
        #expect(isTold)
    }
}

@Suite("What a caller gets of a response")
struct ResponseForwardingTests {
    @Test("Hop-by-hop fields and the upstream's request id go, Via comes, the route's edits are last")
    func response() throws {
        var head = try responseHead(
            "HTTP/1.1 200 OK", "Connection: keep-alive, X-Hop", "X-Hop: 1", "Keep-Alive: timeout=5", "Server: nginx",
            "X-Request-Id: theirs", "Via: 1.1 inner", "Set-Cookie: a=b", "Content-Length: 3")
        let edits = FieldEdits(remove: ["Server"], setting: [("Strict-Transport-Security", "max-age=1")])
        ResponseForwarding.apply(to: &head, along: route("/", responseEdits: edits))
        #expect(
            head.fields.texts.filter { !$0.hasPrefix("Content-Length") } == [
                "Via: 1.1 inner", "Set-Cookie: a=b", "Via: 1.1 poterne", "Strict-Transport-Security: max-age=1",
            ])
    }

    @Test("Without a route nothing is edited")
    func noRoute() throws {
        var head = try responseHead("HTTP/1.1 404 Not Found", "Server: x", "Content-Length: 0")
        ResponseForwarding.apply(to: &head, along: nil)
        #expect(head.fields.names.contains("Server"))
    }
}
