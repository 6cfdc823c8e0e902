import Testing

@testable import Configuration

@Suite struct FormTests {
    @Test(arguments: [
        ("30s", Duration.seconds(30)), ("500ms", .milliseconds(500)), ("5m", .seconds(300)), ("6h", .seconds(21_600)),
        ("2d", .seconds(172_800)), ("0s", .zero), ("007s", .seconds(7)),
    ])
    func aDurationIsANumberAndAUnit(_ text: String, _ duration: Duration) {
        #expect(DurationForm.parse(text) == duration)
    }

    @Test(arguments: [
        "", "s", "30", "-1s", "+1s", "1.5s", "1 s", "1h30m", "30S", "30 ", "1e3s", "0x10s", "٣s",
        "99999999999999999999s",
        "9223372036854775807d", "30s\u{0}",
    ])
    func anythingElseIsNoDuration(_ text: String) {
        #expect(DurationForm.parse(text) == nil)
    }

    @Test(arguments: ["0s", "1ms", "1500ms", "1s", "90s", "2m", "1h", "36h", "2d"])
    func aDurationIsWrittenAsItIsRead(_ text: String) throws {
        #expect(DurationForm.text(try #require(DurationForm.parse(text))) == text)
    }

    @Test(arguments: [
        ("0", 0), ("4096", 4096), ("16KiB", 16_384), ("10MiB", 10_485_760), ("1GiB", 1_073_741_824),
        ("1TiB", 1_099_511_627_776),
    ])
    func aSizeIsBytesOrANumberAndAUnit(_ text: String, _ bytes: Int) {
        #expect(SizeForm.parse(text) == bytes)
        #expect(SizeForm.text(bytes) == (text == "4096" ? "4KiB" : text))
    }

    @Test(arguments: [
        "", "KiB", "16K", "16KB", "16 KiB", "-1", "1.5MiB", "16kib", "8388608TiB", "99999999999999999999",
    ])
    func anythingElseIsNoSize(_ text: String) {
        #expect(SizeForm.parse(text) == nil)
    }

    @Test(arguments: [("16k", "16KiB"), ("10MB", "10MiB"), ("10M", "10MiB"), ("1gib", "1GiB")])
    func aSizeInAnotherMannerIsGuessed(_ text: String, _ meant: String) {
        #expect(SizeForm.guess(text) == meant)
    }

    @Test(arguments: [
        ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("adress", "address", 1), ("ab", "ba", 1),
        ("timeout", "timeuot", 1), ("Timeout", "timeout", 0), ("flaw", "lawn", 2), ("é", "e", 1),
    ])
    func distanceCountsStepsAndSwaps(_ first: String, _ second: String, _ distance: Int) {
        #expect(EditDistance.between(first, second) == distance)
        #expect(EditDistance.between(second, first) == distance)
    }

    @Test func longNamesAreNotCompared() {
        #expect(EditDistance.between(String(repeating: "a", count: 65), "a") == nil)
    }

    @Test(arguments: [
        ("adress", "address"), ("listner", "listeners"), ("kepalive", "keepalive"), ("upstream", nil as String?),
        ("x", nil),
    ])
    func theNearestNameIsOffered(_ name: String, _ nearest: String?) {
        #expect(EditDistance.nearest(to: name, among: ["address", "listeners", "keepalive", "trust"]) == nearest)
    }

    static let environment = ["HOME": "/home/p", "EMPTY": "", "TRICK": "${HOME}: [x]", "_U1": "u"]

    @Test(arguments: [
        ("plain", "plain"), ("${HOME}/x", "/home/p/x"), ("a${HOME}b${_U1}c", "a/home/pbuc"), ("${NONE:-d}", "d"),
        ("${NONE:-}", ""), ("${EMPTY}", ""), ("${EMPTY:-d}", "d"), ("${HOME:-d}", "/home/p"), ("$${HOME}", "${HOME}"),
        ("$$${HOME}", "$${HOME}"), ("$HOME", "$HOME"), ("100$", "100$"), ("${TRICK}", "${HOME}: [x]"),
        ("${NONE:-a:-b}", "a:-b"), ("${NONE:-${HOME}", "${HOME"), ("}{", "}{"),
    ])
    func variablesAreReplaced(_ text: String, _ result: String) throws {
        #expect(try Substitution.expand(text, environment: Self.environment) == result)
    }

