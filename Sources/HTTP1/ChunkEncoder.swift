public import HTTP

/// Appends what precedes the data of a chunk (RFC 9112 §7.1).
///
/// Nothing for a count of zero: that would end the body.
public func encodeChunkHeader(count: Int, into output: inout [UInt8]) {
    guard count > 0 else { return }
    output.append(hexadecimal: UInt64(count))
    output.append(literal: "\r\n")
}

/// Appends what follows the data of a chunk.
public func encodeChunkEnd(into output: inout [UInt8]) {
    output.append(literal: "\r\n")
}

/// Appends a whole chunk; nothing for no data.
public func encodeChunk(_ data: Span<UInt8>, into output: inout [UInt8]) {
    guard data.count > 0 else { return }
    encodeChunkHeader(count: data.count, into: &output)
    output.append(copying: data)
    encodeChunkEnd(into: &output)
}

/// Appends the last chunk and the trailer section, which may be empty (RFC 9112 §7.1.2).
public func encodeLastChunk(trailers: FieldSection = FieldSection(), into output: inout [UInt8]) {
    output.append(literal: "0\r\n")
    appendLines(of: trailers, to: &output)
    output.append(literal: "\r\n")
}
