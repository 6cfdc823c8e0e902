/// What `benchmarks/run` calls for what cannot be measured from outside.
@main
struct Microbenchmarks {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { throw BenchmarkError.usage }
        let pki = BenchmarkPKI(folder: arguments[2])
        switch arguments[1] {
        case "pki":
            try pki.make()
        case "small-pki":
            try pki.makeSmall()
        case "repeat" where arguments.count == 5:
            guard let found = Case.all.first(where: { $0.name == arguments[3] }), let count = Int(arguments[4]) else {
                throw BenchmarkError.usage
            }
            let work = try found.prepare(pki)
            for _ in 0..<count { try work() }
        case "times":
            let figures = try Case.all.map { one in (one.name, try time(one.prepare(pki))) }
            print("{" + figures.map { "\"\($0.0).ns\": \($0.1)" }.joined(separator: ", ") + "}")
        case "trust":
            let figures = try TrustBenchmarks(pki: pki).run()
            print("{" + figures.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}")
        case "limits":
            let figures = LimitBenchmarks().run()
            print("{" + figures.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}")
        default: throw BenchmarkError.usage
        }
    }

    /// Nanoseconds of processor time that a piece of work takes once, the median of five tries of a tenth of a second.
    private static func time(_ work: () throws -> Void) throws -> Double {
        let once = try seconds { for _ in 0..<20 { try work() } } / 20
        let count = max(20, Int(0.1 / max(once, 1e-8)))
        var times: [Double] = []
        for _ in 0..<5 { times.append(try seconds { for _ in 0..<count { try work() } } * 1e9 / Double(count)) }
        return times.median
    }
}
