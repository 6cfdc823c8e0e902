/// Names of fields that a configuration may not touch, and why.
enum FieldNames {
    /// What an edited or written field is for.
    enum Use {
        /// A header of the operator's own that says who calls.
        case identity
        /// An edit of a request.
        case request
        /// An edit of a response.
        case response
    }

    /// What frames a message, belongs to one connection (RFC 9110 §7.6.1), or says where a request goes.
    private static let framing: Set<String> = [
        "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    ]

    /// What the gateway writes of itself.
    private static let gateway: Set<String> = [
        "forwarded", "traceparent", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-request-id",
    ]

    private static let identityNames = Set(IdentityFamilies.names.map(folded))
    private static let identityPrefixes = IdentityFamilies.prefixes.map(folded)

    /// A name as upstreams compare it that cannot tell `SSL_CLIENT_CERT` from `Ssl-Client-Cert`.
    static func folded(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" || $0 == "." ? "-" : $0 })
    }

    /// Whether a preset writes fields of the family of a name.
    static func isWritten(_ name: String, by preset: IdentityConfiguration.Preset) -> Bool {
        let family =
            switch preset {
            case .igcSante: "x-igc-sante-"
            case .rfc9440: "client-cert"
            case .xfcc: "x-forwarded-client-cert"
            case .nginx: "x-ssl-"
            case .ans: "ssl-client-"
            case .traefik: "x-forwarded-tls-client-cert"
            case .alb: "x-amzn-mtls-"
            }
        return folded(name).hasPrefix(family)
    }

    /// Why a field may not be touched, `nil` when it may.
    static func fault(of name: String, for use: Use) -> String? {
        let name = folded(name)
        if framing.contains(name) { return "frames messages or belongs to one connection" }
        switch use {
        case .identity, .request:
            if gateway.contains(name) { return "is written by the gateway" }
            if use == .request, isOfIdentity(name) {
                return "says who calls: only identity: writes such headers, and all others are removed"
            }
            return nil
        case .response: return nil
        }
    }

    private static func isOfIdentity(_ folded: String) -> Bool {
        identityNames.contains(folded) || identityPrefixes.contains { folded.hasPrefix($0) }
    }
}

extension Value {
    /// The name of a field that may be touched.
    func fieldName(_ use: FieldNames.Use) -> String? {
        guard let name = text("a header's name") else { return nil }
        return checkFieldName(name, use, at: location)
    }

    /// The same for a key that is the name of a field.
    func checkFieldName(_ name: String, _ use: FieldNames.Use, at location: SourceLocation) -> String? {
        guard Grammar.isToken(name), name.utf8.count <= 256 else {
            findings.error(
                at: location, "\(name.quoted) is no name of a header", hint: "letters, digits and - (RFC 9110)")
            return nil
        }
        if let fault = FieldNames.fault(of: name, for: use) {
            findings.error(at: location, "the header \(name.quoted) \(fault)")
            return nil
        }
        return name
    }

    /// The value of a field: one line, without white space around it, bounded.
    func fieldValue() -> String? {
        guard let text = text("a header's value") else { return nil }
        guard text.utf8.count <= Limits.headerValue else {
            error("\(key.quoted): longer than \(SizeForm.text(Limits.headerValue))")
            return nil
        }
        guard text.first != " ", text.last != " " else {
            error("\(key.quoted): a header's value neither begins nor ends with a space")
            return nil
        }
        return text
    }
}

extension HeaderEdits {
    /// `request_headers` or `response_headers`.
    static func read(
        _ section: Section?, of use: FieldNames.Use, beside identity: [IdentityConfiguration]
    ) -> HeaderEdits {
        guard let section else { return .none }
        var custom: Set<String> = []
        for case .custom(let headers) in identity {
            custom.formUnion(headers.map { FieldNames.folded($0.name) })
        }
        var names: Set<String> = []
        var fields: [Field] = []
        for value in section["set"]?.section().named() ?? [] {
            guard let name = value.checkFieldName(value.key, use, at: value.keyLocation) else { continue }
            if !names.insert(name.lowercased()).inserted {
                section.findings.error(at: value.keyLocation, "the header \(name.quoted) is set twice")
            } else if custom.contains(FieldNames.folded(name)) {
                section.findings.error(at: value.keyLocation, "the header \(name.quoted) is written by identity")
            } else if let text = value.fieldValue() {
                fields.append(Field(name: name, value: text))
            }
        }
        let removed = section["remove"].map { value in
            value.distinct(value.items()) { item -> String? in
                guard let name = item.fieldName(use) else { return nil }
                if custom.contains(FieldNames.folded(name)) {
                    item.error("the header \(name.quoted) is written by identity")
                }
                return name
            }
        }
        section.finish()
        return HeaderEdits(set: fields, remove: removed ?? [])
    }
}
