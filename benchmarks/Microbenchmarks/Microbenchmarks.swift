/// What `benchmarks/run` calls for what cannot be measured from outside.
@main
struct Microbenchmarks {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3 else { throw BenchmarkError.usage }
        let pki = BenchmarkPKI(folder: arguments[2])
        switch arguments[1] {
        case "pki":
            try pki.make()
        case "trust":
            let figures = try TrustBenchmarks(pki: pki).run()
            print("{" + figures.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}")
        default: throw BenchmarkError.usage
        }
    }
}
