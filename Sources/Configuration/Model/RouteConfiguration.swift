/// One entry of `routes`: which requests, by whom, and what becomes of them.
public struct RouteConfiguration: Hashable, Sendable {
    /// `host`.
    public enum Host: Hashable, Sendable {
        /// Every host.
        case any
        /// This one, in lower case.
        case exact(String)
        /// `*.suffix`: the suffix without `*.`, in lower case; one label or more before it.
        case wildcard(String)
    }

    /// What becomes of a request.
    public enum Action: Hashable, Sendable {
        /// `upstream`: the name of an upstream; `strip_prefix` is removed from the path.
        case forward(upstream: String, stripPrefix: String?)
        /// `respond`: a fixed answer.
        case respond(status: Int, body: String)
        /// `redirect`: another place; `strip_prefix` is removed from the path.
        case redirect(RedirectConfiguration, stripPrefix: String?)
    }

    /// `client_certificate`.
    public enum ClientCertificate: String, Hashable, Sendable, CaseIterable {
        /// A request without an admitted certificate is refused.
        case required
        /// A request needs none; only on a listener whose mode is not `required`.
        case none
    }

    /// `host`.
    public let host: Host
    /// `path`: a prefix that begins with `/`.
    public let path: String
    /// `methods`; empty for every method.
    public let methods: [String]
    /// `upstream` and `strip_prefix`, or `respond`.
    public let action: Action
    /// `client_certificate`.
    public let clientCertificate: ClientCertificate
    /// `accept`: narrows the listener's; `nil` keeps it.
    public let accept: AcceptedKinds?
    /// `structures`: structure identifiers that pass; empty for all.
    public let structures: [StructureRule]
    /// `names`: subject common names that pass; empty for all.
    public let names: [TextPattern]
    /// `callers_file`: the enrolment list.
    public let callersFile: FileReference?
    /// `token_binding: required`.
    public let requiresTokenBinding: Bool
    /// `token_issuer`: whose tokens they have to be; `nil` checks the binding alone.
    public let tokenIssuer: String?
    /// `rate_limit`.
    public let rateLimit: RateLimitConfiguration?
    /// `concurrency`.
    public let concurrency: ConcurrencyConfiguration?
    /// `identity`: what an upstream is told of the caller, in the order of the file.
    public let identity: [IdentityConfiguration]
    /// `request_headers`.
    public let requestHeaders: HeaderEdits
    /// `response_headers`.
    public let responseHeaders: HeaderEdits
    /// `timeout`: of a whole exchange with the upstream, until the response head.
    public let timeout: Duration
    /// Where the route is written.
    public let location: SourceLocation
    /// Where the keys of `AccessRule` are written, those that are.
    public let ruleLocations: [String: SourceLocation]
}

/// A key of a route that decides who may call; the raw value is its name.
public enum AccessRule: String, Hashable, Sendable, CaseIterable {
    /// Kinds of certificate.
    case accept
    /// Structures.
    case structures
    /// Names.
    case names
    /// The enrolment list.
    case callersFile = "callers_file"
    /// Whether a certificate is asked for at all.
    case clientCertificate = "client_certificate"
    /// Tokens bound to the certificate.
    case tokenBinding = "token_binding"
    /// How much a caller may ask for.
    case rateLimit = "rate_limit"
    /// How much at once.
    case concurrency
}

/// One entry of `structures`.
public enum StructureRule: Hashable, Sendable {
    /// A register of structure identifiers; the raw value is its name.
    public enum Register: String, Hashable, Sendable, CaseIterable {
        /// Practices by an ADELI number.
        case adeli = "ADELI"
        /// Establishments of FINESS.
        case finess = "FINESS"
        /// Companies.
        case siren = "SIREN"
        /// Establishments of companies.
        case siret = "SIRET"
        /// Practices by an RPPS number.
        case rpps = "RPPS"
        /// Legal entities of FINESS, no longer issued.
        case finessLegalEntity = "FINESS EJ"
        /// Geographic entities of FINESS, no longer issued.
        case finessGeographicEntity = "FINESS EG"
    }

    /// This identifier, prefix included.
    case exact(String)
    /// Every identifier that begins so.
    case prefix(String)
    /// `type:SIRET`: every identifier of a register.
    case type(Register)
    /// `siren:187512751`: a company, and its establishments by their SIRET.
    case siren(String)
}

