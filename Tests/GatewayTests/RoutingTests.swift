import HTTP
import Testing

@testable import Gateway

@Suite("Routing")
struct RoutingTests {
    /// What a router makes of a request: the route's path, `405 METHODS`, or `404`.
    private static func outcome(
        _ router: Router, _ path: String, host: String = "api.example.fr", method: String = "GET"
    ) -> String {
        let (host, path, method) = (Array(host.utf8), Array(path.utf8), Array(method.utf8))
        return switch router.match(host: host.span, path: path.span, method: method.span) {
        case .found(let route): route.name
        case .methodNotAllowed(let allowed): "405 " + String(decoding: allowed, as: UTF8.self)
        case .notFound: "404"
        }
    }

    @Test(
        "A prefix governs whole segments only",
        arguments: [
            ("/", "/", true), ("/", "/x", true), ("/fhir", "/fhir", true), ("/fhir", "/fhir/", true),
            ("/fhir", "/fhir/x", true), ("/fhir", "/fhirx", false), ("/fhir", "/fhi", false), ("/fhir", "/FHIR", false),
            ("/fhir/", "/fhir", false), ("/fhir/", "/fhir/", true), ("/fhir/", "/fhir/x", true),
            ("/fhir", "/x/fhir", false), ("/fhir", "", false),
        ])
    func prefixes(_ prefix: String, _ path: String, governs: Bool) {
        let bytes = Array(path.utf8)
        let answer = route(prefix).governs(bytes.span)
        #expect(answer == governs)
    }

    @Test(
        "A host pattern matches its host, or one label and more before its suffix",
        arguments: [
            ("api.example.fr", "api.example.fr", true), ("api.example.fr", "xapi.example.fr", false),
            ("api.example.fr", "api.example.fr.evil", false), ("API.Example.FR", "api.example.fr", true),
            ("*.example.fr", "a.example.fr", true), ("*.example.fr", "a.b.example.fr", true),
            ("*.example.fr", "example.fr", false), ("*.example.fr", ".example.fr", false),
            ("*.example.fr", "aexample.fr", false), ("*", "", true), ("*", "anything", true),
        ])
    func hosts(_ pattern: String, _ host: String, matches: Bool) {
        let bytes = Array(host.utf8)
        let answer = HostPattern(pattern).matches(bytes.span)
        #expect(answer == matches)
    }

    @Test("The longest prefix governs, however the routes are ordered")
    func longestPrefix() {
        let routes = ["/", "/fhir", "/fhir/Patient", "/fhir/Patient/private"].map { route($0) }
        for router in [Router(routes), Router(routes.reversed())] {
            #expect(Self.outcome(router, "/") == "/")
            #expect(Self.outcome(router, "/fhir/Observation") == "/fhir")
            #expect(Self.outcome(router, "/fhir/Patient/1") == "/fhir/Patient")
            #expect(Self.outcome(router, "/fhir/Patient/private/1") == "/fhir/Patient/private")
            #expect(Self.outcome(router, "/fhir/Patients") == "/fhir")
        }
    }

    @Test("An exact host goes before a wildcard, a longer wildcard before a shorter, and any host comes last")
    func hostOrder() {
        let routes = [
            route("/any", host: .any), route("/short", host: HostPattern("*.fr")),
            route("/long", host: HostPattern("*.example.fr")), route("/exact", host: HostPattern("api.example.fr")),
        ]
        #expect(Router(routes).match(host: "api.example.fr") == "/exact")
        #expect(Router(routes.reversed()).match(host: "api.example.fr") == "/exact")
        #expect(Router(routes).match(host: "www.example.fr") == "/long")
        #expect(Router(routes).match(host: "www.autre.fr") == "/short")
        #expect(Router(routes).match(host: "localhost") == "/any")
    }

    @Test("A method that the governing path does not take falls to no wider route")
    func widerRoute() {
        let router = Router([route("/x/", methods: ["GET"]), route("/")])
        #expect(Self.outcome(router, "/x/y", method: "DELETE") == "405 GET")
        #expect(Self.outcome(router, "/y", method: "DELETE") == "/")
    }

    @Test("Of two routes with one path the first that takes the method governs")
    func methods() {
        let router = Router([
            route("/x", methods: ["GET"]), route("/x", methods: ["POST", "PUT"]), route("/y", methods: ["GET"]),
        ])
        #expect(Self.outcome(router, "/x", method: "PUT") == "/x")
        #expect(Self.outcome(router, "/x", method: "DELETE") == "405 GET, POST, PUT")
        #expect(Self.outcome(router, "/y", method: "HEAD") == "/y")
        #expect(Self.outcome(router, "/y", method: "POST") == "405 GET")
        #expect(Self.outcome(router, "/y", method: "get") == "405 GET")
        #expect(Self.outcome(router, "/z") == "404")
    }

    @Test(
        "A certificate covers its names, and with a wildcard exactly one label (RFC 9525 §6.3)",
        arguments: [
            ("api.example.fr", true), ("www.example.fr", false), ("a.apps.example.fr", true),
            ("a.b.apps.example.fr", false), ("apps.example.fr", false), (".apps.example.fr", false), ("", false),
        ])
    func certificateNames(_ host: String, covered: Bool) {
        #expect(CertificateNames(["api.example.fr", "*.apps.example.fr"]).covers(host) == covered)
    }

    @Test("A certificate whose only name is * covers nothing")
    func bareStar() {
        #expect(!CertificateNames(["*"]).covers("api.example.fr"))
    }
}

extension Router {
    /// The path of the route for a GET of that path at `host`: each route of the test is for all paths that it names.
    fileprivate func match(host: String) -> String {
        for path in ["/exact", "/long", "/short", "/any"] {
            let (host, path, method) = (Array(host.utf8), Array(path.utf8), Array("GET".utf8))
            if case .found(let route) = match(host: host.span, path: path.span, method: method.span) {
                return route.name
            }
        }
        return "404"
    }
}
