import Crypto
import DER
import Token

/// Reads any bytes as the value of an `Authorization` field, as a token, as a key set and as an answer to introspection.
///
/// What is a key set is used to verify the token in the bytes behind its first line end, if there are any.
@c(LLVMFuzzerTestOneInput)
public func fuzzToken(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    if let range = try? BearerCredentials.token(in: bytes.span), range.upperBound > bytes.count { fatalError("range") }
    var rules = TokenRules()
    rules.acceptsHexThumbprint = true
    read(bytes, keys: nil, rules: rules)
    let verifier = TokenVerifier(rules: rules, keys: nil)
    if let token = try? verifier.read(introspection: bytes.span) { check(token, rules) }
    let end = bytes.firstIndex(of: 0x0A) ?? bytes.count
    let first = Array(bytes[..<end])
    guard let keys = try? KeySet(first.span), end < bytes.count else { return 0 }
    rules.requiresSignature = true
    rules.issuer = "i"
    rules.audiences = ["a"]
    read(Array(bytes[(end + 1)...]), keys: keys, rules: rules)
    return 0
}

private func read(_ bytes: [UInt8], keys: KeySet?, rules: TokenRules) {
    guard let token = try? TokenVerifier(rules: rules, keys: keys).read(bytes.span) else { return }
    guard bytes.count <= Token.Limits.token else { fatalError("too large") }
    check(token, rules)
}

private func check(_ token: AccessToken, _ rules: TokenRules) {
    let nobody = SHA256.digest(of: [UInt8]().span)
    for seconds in [Int64.min, 0, Int64.max] {
        let moment = Timestamp(secondsSinceEpoch: seconds)
        if (try? token.check(certificate: nobody, at: moment, rules: rules)) != nil, token.confirmation != nobody {
            fatalError("bound to nobody")
        }
    }
}
