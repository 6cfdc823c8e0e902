import ArgumentParser
import Crypto
import IGCSante

/// `poterne anchors list`: the official CAs and where they are published.
struct AnchorsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the official CAs of IGC-Santé with their pinned fingerprints and official addresses.",
        discussion: """
            For each CA: its name, the SHA-256 that is pinned in the program and the SHA-1 that older documents of the \
            ANS give, the identifier of its key, and where its certificate, its CRL and its delta CRL are published. \
            Nothing is fetched.

            JSON: {"authorities": [{"file_name", "common_name", "role" (root, intermediate), "environment" \
            (production, test), "range", "domain", "sha256", "sha1", "subject_key_identifier", "certificate_url", \
            "crl_url", "ldap_crl_url", "ldap_delta_url"}], "bundles": {"production", "test"}, "ocsp_url"}.

            Exit codes: 0.

            Examples:
              poterne anchors list
              poterne anchors list --json | jq -r '.authorities[] | select(.environment == "test") | .certificate_url'
            """)

    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() {
        print(json ? AnchorsListCommand.report.text() : AnchorsListCommand.text)
    }

    private static var text: String {
        var lines: [String] = []
        for environment in Environment.allCases {
            lines.append("\(environment), all in one: \(OfficialAuthority.bundleURL(of: environment))")
            lines.append("")
            for authority in OfficialAuthority.all where authority.environment == environment {
                lines.append("\(authority.fileName): \(authority.commonName)")
                var rows = TextRows(width: 13)
                let domain = authority.domain.map { ", domain \($0.rawValue)" } ?? ""
                rows.add("is", "\(authority.role.rawValue) of the range \(authority.range)\(domain)")
                rows.add("SHA-256", Hexadecimal.encode(authority.sha256.span))
                rows.add("SHA-1", Hexadecimal.encode(authority.sha1.span))
                rows.add("key", Hexadecimal.encode(authority.subjectKeyIdentifier.span))
                rows.add("certificate", authority.certificateURL)
                rows.add("CRL", [authority.crlURL, authority.ldapCRLURL])
                rows.add("delta CRL", authority.ldapDeltaURL)
                lines += rows.lines + [""]
            }
        }
        return (lines + ["OCSP of them all: \(OfficialAuthority.ocspURL)"]).joined(separator: "\n")
    }

    private static var report: JSONText {
        let authorities = OfficialAuthority.all.map { authority in
            JSONText.object([
                ("file_name", .string(authority.fileName)),
                ("common_name", .string(authority.commonName)),
                ("role", .string(authority.role.rawValue)),
                ("environment", .string(authority.environment.rawValue)),
                ("range", .string(authority.range.rawValue)),
                ("domain", .optional(authority.domain?.rawValue)),
                ("sha256", .string(Hexadecimal.encode(authority.sha256.span))),
                ("sha1", .string(Hexadecimal.encode(authority.sha1.span))),
                ("subject_key_identifier", .string(Hexadecimal.encode(authority.subjectKeyIdentifier.span))),
                ("certificate_url", .string(authority.certificateURL)),
                ("crl_url", .string(authority.crlURL)),
                ("ldap_crl_url", .string(authority.ldapCRLURL)),
                ("ldap_delta_url", .optional(authority.ldapDeltaURL)),
            ])
        }
        return .object([
            ("authorities", .list(authorities)),
            (
                "bundles",
                .object(
                    Environment.allCases.map { ($0.rawValue, .string(OfficialAuthority.bundleURL(of: $0))) })
            ),
            ("ocsp_url", .string(OfficialAuthority.ocspURL)),
        ])
    }
}
