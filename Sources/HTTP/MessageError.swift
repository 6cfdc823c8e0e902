/// Why a message is refused.
///
/// Each case is one rule. `status` is what a caller gets for it; the same fault in a response of an
/// upstream is always answered with 502, for it is not the caller's. The raw value is a stable code for logs.
public enum MessageError: String, Error, Hashable, Sendable, CaseIterable {
    // Start line
    case malformedRequestLine, methodTooLong, malformedTarget, targetTooLong, malformedVersion, unsupportedVersion
    case malformedStatusLine
    // Lines
    case bareLineFeed, bareCarriageReturn, obsoleteFolding, whitespaceBeforeColon, invalidFieldName, invalidFieldValue
    case fieldLineTooLong, tooManyFieldLines, headTooLarge
    // Routing
    case missingHost, repeatedHost, invalidHost
    // Framing
    case invalidContentLength, repeatedContentLength, contentLengthWithTransferEncoding
    case transferEncodingInHTTP10, malformedTransferEncoding, unsupportedTransferCoding
    case contentLengthForbidden, transferEncodingForbidden
    case tooManyConnectionOptions
    // Bodies
    case invalidChunkSize, chunkExtensionsTooLong, invalidChunkExtension, unterminatedChunk
    case trailersTooLarge, tooManyTrailerLines
    // HTTP/2
    case uppercaseFieldName, connectionSpecificField, invalidPseudoField, malformedStream
}

extension MessageError: CustomStringConvertible {
    /// The stable code, in snake case: `bare_line_feed`.
    public var code: String {
        var code = ""
        var isInAcronym = false
        for character in rawValue {
            if character.isUppercase, !isInAcronym { code.append("_") }
            isInAcronym = character.isUppercase
            code.append(contentsOf: character.lowercased())
        }
        return code
    }

    /// The status a request with this fault is answered with.
    public var status: Status {
        switch self {
        case .targetTooLong: 414
        case .fieldLineTooLong, .tooManyFieldLines, .headTooLarge, .trailersTooLarge, .tooManyTrailerLines: 431
        case .methodTooLong, .unsupportedTransferCoding: 501
        case .unsupportedVersion: 505
        case .malformedRequestLine, .malformedTarget, .malformedVersion, .malformedStatusLine, .bareLineFeed,
            .bareCarriageReturn, .obsoleteFolding, .whitespaceBeforeColon, .invalidFieldName, .invalidFieldValue,
            .missingHost, .repeatedHost, .invalidHost, .invalidContentLength, .repeatedContentLength,
            .contentLengthWithTransferEncoding, .transferEncodingInHTTP10, .malformedTransferEncoding,
            .contentLengthForbidden, .transferEncodingForbidden, .tooManyConnectionOptions, .invalidChunkSize,
            .chunkExtensionsTooLong, .invalidChunkExtension, .unterminatedChunk, .uppercaseFieldName,
            .connectionSpecificField, .invalidPseudoField, .malformedStream:
            400
        }
    }

