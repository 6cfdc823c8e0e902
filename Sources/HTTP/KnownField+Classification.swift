/// Telling a field name apart by its length and its words, with the case of letters ignored.
///
/// Two or three overlapping words cover a name whole, so a match is exact. Setting bit 0x20 folds the
/// case of letters and changes neither digits nor `-`; the octets it would merge with those (control
/// characters) cannot stand in a token.
extension KnownField {
    /// The field that `name`, a valid token, means.
    public init(_ name: Span<UInt8>) {
        let count = name.count
        guard count >= 2, count <= 25 else {
            self = .other
            return
        }
        if count < 4 {
            self.init(short: name)
        } else if count < 8 {
            self.init(medium: name.word32(at: 0), name.word32(at: count - 4), count: count)
        } else {
            let first = name.word64(at: 0)
            let last = name.word64(at: count - 8)
            self.init(long: first, last, count: count)
            // Only names of more than 16 octets have a middle that the two words leave out.
            if count > 16, self != .other, !name.equalsIgnoringCase(self.name) { self = .other }
        }
    }

    private init(short name: Span<UInt8>) {
        if name.equalsIgnoringCase("TE") {
            self = .te
        } else if name.equalsIgnoringCase("Via") {
            self = .via
        } else if name.equalsIgnoringCase("Age") {
            self = .age
        } else {
            self = .other
        }
    }

    private init(medium first: UInt32, _ last: UInt32, count: Int) {
        switch count {
        case 4:
            if first == word32("host") {
                self = .host
            } else if first == word32("date") {
                self = .date
            } else if first == word32("vary") {
                self = .vary
            } else {
                self = .other
            }
        case 5:
            if first == word32("rang") && last == word32("ange") {
                self = .range
            } else {
                self = .other
            }
        case 6:
            if first == word32("expe") && last == word32("pect") {
                self = .expect
            } else if first == word32("cook") && last == word32("okie") {
                self = .cookie
            } else if first == word32("serv") && last == word32("rver") {
                self = .server
            } else if first == word32("acce") && last == word32("cept") {
                self = .accept
            } else {
                self = .other
            }
        case 7:
            if first == word32("upgr") && last == word32("rade") {
                self = .upgrade
            } else if first == word32("trai") && last == word32("iler") {
                self = .trailer
            } else if first == word32("expi") && last == word32("ires") {
                self = .expires
            } else {
                self = .other
            }
        default: self = .other
        }
    }

    private init(long first: UInt64, _ last: UInt64, count: Int) {
        switch count {
        case 8:
            if first == word64("location") {
                self = .location
            } else {
                self = .other
            }
        case 9:
            if first == word64("forwarde") && last == word64("orwarded") {
                self = .forwarded
            } else if first == word64("x-real-i") && last == word64("-real-ip") {
                self = .xRealIP
            } else {
                self = .other
            }
        case 10:
            if first == word64("connecti") && last == word64("nnection") {
                self = .connection
            } else if first == word64("keep-ali") && last == word64("ep-alive") {
                self = .keepAlive
            } else if first == word64("tracesta") && last == word64("acestate") {
                self = .tracestate
            } else if first == word64("set-cook") && last == word64("t-cookie") {
                self = .setCookie
            } else if first == word64("user-age") && last == word64("er-agent") {
                self = .userAgent
            } else {
                self = .other
            }
        case 11:
            if first == word64("tracepar") && last == word64("ceparent") {
                self = .traceparent
            } else if first == word64("retry-af") && last == word64("ry-after") {
                self = .retryAfter
            } else {
                self = .other
            }
        case 12:
            if first == word64("x-reques") && last == word64("quest-id") {
                self = .xRequestID
            } else if first == word64("content-") && last == word64("ent-type") {
                self = .contentType
            } else if first == word64("max-forw") && last == word64("forwards") {
                self = .maxForwards
            } else {
                self = .other
            }
        case 13:
            if first == word64("authoriz") && last == word64("rization") {
                self = .authorization
            } else if first == word64("content-") && last == word64("nt-range") {
                self = .contentRange
            } else if first == word64("cache-co") && last == word64("-control") {
                self = .cacheControl
            } else {
                self = .other
            }
        case 14:
            if first == word64("content-") && last == word64("t-length") {
                self = .contentLength
            } else if first == word64("http2-se") && last == word64("settings") {
                self = .http2Settings
            } else {
                self = .other
            }
        case 15:
            if first == word64("x-forwar") && last == word64("rded-for") {
                self = .xForwardedFor
            } else {
                self = .other
            }
        case 16:
            if first == word64("proxy-co") && last == word64("nnection") {
                self = .proxyConnection
            } else if first == word64("x-forwar") && last == word64("ded-host") {
                self = .xForwardedHost
            } else if first == word64("x-forwar") && last == word64("ded-port") {
                self = .xForwardedPort
            } else if first == word64("www-auth") && last == word64("enticate") {
                self = .wwwAuthenticate
            } else if first == word64("content-") && last == word64("encoding") {
                self = .contentEncoding
            } else {
                self = .other
            }
        case 17:
            if first == word64("transfer") && last == word64("encoding") {
                self = .transferEncoding
            } else if first == word64("x-forwar") && last == word64("ed-proto") {
                self = .xForwardedProto
            } else {
                self = .other
            }
        case 18:
            if first == word64("proxy-au") && last == word64("enticate") {
                self = .proxyAuthenticate
            } else {
                self = .other
            }
        case 19:
            if first == word64("proxy-au") && last == word64("rization") {
                self = .proxyAuthorization
            } else {
                self = .other
            }
        case 25:
            if first == word64("strict-t") && last == word64("security") {
                self = .strictTransportSecurity
            } else {
                self = .other
            }
        default: self = .other
        }
    }
}

/// The four characters of `text` as a little-endian word; the optimiser makes it a constant.
@inline(__always)
private func word32(_ text: StaticString) -> UInt32 {
    var word: UInt32 = 0
    for index in 0..<4 {
        word |= UInt32(unsafe text.utf8Start[index]) << UInt32(8 * index)
    }
    return word
}

/// The eight characters of `text` as a little-endian word.
@inline(__always)
private func word64(_ text: StaticString) -> UInt64 {
    var word: UInt64 = 0
    for index in 0..<8 {
        word |= UInt64(unsafe text.utf8Start[index]) << UInt64(8 * index)
    }
    return word
}

extension Span where Element == UInt8 {
    /// Four octets from `offset` with bit 0x20 set in each; the offset is checked.
    @inline(__always)
    fileprivate func word32(at offset: Int) -> UInt32 {
        let raw = unsafe bytes
        return unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self).littleEndian | 0x2020_2020
    }

    /// Eight octets from `offset` with bit 0x20 set in each; the offset is checked.
    @inline(__always)
    fileprivate func word64(at offset: Int) -> UInt64 {
        let raw = unsafe bytes
        return unsafe raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
            | 0x2020_2020_2020_2020
    }
}
