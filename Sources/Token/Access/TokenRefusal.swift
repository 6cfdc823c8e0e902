/// Why a request's token does not pass.
public enum TokenRefusal: Error, Hashable, Sendable {
    /// No `Authorization: Bearer`.
    case missing
    /// More than one `Authorization` field.
    case repeated
    /// Larger than any token that is read.
    case tooLarge
    /// It cannot be read.
    case malformed(Fault)
    /// Signed with an algorithm that is not accepted: `none` and HMAC never are.
    case algorithm
    /// No key of the issuer's has the token's key id.
    case keyUnknown
    /// The signature is not the issuer's.
    case signatureInvalid
    /// Its time is over.
    case expired
    /// Its time has not begun.
    case notYetValid
    /// It was not issued by the configured issuer.
    case issuer
    /// It is not meant for this service.
    case audience
    /// The issuer says that it is not, or no longer, valid.
    case inactive
    /// It is bound to no certificate.
    case unbound
    /// It is bound to another certificate.
    case bindingMismatch
    /// The issuer's keys could not be had, so nothing can be verified.
    case keysUnavailable
    /// The issuer could not be asked about the token.
    case introspectionUnavailable

    /// What is wrong with a token that cannot be read.
    public enum Fault: Hashable, Sendable {
        /// It has not the three parts of a JWT, or holds what no token may.
        case form
        /// A part is not base64url in its one canonical form.
        case encoding
        /// A part is no JSON object.
        case json(JSONError)
        /// A member of the header is missing or of the wrong type.
        case header
        /// The header asks for an extension.
        case criticalHeader
        /// It is a token for another use.
        case type
        /// A claim is missing or of the wrong type.
        case claim
    }
}

extension TokenRefusal {
    /// The stable code.
    public var code: String {
        switch self {
        case .missing: "token_missing"
        case .repeated: "token_repeated"
        case .tooLarge: "token_too_large"
        case .malformed: "token_malformed"
        case .algorithm: "token_algorithm"
        case .keyUnknown: "token_key_unknown"
        case .signatureInvalid: "token_signature_invalid"
        case .expired: "token_expired"
        case .notYetValid: "token_not_yet_valid"
        case .issuer: "token_issuer"
        case .audience: "token_audience"
        case .inactive: "token_inactive"
        case .unbound: "token_unbound"
        case .bindingMismatch: "token_binding_mismatch"
        case .keysUnavailable: "token_keys_unavailable"
        case .introspectionUnavailable: "token_introspection_unavailable"
        }
    }

    /// The status of the answer: 401, 400 for a request that is wrong in itself, 503 where the gateway lacks something.
    public var status: UInt16 {
        switch self {
        case .repeated: 400
        case .keysUnavailable, .introspectionUnavailable: 503
        default: 401
        }
    }

    /// The error code of RFC 6750 §3.1; nil where the challenge has none.
    public var challenge: StaticString? {
        switch self {
        // "If the request lacks any authentication information […] the resource server SHOULD NOT include an error code".
        case .missing, .keysUnavailable, .introspectionUnavailable: nil
        case .repeated: "invalid_request"
        default: "invalid_token"
        }
    }
}

extension TokenRefusal: CustomStringConvertible {
    /// One sentence for the caller, of the characters that `error_description` may have (RFC 6750 §3).
    public var description: String {
        switch self {
        case .missing: "The request needs an access token: Authorization: Bearer TOKEN."
        case .repeated: "The request has more than one Authorization field."
        case .tooLarge: "The access token is larger than \(Limits.token) bytes."
        case .malformed(let fault): "The access token cannot be read: \(fault)."
        case .algorithm: "The access token is signed with an algorithm that is not accepted."
        case .keyUnknown: "The issuer has no key of the access token's key id."
        case .signatureInvalid: "The signature of the access token is not the issuer's."
        case .expired: "The access token has expired."
        case .notYetValid: "The access token is not valid yet."
        case .issuer: "The access token is of another issuer."
        case .audience: "The access token is not meant for this service."
        case .inactive: "The issuer says that the access token is not valid."
        case .unbound: "The access token is bound to no certificate (RFC 8705)."
        case .bindingMismatch: "The access token is bound to another certificate than the one of this connection."
        case .keysUnavailable: "The keys of the tokens' issuer are not available."
        case .introspectionUnavailable: "The tokens' issuer could not be asked about the access token."
        }
    }
}

extension TokenRefusal.Fault: CustomStringConvertible {
    /// A few words.
    public var description: String {
        switch self {
        case .form: "it is no signed JWT of three parts"
        case .encoding: "a part is not base64url without padding"
        case .json: "a part is not a JSON object as RFC 7493 has it"
        case .header: "its header lacks something, or says it wrongly"
        case .criticalHeader: "its header asks for an extension (crit)"
        case .type: "its typ is not that of an access token"
        case .claim: "a claim is missing or of the wrong type"
        }
    }
}
