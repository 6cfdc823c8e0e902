internal import COpenSSL

/// A TLS alert: the one byte with which a side says why it ends the connection.
///
/// The numbers are those of the IANA registry "TLS Alerts" (RFC 8446 §6, RFC 5246 §7.2).
public enum TLSAlert: UInt8, Hashable, Sendable, CaseIterable {
    /// The sender will send no more.
    case closeNotify = 0
    /// A message that may not come here.
    case unexpectedMessage = 10
    /// A record that does not decrypt.
    case badRecordMAC = 20
    /// A record longer than allowed.
    case recordOverflow = 22
    /// Nothing acceptable in what was offered.
    case handshakeFailure = 40
    /// A certificate that is corrupt, or not good for another reason that has no alert of its own.
    case badCertificate = 42
    /// A certificate of a kind that is not accepted here.
    case unsupportedCertificate = 43
    /// A certificate revoked by its issuer.
    case certificateRevoked = 44
    /// A certificate that has expired or is not valid yet.
    case certificateExpired = 45
    /// Some other matter makes the certificate unacceptable.
    case certificateUnknown = 46
    /// A field out of range or inconsistent with another.
    case illegalParameter = 47
    /// No path to an accepted authority.
    case unknownCA = 48
    /// A valid certificate, whose holder may not enter.
    case accessDenied = 49
    /// A message that cannot be decoded.
    case decodeError = 50
    /// A cryptographic check of the handshake that failed.
    case decryptError = 51
    /// A version that is not spoken here.
    case protocolVersion = 70
    /// Everything offered is too weak.
    case insufficientSecurity = 71
    /// A failure that has nothing to do with the peer.
    case internalError = 80
    /// A retry at a lower version than needed.
    case inappropriateFallback = 86
    /// The handshake was given up.
    case userCanceled = 90
    /// No other handshake on this connection.
    case noRenegotiation = 100
    /// An extension that must be there is not.
    case missingExtension = 109
    /// An extension that may not be there is.
    case unsupportedExtension = 110
    /// No server of that name here.
    case unrecognizedName = 112
    /// An OCSP response that is no good.
    case badCertificateStatusResponse = 113
    /// No such pre-shared key.
    case unknownPSKIdentity = 115
    /// A certificate is needed and none was sent.
    case certificateRequired = 116
    /// None of the application protocols offered is spoken here.
    case noApplicationProtocol = 120
}

extension TLSAlert {
    /// The alert that a peer sees when its certificate is refused with this one.
    ///
    /// OpenSSL 3.0 derives the alert of a failed verification from an `X509_V_ERR_` code, and its table has no code for
    /// every alert. `access_denied` in particular cannot be sent: `certificate_unknown` ("some other issue renders the
    /// certificate unacceptable", RFC 8446 §6.2) takes its place, as it does for all that are not about certificates.
    public var asSentOnRefusal: TLSAlert {
        switch self {
        case .handshakeFailure, .badCertificate, .unsupportedCertificate, .certificateRevoked, .certificateExpired,
            .certificateUnknown, .unknownCA, .decryptError, .internalError:
            self
        default: .certificateUnknown
        }
    }

    /// The `X509_V_ERR_` code from which OpenSSL (`ssl_x509err2alert`) makes ``asSentOnRefusal``.
    var verificationError: Int32 {
        switch asSentOnRefusal {
        case .handshakeFailure: X509_V_ERR_APPLICATION_VERIFICATION
        case .badCertificate: X509_V_ERR_CERT_REJECTED
        case .unsupportedCertificate: X509_V_ERR_INVALID_PURPOSE
        case .certificateRevoked: X509_V_ERR_CERT_REVOKED
        case .certificateExpired: X509_V_ERR_CERT_HAS_EXPIRED
        case .unknownCA: X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY
        case .decryptError: X509_V_ERR_CERT_SIGNATURE_FAILURE
        case .internalError: X509_V_ERR_INVALID_CALL
        // A code that the table does not have.
        default: X509_V_ERR_OCSP_VERIFY_NEEDED
        }
    }
}

extension TLSAlert: CustomStringConvertible {
    /// The name as RFC 8446 writes it, `unknown_ca` for instance.
    public var description: String {
        switch self {
        case .closeNotify: "close_notify"
        case .unexpectedMessage: "unexpected_message"
        case .badRecordMAC: "bad_record_mac"
        case .recordOverflow: "record_overflow"
        case .handshakeFailure: "handshake_failure"
        case .badCertificate: "bad_certificate"
        case .unsupportedCertificate: "unsupported_certificate"
        case .certificateRevoked: "certificate_revoked"
        case .certificateExpired: "certificate_expired"
        case .certificateUnknown: "certificate_unknown"
        case .illegalParameter: "illegal_parameter"
        case .unknownCA: "unknown_ca"
        case .accessDenied: "access_denied"
        case .decodeError: "decode_error"
        case .decryptError: "decrypt_error"
        case .protocolVersion: "protocol_version"
        case .insufficientSecurity: "insufficient_security"
        case .internalError: "internal_error"
        case .inappropriateFallback: "inappropriate_fallback"
        case .userCanceled: "user_canceled"
        case .noRenegotiation: "no_renegotiation"
        case .missingExtension: "missing_extension"
        case .unsupportedExtension: "unsupported_extension"
        case .unrecognizedName: "unrecognized_name"
        case .badCertificateStatusResponse: "bad_certificate_status_response"
        case .unknownPSKIdentity: "unknown_psk_identity"
        case .certificateRequired: "certificate_required"
        case .noApplicationProtocol: "no_application_protocol"
        }
    }
}
