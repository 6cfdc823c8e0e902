extension TracingConfiguration {
    /// What holds without the section.
    static let none = TracingConfiguration(callers: Defaults.tracedCallers, export: nil)

    /// `tracing`.
    static func read(_ section: Section?) -> TracingConfiguration {
        guard let section else { return .none }
        let tracing = TracingConfiguration(
            callers: section["callers"]?.choice() ?? Defaults.tracedCallers,
            export: readExport(section))
        if tracing.export == nil, !section.has("endpoint") {
            for key in ["sample", "headers", "service_name", "ca", "timeout"] where section.has(key) {
                section.findings.error(at: section.location(of: key), "\(key.quoted) has no effect without endpoint")
            }
        }
        section.finish()
        return tracing
    }

    private static func readExport(_ section: Section) -> Export? {
        let headers = section["headers"].map(readHeaders) ?? []
        let export = Export(
            endpoint: section["endpoint"].flatMap { $0.url(schemes: ["https", "http"]) } ?? "",
            authorities: section["ca"]?.file(),
            headers: headers,
            serviceName: section["service_name"].flatMap { $0.text("a name") } ?? Defaults.serviceName,
            timeout: section["timeout"]?.duration(in: Limits.exportTimeout) ?? Defaults.exportTimeout,
            millionths: section["sample"]?.millionths() ?? Defaults.sampledMillionths)
        guard !export.endpoint.isEmpty else { return nil }
        if export.endpoint.lowercased().hasPrefix("http:"), !isLoopback(export.endpoint) {
            section.findings.warning(
                at: section.location(of: "endpoint"),
                "\"endpoint\": spans sent in the clear can be read on their way, and say who calls what",
                hint: "use https, or a collector on this machine")
        }
        return export
    }

    private static func isLoopback(_ url: String) -> Bool {
        let authority = url.dropFirst("http://".utf8.count).prefix { $0 != "/" }
        return authority.hasPrefix("127.") || authority.hasPrefix("[::1]")
            || authority == "localhost" || authority.hasPrefix("localhost:")
    }

    private static func readHeaders(_ value: Value) -> [Header] {
        value.section().named().compactMap { value in
            // What frames the request is the exporter's.
            guard let name = value.checkFieldName(value.key, .response, at: value.keyLocation),
                let text = value.fieldValue()
            else { return nil }
            guard name.lowercased() != "content-type" else {
                value.findings.error(at: value.keyLocation, "the header \(name.quoted) is written by the exporter")
                return nil
            }
            return Header(name: name, value: text)
        }
    }
}

extension Value {
    /// A share from 0 to 1, with six decimals at the most, in millionths.
    func millionths() -> Int? {
        let expected = "a share from 0 to 1, as 0.1"
        guard let text = text(expected) else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first.flatMap({ Int($0) }), whole == 0 || whole == 1,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }),
            (parts.dropFirst().first?.count ?? 0) <= 6
        else {
            mismatch(expected)
            return nil
        }
        let decimals = parts.dropFirst().first.map(String.init) ?? ""
        let padded = decimals + String(repeating: "0", count: 6 - decimals.utf8.count)
        let value = whole * 1_000_000 + (Int(padded) ?? 0)
        guard value <= 1_000_000 else {
            mismatch(expected)
            return nil
        }
        return value
    }
}
