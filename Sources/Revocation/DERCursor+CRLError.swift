internal import DER

/// The steps of a `DERCursor`, with its errors as this module's.
extension DERCursor {
    mutating func take(_ tag: DERTag, in bytes: Span<UInt8>) throws(CRLError) -> DERElement {
        do { return try next(tag, in: bytes) } catch { throw .malformed(error) }
    }

    mutating func takeAny(in bytes: Span<UInt8>) throws(CRLError) -> DERElement {
        do { return try next(in: bytes) } catch { throw .malformed(error) }
    }

    mutating func takeOptional(_ tag: DERTag, in bytes: Span<UInt8>) throws(CRLError) -> DERElement? {
        do { return try optional(tag, in: bytes) } catch { throw .malformed(error) }
    }

    func requireEnd() throws(CRLError) {
        do { try expectEnd() } catch { throw .malformed(error) }
    }
}

extension DERElement {
    func value<Value>(_ read: (DERElement) throws(DERError) -> Value) throws(CRLError) -> Value {
        do { return try read(self) } catch { throw .malformed(error) }
    }
}
