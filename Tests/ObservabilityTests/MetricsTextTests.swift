import MetricsText
import Testing

@Suite("The reader of metrics that tests use")
struct MetricsTextTests {
    private static let good = """
        # HELP a_total What a is.
        # TYPE a_total counter
        a_total{x="1",y="\\\\ \\" \\n é"} 3
        a_total{x="2"} 0
        # HELP h_seconds How long.
        # TYPE h_seconds histogram
        h_seconds_bucket{le="0.5"} 1
        h_seconds_bucket{le="+Inf"} 2
        h_seconds_sum 1.5
        h_seconds_count 2

        """

    @Test("reads what is right")
    func right() {
        let text = MetricsText(Self.good)
        #expect(text.failures == [])
        #expect(text.value("a_total", ["x": "1", "y": "\\ \" \n é"]) == 3)
        #expect(text.sum("a_total") == 3)
        #expect(text.sum("a_total", ["x": "2"]) == 0)
        #expect(text.sum("b") == nil)
    }

    @Test(
        "finds what is wrong",
        arguments: [
            ("a_total{x=\"2\"} 0", "a_total{x=\"1\",y=\"\\\\ \\\" \\n é\"} 0"), ("# TYPE a_total counter\n", ""),
            ("# HELP a_total What a is.\n", ""), ("counter", "count"), ("x=\"2\"", "x=\"2"), ("x=\"2\"", "x=2"),
            ("x=\"2\"", "0x=\"2\""), ("x=\"2\"", "x=\"\\x\""), ("} 0", "} -1"), ("} 0", "} nothing"), ("} 0", "}  0"),
            ("} 0", "} 0 17"), ("\"+Inf\"} 2", "\"+Inf\"} 0"), ("\"+Inf\"", "\"9\""), ("_count 2", "_count 3"),
            ("h_seconds_sum 1.5\n", ""), ("a_total{x=\"2\"} 0\n", "b 0\n"), ("a_total{x=\"2\"} 0", ""),
            ("_count 2\n", "_count 2\na_total{x=\"3\"} 1\n"), ("_count 2\n", "_count 2"), ("le=\"0.5\"", "le=\"+Inf\""),
            ("_count 2\n", "_count 2\nh_seconds 2\n"), ("x=\"2\"", "x=\"2\",x=\"3\""), ("a_total", "a"),
        ])
    func wrong(from: String, to: String) {
        #expect(!MetricsText(Self.good.replacing(from, with: to)).failures.isEmpty, "\(to)")
    }
}
