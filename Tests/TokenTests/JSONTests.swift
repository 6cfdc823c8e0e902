import Crypto
import DER
import Testing

@testable import Token

@Suite("JSON")
struct JSONTests {
    private static let limits = JSONLimits(bytes: 1_000, depth: 4, values: 20)

    private func read(_ text: [UInt8]) -> Result<JSONValue, JSONError> {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(text.span, limits: Self.limits)
        } catch {
            return .failure(error)
        }
        return .success(value)
    }

    @Test(
        "is read as it stands",
        arguments: [
            ("null", JSONValue.null), (" true ", .boolean(true)), ("-0", .number(0)), ("42", .number(42)),
            ("-9223372036854775808", .number(.min)), ("9223372036854775808", .otherNumber), ("1e3", .otherNumber),
            ("1.5", .number(1)), ("\"\\u00e9\\n\\/\"", .string(Array("é\n/".utf8))),
            ("\"\\ud83d\\ude00\"", .string(Array("😀".utf8))), ("[]", .array([])),
            ("[1,[2]]", .array([.number(1), .array([.number(2)])])),
        ])
    func reads(text: String, value: JSONValue) {
        #expect(read(Array(text.utf8)) == .success(value))
    }

    @Test(
        "that only looks like it is refused",
        arguments: [
            "", " ", "nul", "True", "'a'", "{a:1}", "{\"a\":1,}", "[1,]", "[1 2]", "{\"a\" 1}", "01", "-", "+1", "1.",
            ".5",
            "1e", "\"\t\"", "\"\\x\"", "\"\\u12\"", "\"\\ud83d\"", "\"\\ude00\\ud83d\"", "\"a", "{\"a\":1} x", "NaN",
            "/**/1", "\u{FEFF}1", "1\u{0}",
        ])
    func refuses(text: String) {
        guard case .failure(.syntax) = read(Array(text.utf8)) else {
            Issue.record("\(text) was read")
            return
        }
    }

    @Test("is bounded in size, depth and number of values, and has no member twice")
    func bounds() {
        #expect(read([UInt8](repeating: 0x20, count: 1_001)) == .failure(.tooLarge))
        #expect(read(Array("[[[[1]]]]".utf8)) == .success(.array([.array([.array([.array([.number(1)])])])])))
        #expect(read(Array("[[[[[1]]]]]".utf8)) == .failure(.tooDeep))
        #expect(
            read(Array(("[" + Array(repeating: "1", count: 20).joined(separator: ",") + "]").utf8))
                == .failure(.tooManyValues))
        #expect(read(Array("{\"a\":1,\"\\u0061\":2}".utf8)) == .failure(.duplicateMember))
        #expect(read([0x22, 0xC3, 0x22]) == .failure(.notUTF8))
        #expect(read([0x22, 0xED, 0xA0, 0x80, 0x22]) == .failure(.notUTF8))
    }
}
