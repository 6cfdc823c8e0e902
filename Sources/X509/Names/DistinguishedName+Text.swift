import DER

/// The printed forms of a name, for logs and for upstreams that expect a known proxy's spelling.
///
/// They are never parsed: identity is read from the attributes.
extension DistinguishedName {
    /// The form of RFC 2253, octet for octet as OpenSSL prints it with `XN_FLAG_RFC2253`.
    ///
    /// Most specific RDN first; the attributes of one RDN are reversed too. Octets outside ASCII are `\C3`. This is
    /// nginx's `$ssl_client_s_dn`.
    public var rfc2253: String {
        relativeNames.reversed()
            .map { $0.reversed().map(\.rfc2253).joined(separator: "+") }
            .joined(separator: ",")
    }

    /// The legacy form `/C=FR/O=…`, octet for octet as OpenSSL's `X509_NAME_oneline` prints it.
    ///
    /// Encoded order; an RDN after a slash, its attributes joined by `+`; octets outside printable ASCII are `\xC3`. Older
    /// releases of OpenSSL escape neither slash nor plus within a value, so nobody should take the form apart.
    public var oneline: String {
        relativeNames.map { "/" + $0.map(\.oneline).joined(separator: "+") }.joined()
    }
}

extension NameAttribute {
    /// `CN=value`, as OpenSSL prints it with `XN_FLAG_RFC2253`.
    var rfc2253: String {
        // XN_FLAG_DUMP_UNKNOWN_FIELDS: a type without a name has its value dumped, string or not.
        guard let name = type.attributeShortName else { return type.dotted + "=" + dump }
        return name + "=" + (isString ? escaped : dump)
    }

    /// `#` and the hexadecimal of the DER of the value.
    private var dump: String {
        var writer = DERWriter()
        writer.element(tag, octets)
        return "#" + hexadecimal(writer.bytes)
    }

    /// The value with the escapes of RFC 2253 §2.4, and every octet outside printable ASCII as `\XX`.
    private var escaped: String {
        let text = Array(value.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(text.count + 8)
        for (index, octet) in text.enumerated() {
            switch octet {
            case 0x00..<0x20, 0x7F...:
                output += [UInt8(ascii: "\\"), hexadecimalDigit(octet >> 4), hexadecimalDigit(octet & 0x0F)]
            case UInt8(ascii: ","), UInt8(ascii: "+"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"),
                UInt8(ascii: ">"), UInt8(ascii: ";"):
                output += [UInt8(ascii: "\\"), octet]
            case UInt8(ascii: " ") where index == 0 || index == text.count - 1:
                output += [UInt8(ascii: "\\"), octet]
            // OpenSSL looks at the rule for the last octet instead of the first when a value has only one.
            case UInt8(ascii: "#") where index == 0 && text.count > 1:
                output += [UInt8(ascii: "\\"), octet]
            default:
                output.append(octet)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// `CN=value`, as `X509_NAME_oneline` prints it: the octets as encoded, whatever the string type.
    var oneline: String {
        var output = Array((type.attributeShortName ?? type.dotted).utf8)
        output.append(UInt8(ascii: "="))
        // The octet that counts the unused bits of a BIT STRING is not of its value.
        for octet in tag == .bitString ? octets.dropFirst() : octets[...] {
            switch octet {
            case 0x00..<0x20, 0x7F...:
                output += [
                    UInt8(ascii: "\\"), UInt8(ascii: "x"), hexadecimalDigit(octet >> 4), hexadecimalDigit(octet & 0x0F),
                ]
            case UInt8(ascii: "/"), UInt8(ascii: "+"):
                output += [UInt8(ascii: "\\"), octet]
            default:
                output.append(octet)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
