internal import COpenSSL
internal import Glibc

/// Why a context could not be made, or why a connection is over.
///
/// After one of these a connection is good for nothing but being dropped; an alert, where one is due, has been sent.
public enum TLSError: Error, Hashable, Sendable {
    /// The peer ended the connection with a fatal alert.
    case alertReceived(TLSAlert)
    /// The peer's certificate was refused by the delegate; the alert is the one that was sent.
    case certificateRefused(alertSent: TLSAlert)
    /// A certificate is required and the peer sent none.
    case certificateMissing(alertSent: TLSAlert)
    /// The server's certificate does not verify; the code is an `X509_V_ERR_` one.
    case serverNotTrusted(verification: Int)
    /// What the peer sent or offered cannot be accepted; the code is OpenSSL's, the alert what it was told.
    case protocolViolation(code: UInt, alertSent: TLSAlert?)
    /// The peer closed the transport without `close_notify`: what was received may have been cut short.
    case truncated
    /// The descriptor failed.
    case system(errno: Int32)
    /// A call that does not come in its turn: before the handshake has ended, after `close_notify`, after a failure.
    case outOfTurn

    /// A certificate of our own, counted from 0 in its list, cannot be used.
    case unusableCertificate(index: Int, code: UInt)
    /// No certificate where there has to be one.
    case noCertificate
    /// The private key cannot be used, or is not the leaf certificate's.
    case unusableKey(code: UInt)
    /// Names that OpenSSL does not know, or algorithms it refuses to use.
    case unknownAlgorithms(AlgorithmList, names: [String])
    /// An application protocol's name is not 1 to 255 bytes long.
    case invalidApplicationProtocol(String)
    /// The distinguished name, counted from 0 in its list, is not one.
    case invalidAuthorityName(index: Int)
    /// The session id context is not 1 to 32 bytes long.
    case invalidSessionIDContext(bytes: Int)
    /// The name of the server to connect to cannot be one.
    case invalidServerName
    /// The file of ticket keys is not one, two or three different keys of 80 bytes.
    case invalidTicketKeys(bytes: Int)
    /// A function of OpenSSL failed that has no reason to, other than a lack of memory.
    case library(function: String, code: UInt)

    /// The lists of names an explicit profile has.
    public enum AlgorithmList: Hashable, Sendable {
        /// Cipher suites of TLS 1.2.
        case cipherSuites12
        /// Cipher suites of TLS 1.3.
        case cipherSuites13
        /// Groups of the key exchange.
        case groups
        /// Signature algorithms.
        case signatureAlgorithms
    }
}

extension TLSError {
    /// Who has to mend it, which decides at what level it is logged.
    public enum Fault: Hashable, Sendable {
        /// The other side of the connection.
        case peer
        /// This process, its configuration or its machine.
        case local
        /// What lies between, or a peer that just went away.
        case network
    }

    /// Whose fault it is.
    public var fault: Fault {
        switch self {
        case .alertReceived, .certificateRefused, .certificateMissing, .serverNotTrusted: .peer
        case .protocolViolation(_, let alert): alert == .internalError ? .local : .peer
        case .truncated: .network
        case .system(let number):
            switch number {
            case ECONNRESET, ECONNABORTED, EPIPE, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ENETDOWN, ENOTCONN: .network
            default: .local
            }
        case .outOfTurn, .unusableCertificate, .noCertificate, .unusableKey, .unknownAlgorithms,
            .invalidApplicationProtocol, .invalidAuthorityName, .invalidSessionIDContext, .invalidServerName,
            .invalidTicketKeys, .library:
            .local
        }
    }
}

extension TLSError: CustomStringConvertible {
    /// One sentence for the person who has to mend it.
    public var description: String {
        switch self {
        case .alertReceived(let alert): "the peer ended the connection with the alert \(alert)"
        case .certificateRefused(let alert): "the peer's certificate was refused with the alert \(alert)"
        case .certificateMissing(let alert): "the peer sent no certificate and was told \(alert)"
        case .serverNotTrusted(let code):
            unsafe "the server's certificate does not verify: "
                + String(cString: X509_verify_cert_error_string(code))
        case .protocolViolation(let code, let alert?): "TLS failed\(Self.reason(code)) (alert sent: \(alert))"
        case .protocolViolation(let code, nil): "TLS failed\(Self.reason(code))"
        case .truncated: "the peer closed the connection without close_notify"
        case .system(let number): "the connection failed: \(Self.text(ofErrno: number))"
        case .outOfTurn: "a call on a connection that is not open"
        case .unusableCertificate(let index, let code): "certificate \(index + 1) cannot be used\(Self.reason(code))"
        case .noCertificate: "there is no certificate"
        case .unusableKey(let code): "the private key cannot be used with the certificate\(Self.reason(code))"
        case .unknownAlgorithms(let list, let names): "unknown or refused \(list): \(names.joined(separator: ", "))"
        case .invalidApplicationProtocol(let name): "\"\(name)\" cannot be the name of an application protocol"
        case .invalidAuthorityName(let index): "the name of accepted authority \(index + 1) is not a distinguished name"
        case .invalidSessionIDContext(let bytes): "a session id context has 1 to 32 bytes, not \(bytes)"
        case .invalidServerName: "the server's name is not a host name"
        case .invalidTicketKeys(let bytes):
            "ticket keys are one, two or three different keys of \(TicketKey.size) bytes; the file has \(bytes) bytes"
        case .library(let function, let code): "\(function) failed\(Self.reason(code))"
        }
    }

    private static func reason(_ code: UInt) -> String {
        guard code != 0, let text = unsafe ERR_reason_error_string(code) else { return "" }
        return unsafe ": " + String(cString: text)
    }

    private static func text(ofErrno number: Int32) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let start = buffer.baseAddress, unsafe strerror_r(number, start, buffer.count) == 0 else {
                return "errno \(number)"
            }
            return unsafe String(cString: start)
        }
    }
}

extension TLSError.AlgorithmList: CustomStringConvertible {
    /// What the list holds, in words.
    public var description: String {
        switch self {
        case .cipherSuites12: "TLS 1.2 cipher suites"
        case .cipherSuites13: "TLS 1.3 cipher suites"
        case .groups: "groups"
        case .signatureAlgorithms: "signature algorithms"
        }
    }
}