    @Test(arguments: [
        ("${NONE}", SubstitutionError.unset("NONE", nearest: nil)), ("${HOM}", .unset("HOM", nearest: "HOME")),
        ("${", .unterminated), ("a ${HOME", .unterminated), ("${}", .invalid("")), ("${1A}", .invalid("1A")),
        ("${A-B}", .invalid("A-B")), ("${A:B}", .invalid("A:B")), ("${ HOME }", .invalid(" HOME ")),
        ("${NONE:-\(String(repeating: "x", count: 70_000))}", .tooLong),
    ])
    func whatIsNoVariableIsAnError(_ text: String, _ error: SubstitutionError) {
        #expect(throws: error) { try Substitution.expand(text, environment: Self.environment) }
    }

    @Test(arguments: [
        ("::", true), ("::1", true), ("2001:db8::1", true), ("1:2:3:4:5:6:7:8", true), ("::ffff:192.0.2.1", true),
        ("1:2:3:4:5:6:192.0.2.1", true), ("1::8", true), ("", false), (":", false), (":::", false), ("1::2::3", false),
        ("1:2:3:4:5:6:7", false), ("1:2:3:4:5:6:7:8:9", false), ("1:2:3:4:5:6:7::8", false), ("12345::", false),
        ("g::", false), ("192.0.2.1::", false), ("fe80::1%eth0", false), ("1:", false),
    ])
    func addressesOfVersion6(_ text: String, _ isAddress: Bool) {
        #expect(Grammar.isIPv6(text) == isAddress)
    }

    @Test(arguments: [
        ("0.0.0.0", true), ("192.0.2.255", true), ("192.0.2.256", false), ("192.0.2", false), ("192.0.2.1.1", false),
        ("01.2.3.4", false), ("1..2.3", false), ("1.2.3.4 ", false), ("a.b.c.d", false),
    ])
    func addressesOfVersion4(_ text: String, _ isAddress: Bool) {
        #expect(Grammar.isIPv4(text) == isAddress)
    }

    @Test(arguments: [
        ("10.0.0.0/8", true), ("10.1.2.3", true), ("::/0", true), ("2001:db8::/32", true), ("10.0.0.0/33", false),
        ("::/129", false), ("10.0.0.0/", false), ("10.0.0.0/8/8", false), ("example.fr/8", false),
    ])
    func networks(_ text: String, _ isNetwork: Bool) {
        #expect(Grammar.isNetwork(text) == isNetwork)
    }

    @Test(arguments: [
        ("1.2.250.1.213", true), ("2.999.1", true), ("2.5.29.32.0", true), ("1", false), ("3.1", false),
        ("1.40", false),
        ("1.02", false), ("1..2", false), ("1.2.x", false), ("", false),
    ])
    func objectIdentifiers(_ text: String, _ isObjectIdentifier: Bool) {
        #expect(Grammar.isObjectIdentifier(text) == isObjectIdentifier)
    }

    @Test(arguments: ["/", "/fhir", "/fhir/", "/a/b%20c", "/a/%C3%A9", "/.well-known/x", "/a..b"])
    func pathPrefixes(_ path: String) {
        #expect(Grammar.faultOfPath(path) == nil)
    }

    /// RFC 3986 §6.2.2: requests are compared in normal form, so that a prefix in another form would never match.
    @Test(arguments: [
        "", "fhir", "/a//b", "/a/../b", "/a/.", "/a?b", "/a#b", "/a b", "/é", "/a%2fb", "/a%2Fb", "/%41", "/%zz", "/%4",
        "/a%00", "/a\\b", "/a*",
    ])
    func textsThatAreNoPathPrefixes(_ path: String) {
        #expect(Grammar.faultOfPath(path) != nil)
    }
}