extension StructureRule: CustomStringConvertible {
    /// As the configuration writes it.
    public var description: String {
        switch self {
        case .exact(let text): text
        case .prefix(let text): text + "*"
        case .type(let register): "type:\(register.rawValue)"
        case .siren(let number): "siren:\(number)"
        }
    }
}

/// A text, or with a trailing `*` in the configuration, the beginning of one.
public enum TextPattern: Hashable, Sendable {
    /// This text.
    case exact(String)
    /// Every text that begins so.
    case prefix(String)
}

/// One item of `identity`.
public enum IdentityConfiguration: Hashable, Sendable {
    /// A family of headers; the raw value is its name.
    public enum Preset: String, Hashable, Sendable, CaseIterable {
        /// `X-IGC-Sante-…`.
        case igcSante = "igc-sante"
        /// `Client-Cert` and `Client-Cert-Chain`.
        case rfc9440
        /// `X-Forwarded-Client-Cert`.
        case xfcc
        /// `X-SSL-Client-…`.
        case nginx
        /// `SSL_CLIENT_CERT` and `SSL_CLIENT_S_DN`.
        case ans
        /// `X-Forwarded-Tls-Client-Cert` and `-Info`.
        case traefik
        /// `X-Amzn-Mtls-Clientcert-…`.
        case alb
    }

    /// A family of headers.
    case preset(Preset)
    /// `signed`: a token of the gateway's own; `nil` for the upstream's name as audience.
    case signed(audience: String?)
    /// `custom`: headers of the operator's own, at least one.
    case custom([CustomIdentityHeader])
}

/// A header of the operator's own, its value made of text and placeholders.
public struct CustomIdentityHeader: Hashable, Sendable {
    /// A piece of the value.
    public enum Piece: Hashable, Sendable {
        /// Written as it stands.
        case text(String)
        /// Replaced by what the certificate says.
        case placeholder(IdentityPlaceholder)
    }

    /// The header's name as written.
    public let name: String
    /// The value's pieces.
    public let value: [Piece]
    /// Where it is written.
    public let location: SourceLocation
}

/// A placeholder of a custom identity header; the raw value is its name between braces.
public enum IdentityPlaceholder: String, Hashable, Sendable, CaseIterable {
    /// Kind of certificate.
    case kind
    /// Structure identifier, whole.
    case structureID = "structure_id"
    /// Type of the structure identifier.
    case structureType = "structure_type"
    /// Structure identifier without its type.
    case structureValue = "structure_value"
    /// The SIREN of the structure, its own or its SIRET's.
    case structureSIREN = "structure_siren"
    /// The professional who holds the practice.
    case structureHolder = "structure_holder"
    /// Which of its holder's practices it is.
    case structureRank = "structure_rank"
    /// Name of the structure.
    case structureName = "structure_name"
    /// Name of the client, the subject's common name.
    case clientName = "client_name"
    /// The operator's own id of the caller.
    case clientID = "client_id"
    /// Department of the structure.
    case department
    /// Range of the certificate.
    case range
    /// Production or test.
    case environment
    /// Serial number.
    case serial
    /// SHA-256 of the certificate.
    case thumbprint
    /// Start of validity.
    case notBefore = "not_before"
    /// End of validity.
    case notAfter = "not_after"
    /// Subject, RFC 2253.
    case subjectDN = "subject_dn"
    /// Issuer, RFC 2253.
    case issuerDN = "issuer_dn"
    /// The certificate, PEM, URL-encoded.
    case certificatePEM = "certificate_pem"
    /// The certificate, base64 of DER.
    case certificateDER = "certificate_der"
}

/// `request_headers` or `response_headers`: removed first, then set.
public struct HeaderEdits: Hashable, Sendable {
    /// A header that is set.
    public struct Field: Hashable, Sendable {
        /// Its name as written: a token.
        public let name: String
        /// Its value: no control characters.
        public let value: String
    }

    /// `set`: in the order of the file, no name twice.
    public let set: [Field]
    /// `remove`: names as written.
    public let remove: [String]

    /// Nothing is edited.
    public static let none = HeaderEdits(set: [], remove: [])
}

/// `rate_limit`: a token bucket.
public struct RateLimitConfiguration: Hashable, Sendable {
    /// What has a bucket of its own.
    public enum Key: String, Hashable, Sendable, CaseIterable {
        /// A structure.
        case structure
        /// A certificate.
        case certificate
        /// An address.
        case address
    }

    /// `requests`.
    public let requests: Int
    /// `per`.
    public let period: Duration
    /// `burst`.
    public let burst: Int
    /// `by`.
    public let key: Key
}
