import DER

extension DERElement {
    /// The element itself, once its tag is known to be this one.
    func expecting(_ tag: DERTag) throws(DERError) -> DERElement {
        guard self.tag == tag else { throw .unexpectedTag(expected: tag, found: self.tag, at: whole.lowerBound) }
        return self
    }
}
