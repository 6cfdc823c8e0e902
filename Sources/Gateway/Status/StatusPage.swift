internal import Crypto
internal import DER
internal import HTTP

/// The status page: one document, whole in itself, of what the gateway knows.
///
/// All of it is written here, in either language; a script fetches it again and puts what has changed in its place. Nothing
/// is loaded from anywhere, and the policy that goes with it lets nothing be.
struct StatusPage {
    let status: GatewayStatus
    let t: Language
    var page = HTMLText()

    init(_ status: GatewayStatus, in language: Language) {
        self.status = status
        t = language
    }

    /// The fields of the answer, beside its type.
    static let fields: [(name: StaticString, value: [UInt8])] = [
        ("Content-Security-Policy", Array(policy.utf8)),
        ("X-Content-Type-Options", Array("nosniff".utf8)),
        ("X-Frame-Options", Array("DENY".utf8)),
        ("Referrer-Policy", Array("no-referrer".utf8)),
        ("Cross-Origin-Opener-Policy", Array("same-origin".utf8)),
        ("Cross-Origin-Resource-Policy", Array("same-origin".utf8)),
        ("Permissions-Policy", Array("camera=(), geolocation=(), microphone=()".utf8)),
        ("Vary", Array("Accept-Language".utf8)),
    ]

    /// Nothing but this very style and this very script; the picture is the sign in the browser's tab.
    private static let policy =
        "default-src 'none'; style-src '\(source(of: StatusStyle.text))'; script-src '\(source(of: StatusScript.text))'; "
        + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    private static func source(of text: StaticString) -> String {
        var bytes: [UInt8] = []
        bytes.append(literal: text)
        let digest = SHA256.digest(of: bytes.span)
        var encoded: [UInt8] = []
        let octets = digest.bytes
        Base64.append(octets.span, to: &encoded)
        return "sha256-" + String(decoding: encoded, as: UTF8.self)
    }

    /// The document.
    var html: [UInt8] {
        var copy = self
        copy.write()
        return copy.page.bytes
    }

    private mutating func write() {
        page.markup("<!DOCTYPE html>\n<html lang=\"")
        page.text(t.rawValue)
        page.markup("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
        page.markup("<meta name=\"robots\" content=\"noindex\"><meta name=\"color-scheme\" content=\"light dark\">")
        page.markup("<noscript><meta http-equiv=\"refresh\" content=\"10\"></noscript><title>")
        page.text(headline + " · " + status.process.node + " · Poterne")
        page.markup("</title>")
        appendIcon()
        page.markup("<style>")
        page.markup(StatusStyle.text)
        page.markup("</style></head><body>")
        appendHeader()
        page.markup("<main>")
        appendVerdict()
        appendFigures()
        page.markup("<div class=\"grid\">")
        appendLists()
        appendExpiries()
        appendUpstreams()
        appendRefusals()
        page.markup("<div class=\"stack\">")
        appendHandshakes()
        appendLimits()
        page.markup("</div><div class=\"stack\">")
        appendConnections()
        appendProcess()
        page.markup("</div>")
        page.markup("</div></main>")
        page.markup("<script>")
        page.markup(StatusScript.text)
        page.markup("</script></body></html>\n")
    }

    private mutating func appendIcon() {
        page.markup(
            "<link rel=\"icon\" href=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
        )
        switch status.verdict {
        case .well: page.markup("%3Ccircle cx='8' cy='8' r='6' fill='%232f8f5f'/%3E")
        case .attention: page.markup("%3Cpath d='M8 1l7 13H1z' fill='%23d08700'/%3E")
        case .critical: page.markup("%3Cpath d='M2 2h12v12H2z' fill='%23c62f2b'/%3E")
        }
        page.markup("%3C/svg%3E\">")
    }

    private mutating func appendHeader() {
        page.markup("<header><p class=\"brand\"><b>Poterne</b> <span>")
        page.foreign(status.process.node)
        page.markup("</span></p><p class=\"when\">")
        page.element("<span>", t("as of ", "au "), "</span>")
        page.append(.moment(status.moment, t.time(status.moment)))
        page.markup("</p><nav aria-label=\"Language · Langue\">")
        if t == .english {
            page.markup("<a href=\"?lang=fr\" lang=\"fr\" hreflang=\"fr\" rel=\"alternate\">Français</a>")
        } else {
            page.markup("<a href=\"?lang=en\" lang=\"en\" hreflang=\"en\" rel=\"alternate\">English</a>")
        }
        page.markup("</nav></header><p id=\"lost\" class=\"lost\" role=\"alert\" hidden>")
        page.text(
            t("The gateway has not answered since ", "La passerelle ne répond plus depuis "))
        page.markup("<time></time>")
        page.text(t(". What is below is old.", ". Ce qui suit est ancien."))
        page.markup("</p>")
    }

    // MARK: The first line

    /// How all is, in words.
    private var headline: String {
        let concerns = status.concerns
        let urgent = concerns.count { $0.severity == .critical }
        switch (status.verdict, concerns.count) {
        case (.well, _): return t("All is well.", "Tout va bien.")
        case (.critical, _) where urgent == 1: return t("One thing is urgent.", "Un point est urgent.")
        case (.critical, _): return t("\(urgent) things are urgent.", "\(urgent) points sont urgents.")
        case (_, 1): return t("One thing needs attention.", "Un point demande votre attention.")
        case (_, let count):
            return t("\(count) things need attention.", "\(count) points demandent votre attention.")
        }
    }

    private var summary: String {
        let serving =
            status.obstacles.isEmpty
            ? t("Ready and serving.", "Prête et en service.")
            : t("Not ready to serve.", "Pas prête à servir.")
        guard status.verdict == .well, let next = status.expiries.things.first(where: { $0.kind != .crl }) else {
            return serving
        }
        let days = t.days(status.expiries.daysLeft(of: next))
        return serving + " "
            + t("The next certificate to renew has \(days).", "Prochain certificat à renouveler\u{A0}: \(days).")
    }

    private mutating func appendVerdict() {
        switch status.verdict {
        case .well: page.markup("<section class=\"verdict well\">")
        case .attention: page.markup("<section class=\"verdict warning\">")
        case .critical: page.markup("<section class=\"verdict critical\">")
        }
        page.markup("<h1 aria-live=\"polite\"><i aria-hidden=\"true\"></i><span>")
        page.element("", headline, "</span></h1>")
        page.element("<p>", summary, "</p>")
        let concerns = status.concerns
        if !concerns.isEmpty {
            page.markup("<ol>")
            for concern in concerns.prefix(Limits.shownConcerns) {
                page.markup("<li><p>")
                let isUrgent = concern.severity == .critical
                page.append(
                    isUrgent ? .critical : .warning,
                    isUrgent ? t("Urgent", "Urgent") : t("Attention", "À voir"))
                page.markup(" <strong>")
                page.foreign(concern.title(in: t))
                page.markup("</strong></p><p class=\"todo\">")
                page.foreign(concern.remedy(in: t))
                page.markup("</p></li>")
            }
            page.markup("</ol>")
            if concerns.count > Limits.shownConcerns {
                let more = concerns.count - Limits.shownConcerns
                page.element("<p>", t("\(more) more in /status.json.", "\(more) de plus dans /status.json."), "</p>")
            }
        }
        page.markup("</section>")
    }
}
