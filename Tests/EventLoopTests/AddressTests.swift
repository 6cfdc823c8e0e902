import EventLoop
import Testing

@Suite("Addresses")
struct AddressTests {
    @Test(
        "that are none are refused",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ", " 1.2.3.4", "01.2.3.4", "1.2.3.04", "1..2.3",
            "1.2.3.",
            "0x7f.0.0.1", "-1.2.3.4", "1.2.3.4294967297", "٣.1.1.1", ":", ":::", "::1::", "1:2:3:4:5:6:7",
            ":1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1.2.3", "::1.2.3.4.5",
            "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%eth0", "[::1]", "::1/64", "1:2:3:4::5:6:7:8",
            "1:2:3:4:5:6:1.2.3.4:8",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "are printed in their canonical form",
        arguments: [
            ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("192.0.2.1", "192.0.2.1"),
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::0001", "2001:db8::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("0:0:1:0:0:0:0:0", "0:0:1::"), ("1:0:0:0:0:0:0:8", "1::8"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::ffff:c000:201", "::ffff:192.0.2.1"),
            ("::192.0.2.1", "::c000:201"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ])
    func canonical(text: String, printed: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == printed)
        #expect(IPAddress(printed) == address)
    }

    @Test("of loopback and of mapped IPv4 are known as such")
    func kinds() {
        #expect(IPAddress("127.8.9.1")?.isLoopback == true)
        #expect(IPAddress("::1")?.isLoopback == true)
        #expect(IPAddress("128.0.0.1")?.isLoopback == false)
        #expect(IPAddress("::ffff:10.0.0.1")?.unmapped == IPAddress("10.0.0.1"))
        #expect(IPAddress("::fffe:10.0.0.1")?.unmapped == IPAddress("::fffe:10.0.0.1"))
    }

    @Test(
        "with a port are read and printed alike",
        arguments: [
            "127.0.0.1:0", "192.0.2.1:65535", "[::1]:443", "[2001:db8::1]:8443", "unix:/run/poterne.sock",
            "unix:relative",
        ])
    func withPort(text: String) {
        #expect(SocketAddress(parsing: text)?.description == text)
    }

    @Test(
        "with a port are refused when not exact",
        arguments: [
            "", ":", "127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:65536", "127.0.0.1:080", "127.0.0.1:+80",
            "127.0.0.1:8 0",
            "[127.0.0.1]:80", "::1:80", "[::1]", "[::1", "::1]:80", "localhost:80", "unix:", "[::1]:80x", "[]:80",
            "unix:/a\0b", "unix:" + String(repeating: "a", count: 108),
        ])
    func withPortRefused(text: String) {
        #expect(SocketAddress(parsing: text) == nil)
    }

    @Test(
        "lie in the blocks that contain them",
        arguments: [
            ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.0", false), ("0.0.0.0/0", "203.0.113.9", true),
            ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("192.0.2.1/32", "192.0.2.1", true),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.0/104", "10.1.2.3", true),
            ("::ffff:10.0.0.0/104", "11.1.2.3", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::", false), ("2001:db8::/65", "2001:db8::7fff:0:0:0", true),
            ("2001:db8::/65", "2001:db8::8000:0:0:0", false), ("::1", "::1", true), ("::1/128", "::2", false),
            ("::/0", "2001:db8::1", true), ("::/0", "10.0.0.1", false), ("0.0.0.0/0", "::1", false),
        ])
    func blocks(block: String, address: String, isInside: Bool) throws {
        #expect(try #require(AddressRange(block)).contains(#require(IPAddress(address))) == isInside)
    }

    @Test(
        "name no block when they are not one",
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/8/8",
            "2001:db8::/129",
            "2001:db8::1/64", "10/8",
        ])
    func noBlocks(text: String) {
        #expect(AddressRange(text) == nil)
    }
}