    /// The clause that is broken, or that allows the refusal.
    public var clause: StaticString {
        switch self {
        case .malformedRequestLine, .methodTooLong, .targetTooLong: "RFC 9112 §3"
        case .malformedTarget: "RFC 9112 §3.2"
        case .malformedVersion: "RFC 9112 §2.3"
        case .unsupportedVersion: "RFC 9110 §15.6.6"
        case .malformedStatusLine: "RFC 9112 §4"
        case .bareLineFeed, .bareCarriageReturn: "RFC 9112 §2.2"
        case .obsoleteFolding: "RFC 9112 §5.2"
        case .whitespaceBeforeColon: "RFC 9112 §5.1"
        case .invalidFieldName: "RFC 9110 §5.1"
        case .invalidFieldValue: "RFC 9110 §5.5"
        case .fieldLineTooLong, .tooManyFieldLines, .headTooLarge, .trailersTooLarge, .tooManyTrailerLines:
            "RFC 6585 §5"
        case .missingHost, .repeatedHost, .invalidHost: "RFC 9112 §3.2"
        case .invalidContentLength, .repeatedContentLength: "RFC 9112 §6.3"
        case .contentLengthWithTransferEncoding: "RFC 9112 §6.3"
        case .transferEncodingInHTTP10, .malformedTransferEncoding, .unsupportedTransferCoding,
            .transferEncodingForbidden:
            "RFC 9112 §6.1"
        case .contentLengthForbidden: "RFC 9110 §8.6"
        case .tooManyConnectionOptions: "RFC 9110 §7.6.1"
        case .invalidChunkSize, .unterminatedChunk: "RFC 9112 §7.1"
        case .chunkExtensionsTooLong, .invalidChunkExtension: "RFC 9112 §7.1.1"
        case .uppercaseFieldName: "RFC 9113 §8.2.1"
        case .connectionSpecificField: "RFC 9113 §8.2.2"
        case .invalidPseudoField: "RFC 9113 §8.3"
        case .malformedStream: "RFC 9113 §8.1.1"
        }
    }

    /// One sentence for the caller.
    public var description: String {
        switch self {
        case .malformedRequestLine: "The request line is not method, target and version parted by single spaces."
        case .methodTooLong: "The method is longer than any known one."
        case .malformedTarget: "The request target is not one this method may have."
        case .targetTooLong: "The request target is longer than the limit."
        case .malformedVersion: "The version is not written as HTTP/x.y."
        case .unsupportedVersion: "Only HTTP/1.0 and HTTP/1.1 are spoken in this syntax."
        case .malformedStatusLine: "The status line is not version, three digits and a reason."
        case .bareLineFeed: "A line ends with LF without CR."
        case .bareCarriageReturn: "A CR is not followed by LF."
        case .obsoleteFolding: "A field value is folded over several lines."
        case .whitespaceBeforeColon: "There is whitespace between a field name and its colon."
        case .invalidFieldName: "A field name is empty or holds a character that no token has."
        case .invalidFieldValue: "A field value holds a control character."
        case .fieldLineTooLong: "A field line is longer than the limit."
        case .tooManyFieldLines: "There are more field lines than the limit."
        case .headTooLarge: "The head is larger than the limit."
        case .missingHost: "The Host field is missing or empty."
        case .repeatedHost: "There is more than one Host field."
        case .invalidHost: "The host is not a valid host and port."
        case .invalidContentLength: "Content-Length is not a single decimal number."
        case .repeatedContentLength: "There is more than one Content-Length field."
        case .contentLengthWithTransferEncoding: "Both Content-Length and Transfer-Encoding are present."
        case .transferEncodingInHTTP10: "Transfer-Encoding is present in an HTTP/1.0 message."
        case .malformedTransferEncoding: "Transfer-Encoding is not exactly chunked, once and last."
        case .unsupportedTransferCoding: "Only the chunked transfer coding is supported."
        case .contentLengthForbidden: "Content-Length is present where no content may be."
        case .transferEncodingForbidden: "Transfer-Encoding is present where no content may be."
        case .tooManyConnectionOptions: "There are more connection options than the limit."
        case .invalidChunkSize: "A chunk size is not a hexadecimal number followed by CRLF."
        case .chunkExtensionsTooLong: "The chunk extensions are longer than the limit."
        case .invalidChunkExtension: "A chunk extension holds an invalid character."
        case .unterminatedChunk: "The data of a chunk is not followed by CRLF."
        case .trailersTooLarge: "The trailer section is larger than the limit."
        case .tooManyTrailerLines: "There are more trailer fields than the limit."
        case .uppercaseFieldName: "A field name holds an upper-case letter."
        case .connectionSpecificField: "A field is present that only concerns an HTTP/1.1 connection."
        case .invalidPseudoField: "A pseudo-field is missing, repeated, misplaced or invalid."
        case .malformedStream: "The fields, or the length of the content, break a rule of HTTP/2."
        }
    }
}
